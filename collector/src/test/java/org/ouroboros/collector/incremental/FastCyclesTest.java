package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * Garbage cycles that are made as fast as can be do not outrun the incremental collector. After
 * CPython's test of its own one, {@code test_incremental_gc_handles_fast_cycle_creation} in 3.14.0,
 * which was deleted with it: doubly linked lists of 20 objects, each of which refers to a large
 * list that lives, are kept for a while and dropped, 20,000 times; the heap must not grow by more
 * than a half of what is alive.
 */
class FastCyclesTest {

  private static final ObjectType NODE =
      ObjectType.builder("node").references("next", "previous", "surprise").build();
  private static final int NEXT = NODE.slot("next");
  private static final int PREVIOUS = NODE.slot("previous");
  private static final int SURPRISE = NODE.slot("surprise");
  private static final ObjectType TABLE = ObjectType.referenceArray("table");

  private static final int LIVE = 400_000;
  private static final int LENGTH = 20;
  private static final int ITERATIONS = 20_000;
  private static final int LOOK_EVERY = 20;

  /** Makes a doubly linked list; returns its owned head. */
  private static long list(Heap heap, int length) {
    long head = heap.allocate(NODE);
    for (int i = 1; i < length; i++) {
      long before = heap.allocate(NODE);
      heap.setRef(head, PREVIOUS, before);
      heap.setRefMoved(before, NEXT, head);
      head = before;
    }
    return head;
  }

  /**
   * The same with lists that die young, and with those that are old by then, so that only full
   * collections find them.
   */
  @ParameterizedTest
  @ValueSource(ints = {20, 2_000})
  void garbageDoesNotOutrunTheCollector(int kept) {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withIncremental(true))) {
      long live = list(heap, LIVE);
      long table = heap.allocate(TABLE, kept);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isEqualTo(LIVE + 1);
      long most = 0;
      for (int i = 0; i < ITERATIONS; i++) {
        long head = list(heap, LENGTH);
        heap.setRef(head, SURPRISE, live);
        heap.setElement(table, i % kept, head);
        heap.release(head);
        if (i % LOOK_EVERY == 0) {
          long reachable = LIVE + 1 + (long) LENGTH * Math.min(i + 1, kept);
          most = Math.max(most, heap.stats().liveObjects() - reachable);
        }
      }
      assertThat(most).isLessThan(LIVE / 2);
      if (kept > LOOK_EVERY) {
        assertThat(heap.collector().stats().get(Collector.OLDEST).collections()).isGreaterThan(2);
      }
      heap.release(table);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isEqualTo(LIVE);
      heap.release(live);
    }
  }
}
