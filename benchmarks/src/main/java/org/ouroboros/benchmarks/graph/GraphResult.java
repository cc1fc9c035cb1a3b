package org.ouroboros.benchmarks.graph;

import java.util.List;
import org.ouroboros.collector.HeapStats;

/**
 * Everything that was found of a graph.
 *
 * @param name the graph's
 * @param header what the file says of itself
 * @param space where it was loaded
 * @param survey what it looks like in a heap
 * @param timings of the whole graph, or {@link Timings#NONE}
 * @param pauses the timed collections
 * @param experiments what came of each
 */
record GraphResult(
    String name,
    GraphHeader header,
    SpaceChoice space,
    Survey survey,
    Timings timings,
    List<Pause> pauses,
    List<ExperimentResult> experiments) {

  GraphResult {
    pauses = List.copyOf(pauses);
    experiments = List.copyOf(experiments);
  }

  /** Whether all experiments came out as expected. */
  boolean isOk() {
    return experiments.stream().allMatch(ExperimentResult::isOk);
  }

  /** Bytes of the heap for each object. */
  double bytesPerObject() {
    return (double) stats().liveBytes() / Math.max(1, header.objects());
  }

  /**
   * What the space holds and the tables on the Java heap, for each byte that is needed at least.
   */
  double memoryRatio() {
    HeapStats stats = stats();
    return (double) (stats.committedBytes() + stats.metadataBytes())
        / Math.max(1, survey.leastBytes());
  }

  /** Times for each object. */
  Timings perObject() {
    return timings.per(header.objects());
  }

  /** The heap's counters with the graph loaded. */
  HeapStats stats() {
    return survey.stats();
  }
}
