package org.ouroboros.benchmarks.graph;

import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;

/**
 * How many objects a heap has at some moment, by generation.
 *
 * @param moment in words
 * @param generations objects of generation 0, 1 and 2
 * @param untracked objects that the collector never looks at
 */
record Population(String moment, long[] generations, long untracked) {

  /** Counts them. */
  static Population of(String moment, Heap heap) {
    long[] generations = new long[Collector.GENERATIONS];
    for (int g = 0; g < generations.length; g++) {
      generations[g] = heap.collector().objects(g).length;
    }
    long untracked = heap.stats().liveObjects() - heap.stats().trackedObjects();
    return new Population(moment, generations, untracked);
  }

  /** All objects. */
  long total() {
    long total = untracked;
    for (long generation : generations) {
      total += generation;
    }
    return total;
  }
}
