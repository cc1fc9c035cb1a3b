package org.ouroboros.benchmarks.graph;

/**
 * What came of an experiment.
 *
 * @param experiment what was tried
 * @param freedByCounting objects that were gone before the collection
 * @param freedByCollector objects that the collection freed
 * @param collectNanos how long the collection took
 */
record ExperimentResult(
    Experiment experiment, long freedByCounting, long freedByCollector, long collectNanos) {

  /** Whether exactly what was expected came of it. */
  boolean isOk() {
    return freedByCounting == experiment.expectedByCounting()
        && freedByCollector == experiment.expectedByCollector();
  }
}
