package org.ouroboros.collector.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapStats;

/**
 * Records a heap's collections over time, for {@link HeapReport}: how many there were, the longest,
 * what they freed, and how large the heap was.
 *
 * <p>Memory is bounded, however long it records: at first an interval has a millisecond, and when
 * there are {@value #INTERVALS}, neighbours are put together and intervals become twice as long.
 *
 * <p>Steps of an incremental collection are not told to listeners, so only its end is recorded. A
 * heap with a listener does not free all of its objects at once without a look, see {@link Heap}.
 *
 * <p>Thread rule: as the heap.
 */
public final class CollectionRecorder implements CollectionListener {

  /** How many intervals there are at most. */
  static final int INTERVALS = 512;

  private static final long FIRST_WIDTH_NANOS = 1_000_000;

  /** The heap's figures are not read more often. */
  private static final long READ_NANOS = 10_000_000;

  /**
   * What happened in an interval.
   *
   * @param beginNanos when it began, since the recorder was made
   * @param collections how many ended in it, by generation
   * @param longestNanos the longest of them, by generation
   * @param collected objects they freed
   * @param liveObjects the heap's objects at the last reading in it; -1 if there was none
   * @param committedBytes the heap's memory then; -1 if there was none
   */
  public record Interval(
      long beginNanos,
      List<Long> collections,
      List<Long> longestNanos,
      long collected,
      long liveObjects,
      long committedBytes) {}

  private final Heap heap;
  private final LongSupplier clock;
  private final long begin;
  private long width = FIRST_WIDTH_NANOS;
  private int used;
  private long lastRead;

  private final int[][] counts = new int[Collector.GENERATIONS][INTERVALS];
  private final long[][] longest = new long[Collector.GENERATIONS][INTERVALS];
  private final long[] collected = new long[INTERVALS];
  private final long[] objects = new long[INTERVALS];
  private final long[] committed = new long[INTERVALS];

  /**
   * Makes a recorder; {@link Collector#addListener} starts it.
   *
   * @param heap whose collections it will be told of
   */
  public CollectionRecorder(Heap heap) {
    this(heap, System::nanoTime);
  }

  CollectionRecorder(Heap heap, LongSupplier clock) {
    this.heap = heap;
    this.clock = clock;
    this.begin = clock.getAsLong();
    this.lastRead = begin - READ_NANOS;
  }

  /**
   * Makes a recorder and starts it.
   *
   * @param heap whose collections are to be recorded
   * @return the recorder, to be given to {@link Collector#removeListener} in the end
   */
  public static CollectionRecorder attach(Heap heap) {
    CollectionRecorder recorder = new CollectionRecorder(heap);
    heap.collector().addListener(recorder);
    return recorder;
  }

  @Override
  public void onStop(Summary summary) {
    long now = clock.getAsLong();
    int at = interval(now - begin);
    int generation = summary.generation();
    counts[generation][at]++;
    longest[generation][at] = Math.max(longest[generation][at], summary.durationNanos());
    collected[at] += summary.collected();
    if (now - lastRead >= READ_NANOS) {
      HeapStats stats = heap.stats();
      objects[at] = stats.liveObjects();
      committed[at] = stats.committedBytes();
      lastRead = now;
    }
  }

  private int interval(long nanos) {
    while (nanos / width >= INTERVALS) {
      for (int i = 0; i < INTERVALS; i++) {
        merge(i);
      }
      width *= 2;
      used = (used + 1) / 2;
    }
    int at = (int) (nanos / width);
    while (used <= at) {
      objects[used] = -1;
      committed[used++] = -1;
    }
    return at;
  }

  /** Puts two old intervals into one new one; behind the new ones there is nothing. */
  private void merge(int at) {
    int first = 2 * at;
    boolean any = first < INTERVALS;
    int second = first + 1;
    for (int g = 0; g < Collector.GENERATIONS; g++) {
      counts[g][at] = any ? counts[g][first] + counts[g][second] : 0;
      longest[g][at] = any ? Math.max(longest[g][first], longest[g][second]) : 0;
    }
    collected[at] = any ? collected[first] + collected[second] : 0;
    objects[at] = any ? last(objects, first, second) : -1;
    committed[at] = any ? last(committed, first, second) : -1;
  }

  private long last(long[] values, int first, int second) {
    if (second < used && values[second] >= 0) {
      return values[second];
    }
    return first < used ? values[first] : -1;
  }

  /**
   * How long an interval is.
   *
   * @return nanoseconds
   */
  public long widthNanos() {
    return width;
  }

  /**
   * What was recorded.
   *
   * @return the intervals from the beginning to the last collection, those without one too
   */
  public List<Interval> intervals() {
    List<Interval> intervals = new ArrayList<>();
    for (int i = 0; i < used; i++) {
      List<Long> count = new ArrayList<>();
      List<Long> most = new ArrayList<>();
      for (int g = 0; g < Collector.GENERATIONS; g++) {
        count.add((long) counts[g][i]);
        most.add(longest[g][i]);
      }
      intervals.add(
          new Interval(
              i * width,
              List.copyOf(count),
              List.copyOf(most),
              collected[i],
              objects[i],
              committed[i]));
    }
    return intervals;
  }
}
