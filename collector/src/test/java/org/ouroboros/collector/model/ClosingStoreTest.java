package org.ouroboros.collector.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/**
 * Collections that may do without looking, because no store can have closed a cycle: cycles are
 * found whichever way their last edge was stored, and in whichever generation they are by then.
 */
class ClosingStoreTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType ARRAY = ObjectType.referenceArray("array");

  /** A way to store a reference to an owned object, which is owned as before. */
  private interface Store {
    void store(Heap heap, long holder, long target);
  }

  private static final List<Store> STORES =
      List.of(
          (heap, holder, target) -> heap.setRef(holder, 0, target),
          (heap, holder, target) -> {
            heap.retain(target);
            heap.setRefMoved(holder, 0, target);
          },
          (heap, holder, target) -> {
            heap.retain(target);
            heap.exchangeRef(holder, 0, target);
          },
          (heap, holder, target) -> {
            long other = heap.allocate(NODE);
            heap.setRef(other, 0, target);
            heap.moveRef(other, 0, holder, 0);
            heap.release(other);
          });

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void everyStoreThatClosesACycleIsNoticed(HeapOptions options) {
    for (Store store : STORES) {
      for (int generation = 0; generation <= 2; generation++) {
        try (Heap heap = Heap.ofConfined(options)) {
          heap.collector().disable();
          long self = heap.allocate(NODE);
          store.store(heap, self, self);
          heap.release(self);
          assertThat(heap.collector().collect(generation)).isEqualTo(1);

          long one = heap.allocate(NODE);
          long other = heap.allocate(NODE);
          store.store(heap, one, other);
          store.store(heap, other, one);
          heap.release(one);
          heap.release(other);
          assertThat(heap.collector().collect(generation)).isEqualTo(2);
          assertThat(heap.stats().liveObjects()).isZero();
          Spaces.verify(heap);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aCycleThatDiesLaterIsFoundInItsGeneration(HeapOptions options) {
    for (int age = 0; age <= 2; age++) {
      try (Heap heap = Heap.ofConfined(options)) {
        heap.collector().disable();
        long one = heap.allocate(NODE);
        long other = heap.allocate(ARRAY, 1);
        heap.setRef(one, 0, other);
        heap.setElement(other, 0, one);
        heap.release(other);
        for (int generation = 0; generation < age; generation++) {
          assertThat(heap.collector().collect(generation)).isZero();
          assertThat(heap.collector().collect(generation)).isZero();
        }
        heap.release(one);
        for (int generation = 0; generation < age; generation++) {
          assertThat(heap.collector().collect(generation)).isZero();
        }
        assertThat(heap.collector().collect(age)).isEqualTo(2);
        Spaces.verify(heap);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aCycleOfOneThatCameBackIsFoundInGeneration0(HeapOptions options) {
    boolean[] back = {true};
    ObjectType phoenix =
        ObjectType.builder("phoenix")
            .references(2)
            .finalizer(
                (heap, self) -> {
                  if (back[0]) {
                    heap.retain(self);
                  }
                })
            .build();
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      long ring = heap.allocate(NODE);
      heap.setRef(ring, 0, ring);
      long bird = heap.allocate(phoenix);
      heap.setRef(bird, 0, ring);
      heap.collector().collect(1);
      heap.collector().collect(0);
      heap.release(bird); // and is brought back
      assertThat(heap.collector().generation(bird)).isZero();
      heap.setRef(ring, 1, bird);
      heap.release(ring);
      back[0] = false;
      heap.release(bird);
      assertThat(heap.collector().collect(0)).isZero(); // its ring is older
      assertThat(heap.collector().collect(2)).isEqualTo(2);
      Spaces.verify(heap);
    }
  }

  @Test
  void structuresBuiltFromTheLeavesUpAreOnlyPromoted() {
    try (Heap heap = Heap.ofConfined()) {
      long list = heap.allocate(NODE);
      for (int i = 0; i < 30_000; i++) {
        long next = heap.allocate(NODE);
        heap.setRefMoved(next, i % 2, list);
        list = next;
      }
      assertThat(heap.collector().stats().get(0).collections()).isPositive();
      assertThat(heap.collector().stats().get(0).candidates()).isGreaterThan(20_000);
      assertThat(heap.collector().generation(list)).isZero();
      Spaces.verify(heap);
      assertThat(heap.collector().collect()).isZero();
      assertThat(heap.collector().generation(list)).isEqualTo(2);
      heap.release(list);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }
}
