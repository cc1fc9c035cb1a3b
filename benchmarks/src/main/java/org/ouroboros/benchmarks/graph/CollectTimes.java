package org.ouroboros.benchmarks.graph;

/**
 * What one round of a case took, in nanoseconds for the whole of it.
 *
 * @param live a full collection with everything held
 * @param drop the release of all that holds, with what counting frees by it
 * @param dead the full collection after that
 */
record CollectTimes(double live, double drop, double dead) {

  /** Freeing everything. */
  double free() {
    return drop + dead;
  }
}
