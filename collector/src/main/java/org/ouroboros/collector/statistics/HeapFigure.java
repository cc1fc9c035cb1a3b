package org.ouroboros.collector.statistics;

import java.util.List;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.statistics.EntryKind;
import org.ouroboros.allocator.statistics.EntryReading;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.HeapStats;

/**
 * The figures of a heap in a statistics file, in the order in which they stand there. Behind them
 * stand five for each generation, see {@link #generation}.
 */
public enum HeapFigure {
  /** {@link HeapStats#liveObjects()}. */
  LIVE_OBJECTS(0),
  /** {@link HeapStats#trackedObjects()}. */
  TRACKED_OBJECTS(1),
  /** {@link HeapStats#liveBytes()}. */
  LIVE_BYTES(2),
  /** {@link HeapStats#committedBytes()}. */
  COMMITTED_BYTES(3),
  /** {@link HeapStats#metadataBytes()}. */
  METADATA_BYTES(4),
  /** {@link HeapStats#allocations()}. */
  ALLOCATIONS(5),
  /** {@link HeapStats#frees()}. */
  FREES(6),
  /** The generation of the last collection; {@link AllocatorStats#UNKNOWN} if there was none. */
  LAST_GENERATION(7),
  /** How long the last collection took, in nanoseconds. */
  LAST_NANOS(8),
  /** The garbage that the last collection freed, in objects. */
  LAST_COLLECTED(9),
  /** The garbage that the last collection could not free. */
  LAST_UNCOLLECTABLE(10);

  /** Where the figures of the generations begin. */
  private static final int GENERATIONS_AT = 11;

  private static final int PER_GENERATION = 5;

  private final int position;

  HeapFigure(int position) {
    this.position = position;
  }

  /**
   * A figure of an entry.
   *
   * @param entry of the kind {@link EntryKind#HEAP}
   * @return the figure; {@link AllocatorStats#UNKNOWN} if the entry has none
   */
  public long of(EntryReading entry) {
    return entry.figure(position);
  }

  /**
   * The figures of a generation.
   *
   * @param entry of the kind {@link EntryKind#HEAP}
   * @param generation 0, 1 or 2
   * @return what stands there; {@link AllocatorStats#UNKNOWN} for each that the entry does not have
   */
  public static GenerationStats generation(EntryReading entry, int generation) {
    if (generation < 0 || generation > Collector.OLDEST) {
      throw new IllegalArgumentException("invalid generation " + generation + ": 0, 1 or 2");
    }
    int at = GENERATIONS_AT + PER_GENERATION * generation;
    return new GenerationStats(
        entry.figure(at),
        entry.figure(at + 1),
        entry.figure(at + 2),
        entry.figure(at + 3),
        entry.figure(at + 4));
  }

  /** What stands in the file. */
  static long[] all(HeapFigures figures) {
    HeapStats heap = figures.heap();
    CollectionListener.Summary last = figures.last();
    List<GenerationStats> generations = figures.generations();
    long[] all = new long[GENERATIONS_AT + PER_GENERATION * generations.size()];
    all[LIVE_OBJECTS.position] = heap.liveObjects();
    all[TRACKED_OBJECTS.position] = heap.trackedObjects();
    all[LIVE_BYTES.position] = heap.liveBytes();
    all[COMMITTED_BYTES.position] = heap.committedBytes();
    all[METADATA_BYTES.position] = heap.metadataBytes();
    all[ALLOCATIONS.position] = heap.allocations();
    all[FREES.position] = heap.frees();
    all[LAST_GENERATION.position] = last == null ? AllocatorStats.UNKNOWN : last.generation();
    all[LAST_NANOS.position] = last == null ? AllocatorStats.UNKNOWN : last.durationNanos();
    all[LAST_COLLECTED.position] = last == null ? AllocatorStats.UNKNOWN : last.collected();
    all[LAST_UNCOLLECTABLE.position] = last == null ? AllocatorStats.UNKNOWN : last.uncollectable();
    int at = GENERATIONS_AT;
    for (GenerationStats generation : generations) {
      all[at++] = generation.collections();
      all[at++] = generation.collected();
      all[at++] = generation.uncollectable();
      all[at++] = generation.candidates();
      all[at++] = generation.durationNanos();
    }
    return all;
  }
}
