package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** What is scanned and severed in pieces, or is too much for the stack. */
class LargeObjectsTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType ARRAY = ObjectType.referenceArray("array");

  /** Some pieces. */
  private static final int LENGTH = 20_000;

  /** More than fit on the stack. */
  private static final int MANY = (1 << 20) + 60_000;

  private static long cycle(Heap heap) {
    long node = heap.allocate(NODE);
    long other = heap.allocate(NODE);
    heap.setRef(node, 0, other);
    heap.setRef(other, 0, node);
    heap.release(other);
    return node;
  }

  /** From the last place, which is scanned last, to the first, and back. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void whatIsMovedWithinAnArrayStays(HeapOptions options) {
    for (boolean up : new boolean[] {false, true}) {
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            long array = heap.allocate(ARRAY, LENGTH);
            int from = up ? 0 : LENGTH - 1;
            int to = up ? LENGTH - 1 : 0;
            long moved = cycle(heap);
            heap.setElement(array, from, moved);
            heap.release(moved);
            every.goOn();
            heap.moveRef(array, heap.elementSlot(array, from), array, heap.elementSlot(array, to));
            EveryStep.complete(heap);
            assertThat(heap.isLive(moved)).isTrue();
            assertThat(heap.inspector().verify()).isEmpty();
            heap.release(array);
            every.complete();
            assertThat(heap.stats().liveObjects()).isZero();
          });
    }
  }

  /** An array dies while it is scanned, and another one takes its place. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void anArrayMayBeReplacedWhileItIsScanned(HeapOptions options) {
    EveryStep.run(
        options,
        every -> {
          Heap heap = every.heap;
          long array = heap.allocate(ARRAY, LENGTH);
          long second = heap.allocate(ARRAY, LENGTH);
          long kept = cycle(heap);
          heap.setElement(array, LENGTH - 1, kept);
          heap.setElement(second, LENGTH - 1, kept);
          every.goOn();
          heap.release(array);
          long replaced = heap.allocate(ARRAY, LENGTH / 2);
          heap.setElement(replaced, LENGTH / 2 - 1, kept);
          heap.release(kept);
          heap.release(second);
          long small = heap.allocate(NODE);
          heap.setRef(small, 0, replaced);
          heap.release(replaced);
          EveryStep.complete(heap);
          assertThat(heap.isLive(kept)).isTrue();
          assertThat(heap.inspector().verify()).isEmpty();
          heap.release(small);
          every.complete();
          assertThat(heap.stats().liveObjects()).isZero();
        });
  }

  /** Garbage that is severed in pieces, between which the objects it refers to change. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aCondemnedArrayLetsGoOfAllItRefersTo(HeapOptions options) {
    EveryStep.run(
        options,
        every -> {
          Heap heap = every.heap;
          long first = heap.allocate(NODE);
          long last = heap.allocate(NODE);
          long array = heap.allocate(ARRAY, LENGTH);
          heap.setElement(array, 0, first);
          heap.setElement(array, 1, array);
          heap.setElement(array, LENGTH / 2, last);
          heap.setElement(array, LENGTH - 1, last);
          heap.release(array);
          every.goOn();
          heap.release(last); // by now, or when it is severed
          long made = heap.allocate(NODE);
          heap.setRef(made, 0, first);
          heap.release(first);
          EveryStep.complete(heap);
          EveryStep.complete(heap);
          assertThat(heap.refCount(first)).isEqualTo(1);
          assertThat(heap.stats().liveObjects()).isEqualTo(2);
          assertThat(heap.inspector().verify()).isEmpty();
          heap.release(made);
        });
  }

  /** What the stack had no room for is found again by the bitmaps. */
  @Test
  void moreThanTheStackHoldsIsScannedAllTheSame() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT)) {
      heap.collector().disable();
      // lower addresses, so that they are swept before anything leads to them
      long[] below = new long[MANY - (1 << 20)];
      for (int i = 0; i < below.length; i++) {
        below[i] = heap.allocate(NODE);
      }
      long[] nodes = new long[MANY];
      for (int i = 0; i < MANY; i++) {
        nodes[i] = heap.allocate(NODE);
      }
      for (int i = 0; i < below.length; i++) {
        heap.setRef(nodes[MANY - 1 - i], 0, below[i]);
        heap.release(below[i]);
      }
      long array = heap.allocate(ARRAY, MANY);
      for (int i = 0; i < MANY; i++) {
        heap.setElement(array, i, nodes[i]);
        heap.release(nodes[i]);
      }
      EveryStep.complete(heap, 1_000_000);
      assertThat(heap.stats().liveObjects()).isEqualTo(1L + MANY + below.length);
      assertThat(heap.inspector().verify()).isEmpty();
      heap.release(array);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }
}
