package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.space.CycleMarks;
import org.ouroboros.collector.space.SidePage;

/** What is done at a time is no more in a large heap than in a small one. Work is counted. */
class StepWorkTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType TABLE = ObjectType.referenceArray("table");
  private static final HeapOptions INCREMENTAL = HeapOptions.DEFAULT.withIncremental(true);
  private static final int THRESHOLD = 2000;

  /** References of a large array that are scanned at a time. */
  private static final int PIECE = 4096;

  /** Objects that are swept at a time: less than so many and the most of a word. */
  private static final int SWEPT = 127 + Long.SIZE;

  /** Words of one bitmap that are cleared at a time. */
  private static final int CLEARED = 4096;

  /** Puts a pair of objects that refer to each other in a place. */
  private static void store(Heap heap, long table, int place) {
    long node = heap.allocate(NODE);
    long other = heap.allocate(NODE);
    heap.setRef(other, 0, node);
    heap.setRefMoved(node, 0, other);
    heap.setElement(table, place, node);
    heap.release(node);
  }

  /** The bits of a heap's marks. */
  private record Counted(long marked, long scanned, int words) {

    static Counted of(Heap heap) {
      CycleMarks marks = ((ConfinedHeap) heap).store().sides.cycleMarks;
      long allMarked = 0;
      long allScanned = 0;
      int words = 0;
      for (long[] chunk : marks.marked().chunks()) {
        for (long word : chunk) {
          allMarked += Long.bitCount(word);
          words += word == 0 ? 0 : 1;
        }
      }
      for (long[] chunk : marks.scanned().chunks()) {
        for (long word : chunk) {
          allScanned += Long.bitCount(word);
          words += word == 0 ? 0 : 1;
        }
      }
      return new Counted(allMarked, allScanned, words);
    }

    /** Words that were cleared since. */
    int cleared(Counted now) {
      return words - now.words;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 80_000, 320_000})
  void aStepDoesABoundedPartOfTheWork(int objects) {
    try (Heap heap = Heap.ofConfined(INCREMENTAL)) {
      heap.collector().disable();
      long table = heap.allocate(TABLE, objects / 2);
      for (int round = 0; round < 3; round++) {
        for (int i = Math.min(round, 1); i < objects / 2; i += Math.min(round, 1) + 1) {
          store(heap, table, i);
        }
        Counted before = Counted.of(heap);
        long frees = heap.stats().frees();
        long freesBefore = frees;
        boolean cleared = false;
        int steps = 0;
        for (boolean over = false; !over; steps++) {
          over = heap.collector().step(0);
          Counted now = Counted.of(heap);
          assertThat(before.cleared(now)).isLessThanOrEqualTo(2 * CLEARED);
          cleared |= now.words() == 0;
          assertThat(now.scanned() - before.scanned()).isLessThanOrEqualTo(SWEPT);
          assertThat(now.marked() - before.marked()).isLessThanOrEqualTo(PIECE);
          assertThat(heap.stats().frees() - frees).isLessThanOrEqualTo(SidePage.IDS);
          frees = heap.stats().frees();
          before = now;
        }
        assertThat(cleared).isTrue();
        assertThat(steps).isGreaterThan(objects / SWEPT);
        assertThat(frees - freesBefore).isEqualTo(round == 0 ? 0 : objects / 2);
      }
      assertThat(heap.inspector().verify()).isEmpty();
      heap.release(table);
    }
  }

  /** The most candidates of a young collection, and how many there were. */
  private static final class Candidates implements CollectionListener {

    private long most;
    private int collections;

    @Override
    public void onStop(Summary summary) {
      if (summary.generation() < Collector.OLDEST) {
        most = Math.max(most, summary.candidates());
        collections++;
      }
    }
  }

  /** As many old objects die as new ones are made, so that net allocations stay few. */
  @ParameterizedTest
  @ValueSource(ints = {20_000, 80_000, 320_000})
  void youngGenerationsStaySmallWhereAsMuchDiesAsIsMade(int objects) {
    try (Heap heap = Heap.ofConfined(INCREMENTAL)) {
      long[] cache = new long[20_000];
      for (int i = 0; i < cache.length; i++) {
        cache[i] = heap.allocate(NODE);
        heap.setRef(cache[i], 0, cache[i]);
        heap.setRef(cache[i], 0, cache[i / 2]);
      }
      heap.collector().collect();
      Candidates young = new Candidates();
      heap.collector().addListener(young);
      for (int i = 0; i < objects; i++) {
        int place = i % cache.length;
        heap.release(cache[place]);
        cache[place] = heap.allocate(NODE);
      }
      assertThat(young.collections).isGreaterThan(objects / (8 * THRESHOLD));
      assertThat(young.most).isLessThanOrEqualTo(8L * THRESHOLD);
      heap.collector().removeListener(young);
      for (long ref : cache) {
        heap.release(ref);
      }
    }
  }

  /** What a collection in increments frees is old, and no reason to collect young objects late. */
  @ParameterizedTest
  @ValueSource(ints = {20_000, 80_000, 320_000})
  void youngCollectionsAreNotPutOffByFreeing(int objects) {
    try (Heap heap = Heap.ofConfined(INCREMENTAL)) {
      long table = heap.allocate(TABLE, objects / 2);
      Candidates young = new Candidates();
      for (int i = 0; i < 4 * objects; i++) {
        store(heap, table, i % (objects / 2));
        if (i == objects) {
          heap.collector().addListener(young);
        }
      }
      assertThat(heap.collector().stats().get(Collector.OLDEST).collections()).isGreaterThan(2);
      // generation 1 has less than a thousand and a young generation when one more comes to it
      assertThat(young.most).isLessThanOrEqualTo(3L * THRESHOLD);
      heap.collector().removeListener(young);
      heap.release(table);
    }
  }
}
