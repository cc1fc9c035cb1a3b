package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.WeakHandle;

/** Rows that CPython 3.12 and later added on frozen objects, incremental collection and figures. */
class GcLaterVersionsConformanceTest extends ConformanceCase {

  @Test
  void v312x_indirectCallsWithGcDisabled() {
    collector.collect();
    collector.enable();
    int allocations = 0;
    try (LocalScope junk = heap.openScope()) {
      while (stats(0).collections() == 0 && allocations < 10_000) {
        junk.own(node());
        allocations++;
      }
    }
    assertThat(allocations).as("the default threshold and one more").isEqualTo(2001);

    collector.disable();
    List<Long> before = collections();
    try (LocalScope junk = heap.openScope()) {
      for (int i = 0; i < 10_000; i++) {
        junk.own(node());
      }
      assertThat(collector.count().generation0()).isEqualTo(10_000);
      assertThat(collections()).isEqualTo(before);
    }
    assertThat(collections()).isEqualTo(before);
  }

  @Test
  void v314_traverseFrozenObjects() {
    long frozen = node();
    long child = node();
    heap.setRefMoved(frozen, 0, child);
    collector.freeze();
    long trash = selfCycle();
    heap.setRef(trash, 1, frozen);
    long other = selfCycle();
    heap.setRef(other, 1, child);
    release(trash, other);
    assertThat(heap.refCount(frozen)).isEqualTo(2);
    assertThat(heap.refCount(child)).isEqualTo(2);

    assertThat(collector.collect()).isEqualTo(2);

    assertDead(trash, other);
    assertThat(heap.refCount(frozen)).isEqualTo(1);
    assertThat(heap.refCount(child)).isEqualTo(1);
    assertThat(heap.inspector().verify()).isEmpty();
    collector.unfreeze();
    heap.release(frozen);
    assertDead(frozen, child);
  }

  @Test
  void v314_deferredRefcountFrozen() {
    long first = node();
    long second = node();
    heap.setRef(first, 0, second);
    heap.setRef(second, 0, first);
    release(first, second);
    long held = selfCycle();
    collector.freeze();

    assertThat(collector.collect()).as("frozen garbage is kept").isZero();
    assertThat(heap.inspector().verify()).isEmpty();
    assertAlive(first, second, held);

    collector.unfreeze();
    assertThat(collector.collect()).isEqualTo(2);
    assertDead(first, second);
    heap.release(held);
    assertThat(collector.collect()).isEqualTo(1);
  }

  @Test
  void v314_incrementalGcHandlesFastCycleCreation() {
    // CPython's own acceptance test and bound for incremental collection: 20,000 doubly linked
    // lists of 21 nodes, of which the last 20 at most are held.
    collector.enable();
    long head = linkedList(1000);
    long[] olds = new long[20];
    int count = 0;
    long initial = heap.stats().trackedObjects();
    assertThat(initial).isEqualTo(1001);
    long most = 0;
    for (int i = 0; i < 20_000; i++) {
      long list = linkedList(20);
      heap.setElement(list, 2, head);
      if (count == olds.length) {
        most = Math.max(most, heap.stats().trackedObjects() - initial);
        release(olds);
        count = 0;
      }
      olds[count++] = list;
    }
    collector.disable();

    assertThat(most).isLessThan(27_000);
    for (int i = 0; i < count; i++) {
      heap.release(olds[i]);
    }
    heap.release(head);
    collector.collect();
    assertThat(heap.stats().liveObjects()).isZero();
  }

  /** A list whose nodes are (next, previous, surprise); returns its first node, owned. */
  private long linkedList(int depth) {
    long head = heap.allocate(LIST, 3);
    for (int i = 0; i < depth; i++) {
      long node = heap.allocate(LIST, 3);
      heap.setElement(head, 1, node);
      heap.setRefMoved(node, heap.elementSlot(node, 0), head);
      head = node;
    }
    return head;
  }

  @Test
  void v315_statsAndCallbackKeys() {
    Recorder recorder = new Recorder();
    collector.addListener(recorder);
    long held = node();
    long inCycle = selfCycle();
    WeakHandle weak = weak(held);
    heap.release(inCycle);

    collector.collect(0);

    assertThat(recorder.stopped).hasSize(1);
    var summary = recorder.stopped.getFirst();
    assertThat(summary.candidates()).isEqualTo(3);
    assertThat(stats(0).candidates()).isEqualTo(3);
    assertThat(summary.durationNanos()).isNotNegative();
    assertThat(stats(0).durationNanos()).isEqualTo(summary.durationNanos());
    collector.collect(0);
    assertThat(stats(0).candidates()).as("nothing young is left").isEqualTo(3);
    collector.collect(1);
    assertThat(stats(1).candidates()).as("the survivors").isEqualTo(2);
    assertThat(weak.get()).isNotEqualTo(Heap.NULL);
    heap.release(held);
  }
}
