package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakHandle;

/** Legacy finalizers, the garbage list and {@code SAVE_ALL}. */
class GcLegacyConformanceTest extends ConformanceCase {

  private static final ObjectType CELL = ObjectType.builder("cell").references(1).build();

  private final ObjectType legacy = legacy("legacy", (_, _) -> events.add("legacy finalizer"));

  @Test
  void tGc9_legacyFinalizer() {
    long a = selfCycle(legacy);
    long b = selfCycle();
    WeakHandle weakA = weak(a);
    WeakHandle weakB = weak(b);
    assertThat(collector.collect()).isZero();

    release(a, b);
    assertThat(collector.collect()).as("one uncollectable, one collected").isEqualTo(2);

    assertThat(collector.garbage().toArray()).containsExactly(a);
    assertThat(weakA.get()).isEqualTo(a);
    assertThat(weakB.get()).isEqualTo(Heap.NULL);
    assertDead(b);
    assertThat(stats(2).collected()).isEqualTo(1);
    assertThat(stats(2).uncollectable()).isEqualTo(1);
    assertThat(events).isEmpty();

    heap.setRef(a, 0, Heap.NULL);
    assertThat(collector.garbage().remove(a)).isTrue();
    assertThat(collector.garbage().size()).isZero();
    assertDead(a);
    assertThat(events).containsExactly("legacy finalizer");
  }

  @Test
  void tGc10_legacyFinalizerNewclass() {
    // What a legacy object reaches is kept back with it, and counted, but not in the list.
    long a = heap.allocate(legacy);
    long b = node();
    heap.setRef(a, 0, b);
    heap.setRef(b, 0, a);
    WeakHandle weakB = weak(b);
    long neighbour = node();
    heap.setRef(neighbour, 0, neighbour);
    heap.setRef(neighbour, 1, a);
    release(a, b, neighbour);

    assertThat(collector.collect()).isEqualTo(3);

    assertThat(collector.garbage().toArray()).containsExactly(a);
    assertThat(weakB.get()).isEqualTo(b);
    assertThat(stats(2).collected()).as("the neighbour is only reached from trash").isEqualTo(1);
    assertThat(stats(2).uncollectable()).isEqualTo(2);
    assertDead(neighbour);
    assertThat(collector.collect()).as("the list holds them now").isZero();
    assertThat(collector.garbage().size()).isEqualTo(1);

    heap.setRef(b, 0, Heap.NULL);
    collector.garbage().clear();
    assertDead(a, b);
    assertThat(events).containsExactly("legacy finalizer");
  }

  @Test
  void tGc14_saveAll() {
    collector.collect();
    assertThat(collector.garbage().size()).isZero();
    long list = list(0);
    heap.setElement(list, 0, list);

    collector.setDebug(DebugFlag.SAVE_ALL);
    heap.release(list);
    int found = collector.collect();
    collector.setDebug();

    assertThat(found).isEqualTo(1);
    assertThat(collector.garbage().size()).isEqualTo(1);
    assertThat(collector.garbage().get(0)).isEqualTo(list);
    assertThat(heap.getElement(list, 0)).as("not taken apart").isEqualTo(list);
    assertThat(collector.garbage().remove(list)).isTrue();
    assertThat(collector.collect()).isEqualTo(1);
    assertDead(list);
  }

  @Test
  void tGc44_collectGarbage() {
    Recorder recorder = new Recorder();
    collector.addListener(recorder);
    releaseUncollectablePair();
    long[] kept = releaseUncollectablePair();
    heap.release(selfCycle());

    assertThat(collector.collect()).isEqualTo(5);

    assertThat(recorder.stopped).hasSize(1);
    assertThat(recorder.stopped.getFirst().collected()).isEqualTo(1);
    assertThat(recorder.stopped.getFirst().uncollectable()).isEqualTo(4);
    assertThat(collector.garbage().size()).isEqualTo(4);
    for (long ref : collector.garbage().toArray()) {
      assertThat(heap.typeOf(ref)).isSameAs(legacy);
    }

    // Let a listener take them apart; one pair is held by the program, as the loop variable of
    // CPython's test holds it.
    recorder.stopped.clear();
    heap.retain(kept[0]);
    collector.garbage().clear();
    collector.addListener(new Cleaner(collector, heap));
    assertThat(collector.collect()).isEqualTo(2);
    assertThat(recorder.stopped).hasSize(1);
    assertThat(recorder.stopped.getFirst().collected()).isZero();
    assertThat(recorder.stopped.getFirst().uncollectable()).isEqualTo(2);
    assertThat(collector.garbage().size()).isZero();
    assertThat(events).containsExactly("legacy finalizer", "legacy finalizer");

    assertThat(collector.collect()).isZero();
    assertAlive(kept);
    heap.setRef(kept[0], 0, Heap.NULL);
    heap.release(kept[0]);
    assertThat(heap.stats().liveObjects()).isZero();
  }

  private long[] releaseUncollectablePair() {
    long first = heap.allocate(legacy);
    long second = heap.allocate(legacy);
    heap.setRef(first, 0, second);
    heap.setRef(second, 0, first);
    release(first, second);
    return new long[] {first, second};
  }

  /** Breaks the cycles of all that is in the garbage list, and empties it. */
  private record Cleaner(Collector collector, Heap heap) implements CollectionListener {
    @Override
    public void onStop(Summary summary) {
      for (long ref : collector.garbage().toArray()) {
        heap.setRef(ref, 0, Heap.NULL);
      }
      collector.garbage().clear();
    }
  }

  @Test
  void gc12_saveAll() {
    long first = node();
    long second = holding(NODE, first);
    heap.setRef(first, 0, second);
    heap.setRefMoved(first, 1, leaf(5));
    WeakHandle weak = weak(first, (_, _) -> events.add("callback"));
    collector.setDebug(DebugFlag.SAVE_ALL);
    heap.release(second);

    assertThat(collector.collect()).isEqualTo(2);

    assertThat(collector.garbage().toArray()).containsExactlyInAnyOrder(first, second);
    assertThat(stats(2).collected()).isEqualTo(2);
    assertThat(stats(2).uncollectable()).isZero();
    assertThat(weak.get()).as("cleared as of any trash").isEqualTo(Heap.NULL);
    assertThat(events).containsExactly("callback");
    assertThat(heap.refCount(first)).as("its neighbour and the list").isEqualTo(2);
    assertThat(heap.getLong(heap.getRef(first, 1), VALUE)).isEqualTo(5);

    collector.setDebug();
    collector.garbage().clear();
    assertThat(collector.collect()).isEqualTo(2);
    assertThat(heap.stats().liveObjects()).as("the weak reference").isEqualTo(1);
  }

  @Test
  void gc27_garbage() {
    assertThat(collector.garbage()).isSameAs(collector.garbage());
    long object = selfCycle(legacy);
    long reached = holding(CELL, selfCycle());
    heap.setRefMoved(object, 1, reached);
    heap.release(object);

    assertThat(collector.collect()).isEqualTo(3);

    assertThat(collector.garbage().toArray()).as("only those with the finalizer").hasSize(1);
    assertThat(heap.refCount(object)).isEqualTo(2);
    assertThat(heap.externalCount(object)).as("the list's").isEqualTo(1);
    assertThat(collector.garbage().remove(reached)).isFalse();
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> collector.garbage().get(1));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> collector.garbage().get(-1));

    collector.garbage().clear();
    assertThat(collector.collect()).as("found again, as its cycle was not broken").isEqualTo(3);
    assertThat(collector.garbage().toArray()).containsExactly(object);
    heap.setRef(object, 0, Heap.NULL);
    collector.garbage().clear();
    assertThat(collector.collect()).as("the self cycle it held").isEqualTo(1);
    assertThat(events).containsExactly("legacy finalizer");
    assertThat(List.of(stats(2).collected(), stats(2).uncollectable())).containsExactly(1L, 6L);
  }
}
