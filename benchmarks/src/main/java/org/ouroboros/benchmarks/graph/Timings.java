package org.ouroboros.benchmarks.graph;

/**
 * How long things took, in nanoseconds for the whole graph; -1 is what was not measured.
 *
 * @param load making the objects, edges and external counts as dumped
 * @param liveCollect a full collection of a heap where everything is held
 * @param drop releasing the array that holds everything, with all that counting frees then
 * @param deadCollect the full collection of what is left after that
 * @param asDumpedCollect a full collection with the external counts of the dump, once its garbage
 *     is gone
 */
record Timings(
    double load, double liveCollect, double drop, double deadCollect, double asDumpedCollect) {

  /** Nothing was measured. */
  static final Timings NONE = new Timings(-1, -1, -1, -1, -1);

  /** All of them divided by a number of objects. */
  Timings per(long objects) {
    double n = Math.max(1, objects);
    return new Timings(
        share(load, n),
        share(liveCollect, n),
        share(drop, n),
        share(deadCollect, n),
        share(asDumpedCollect, n));
  }

  private static double share(double nanos, double objects) {
    return nanos < 0 ? nanos : nanos / objects;
  }
}
