package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakHandle;

/** What weak references show while trash is taken apart: nothing of it. */
class GcWeakTrashConformanceTest extends ConformanceCase {

  @Test
  void tGc28_bug1055820b() {
    List<Long> seen = new ArrayList<>();
    List<WeakHandle> weaks = new ArrayList<>();
    List<Long> called = new ArrayList<>();
    long[] cycles = {selfCycle(), selfCycle()};
    for (long cycle : cycles) {
      weaks.add(
          weak(
              cycle,
              (_, weak) -> {
                called.add(weak);
                weaks.forEach(handle -> seen.add(handle.get()));
              }));
    }
    assertThat(collector.collect()).isZero();
    assertThat(called).isEmpty();

    release(cycles);
    assertThat(collector.collect()).isEqualTo(2);

    assertThat(called).containsExactlyInAnyOrder(weaks.get(0).ref(), weaks.get(1).ref());
    assertThat(seen).containsExactly(Heap.NULL, Heap.NULL, Heap.NULL, Heap.NULL);
    assertDead(cycles);
  }

  @Test
  void tGc41_trashWeakrefClear() {
    // Z <- Y <- A <-> A, A -> WZ -> Z, and a second cycle that holds WZ. The collector cannot see
    // through Y, so it does not know that Z dies with A.
    ObjectType opaque = ObjectType.builder("Y").references(1).opaque().build();
    ObjectType finalizedZ = finalizable("Z", (_, _) -> events.add("Z finalized"));
    long z = heap.allocate(finalizedZ);
    long y = holding(opaque, z);
    long weak = heap.newWeak(z, (_, _) -> events.add("callback"));
    long a = list(0, y, weak);
    heap.setElement(a, 0, a);
    long weakCycle = list(weak, 0);
    heap.setElement(weakCycle, 1, weakCycle);
    release(y, weak);
    assertThat(collector.collect()).isZero();

    release(a, weakCycle);

    assertThat(collector.collect()).as("A, WZ and the second cycle").isEqualTo(3);
    assertThat(events).containsExactly("Z finalized");
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void tGc41_trashWeakrefClearBeforeHiddenDeath() {
    // As above with the weak reference allocated last and first in its cycle, and a finalizer of
    // the hidden object that looks through it.
    AtomicReference<Long> weak = new AtomicReference<>();
    ObjectType opaque = ObjectType.builder("Y").references(1).opaque().build();
    ObjectType lookingZ =
        finalizable(
            "Z",
            (_, _) ->
                events.add(heap.isLive(weak.get()) ? "" + heap.weakTarget(weak.get()) : "gone"));
    long weakCycle = list(0, 0);
    long a = list(0, 0, 0);
    long y = holding(opaque, heap.allocate(lookingZ));
    weak.set(heap.newWeak(heap.getRef(y, 0), (_, _) -> events.add("callback")));
    heap.setElement(weakCycle, 0, weakCycle);
    heap.setElement(weakCycle, 1, weak.get());
    heap.setElement(a, 0, a);
    heap.setElement(a, 1, weak.get());
    heap.setElement(a, 2, y);
    release(y, weak.get(), a, weakCycle);

    assertThat(collector.collect()).isEqualTo(3);

    assertThat(events).hasSize(1).containsAnyOf("0", "gone");
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void tGc46_bug1055820c() {
    List<Long> seen = new ArrayList<>();
    long c0 = selfCycle();
    collector.collect();
    assertThat(collector.generation(c0)).isEqualTo(2);
    long c1 = selfCycle();
    heap.setRef(c1, 1, c0);
    heap.setRef(c0, 0, Heap.NULL);
    long c2 = selfCycle();
    WeakHandle weakC2 = weak(c2);
    WeakHandle weakC0 = weak(c0, (_, _) -> seen.add(weakC2.get()));
    release(c0, c1, c2);
    assertThat(seen).isEmpty();

    allocateUntilGeneration0IsCollected();

    assertThat(seen).containsExactly(Heap.NULL);
    assertThat(weakC0.get()).isEqualTo(Heap.NULL);
    assertThat(stats(0).collected()).as("c0 is older and died by counting").isEqualTo(2);
    assertDead(c0, c1, c2);
  }

  @Test
  void tGc47_bug1055820d() {
    List<Long> seen = new ArrayList<>();
    AtomicReference<WeakHandle> weakC2 = new AtomicReference<>();
    ObjectType looking = finalizable("D", (_, _) -> seen.add(weakC2.get().get()));
    long d0 = selfCycle(looking);
    collector.collect();
    assertThat(collector.generation(d0)).isEqualTo(2);
    long c1 = selfCycle();
    heap.setRef(c1, 1, d0);
    heap.setRef(d0, 0, Heap.NULL);
    long c2 = selfCycle();
    weakC2.set(weak(c2));
    release(d0, c1, c2);
    assertThat(seen).isEmpty();

    allocateUntilGeneration0IsCollected();

    assertThat(seen).containsExactly(Heap.NULL);
    assertThat(stats(0).collected()).as("d0 is older and died by counting").isEqualTo(2);
    assertDead(d0, c1, c2);
  }

  /** So that, as in CPython's tests, the collection comes of its own and is a young one. */
  private void allocateUntilGeneration0IsCollected() {
    collector.setThreshold(50);
    collector.enable();
    try (LocalScope junk = heap.openScope()) {
      for (int i = 0; i < 100 && stats(0).collections() == 0; i++) {
        junk.own(node());
      }
    }
    collector.disable();
    assertThat(collections()).containsExactly(1L, 0L, 1L);
  }
}
