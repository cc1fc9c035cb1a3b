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
  LIVE_OBJECTS,
  /** {@link HeapStats#trackedObjects()}. */
  TRACKED_OBJECTS,
  /** {@link HeapStats#liveBytes()}. */
  LIVE_BYTES,
  /** {@link HeapStats#committedBytes()}. */
  COMMITTED_BYTES,
  /** {@link HeapStats#metadataBytes()}. */
  METADATA_BYTES,
  /** {@link HeapStats#allocations()}. */
  ALLOCATIONS,
  /** {@link HeapStats#frees()}. */
  FREES,
  /** The generation of the last collection; {@link AllocatorStats#UNKNOWN} if there was none. */
  LAST_GENERATION,
  /** How long the last collection took, in nanoseconds. */
  LAST_NANOS,
  /** The garbage that the last collection freed, in objects. */
  LAST_COLLECTED,
  /** The garbage that the last collection could not free. */
  LAST_UNCOLLECTABLE;

  private static final int PER_GENERATION = 5;

  /**
   * A figure of an entry.
   *
   * @param entry of the kind {@link EntryKind#HEAP}
   * @return the figure; {@link AllocatorStats#UNKNOWN} if the entry has none
   */
  public long of(EntryReading entry) {
    return entry.figure(ordinal());
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
    int at = values().length + PER_GENERATION * generation;
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
    long[] all = new long[values().length + PER_GENERATION * generations.size()];
    all[LIVE_OBJECTS.ordinal()] = heap.liveObjects();
    all[TRACKED_OBJECTS.ordinal()] = heap.trackedObjects();
    all[LIVE_BYTES.ordinal()] = heap.liveBytes();
    all[COMMITTED_BYTES.ordinal()] = heap.committedBytes();
    all[METADATA_BYTES.ordinal()] = heap.metadataBytes();
    all[ALLOCATIONS.ordinal()] = heap.allocations();
    all[FREES.ordinal()] = heap.frees();
    all[LAST_GENERATION.ordinal()] = last == null ? AllocatorStats.UNKNOWN : last.generation();
    all[LAST_NANOS.ordinal()] = last == null ? AllocatorStats.UNKNOWN : last.durationNanos();
    all[LAST_COLLECTED.ordinal()] = last == null ? AllocatorStats.UNKNOWN : last.collected();
    all[LAST_UNCOLLECTABLE.ordinal()] =
        last == null ? AllocatorStats.UNKNOWN : last.uncollectable();
    int at = values().length;
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
