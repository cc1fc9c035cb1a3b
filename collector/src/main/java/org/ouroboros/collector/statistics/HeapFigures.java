package org.ouroboros.collector.statistics;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.HeapStats;

/**
 * What a heap has published of itself: a reading that any thread may have.
 *
 * @param time when, in milliseconds since 1970
 * @param heap its counters
 * @param generations what the collections of each generation did, the youngest first
 * @param last the last collection since the heap publishes; null if there was none. The time of an
 *     incremental one is that of its slices together
 * @param closed whether the heap is closed, and these are its last figures
 */
public record HeapFigures(
    long time,
    HeapStats heap,
    List<GenerationStats> generations,
    CollectionListener.@Nullable Summary last,
    boolean closed) {

  /** Copies the list. */
  public HeapFigures {
    generations = List.copyOf(generations);
  }
}
