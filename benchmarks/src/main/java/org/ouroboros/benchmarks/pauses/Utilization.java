package org.ouroboros.benchmarks.pauses;

/**
 * The minimum mutator utilization of Cheng and Blelloch (A Parallel, Real-Time Garbage Collector,
 * 2001): of all windows of a given length that lie within the run, wherever they begin, the least
 * part that was left to the mutator.
 *
 * <p>A call of {@link CallClock#LONG_NANOS} or more is counted whole as taken from the mutator, its
 * ordinary work included; a shorter one not at all. Any window can be moved to where a call begins
 * without having less taken from it, as far as the run allows: to the left while a call covers its
 * begin, else to the right. So looking at those windows is exact.
 */
final class Utilization {

  private final Spans taken;

  /** {@code before[i]} is the length of all spans before the i-th. */
  private final long[] before;

  private Utilization(Spans taken) {
    this.taken = taken;
    this.before = new long[taken.size() + 1];
    for (int i = 0; i < taken.size(); i++) {
      before[i + 1] = before[i] + taken.length(i);
    }
  }

  /**
   * The least utilization.
   *
   * @param taken what the mutator did not have
   * @param from when the run began
   * @param to when it ended
   * @param window the length of a window; that of the run if it was shorter
   * @return 0 to 1; 1 if nothing was taken
   */
  static double least(Spans taken, long from, long to, long window) {
    long length = Math.min(window, to - from);
    if (length <= 0) {
      return 1;
    }
    Utilization utilization = new Utilization(taken);
    long last = to - length;
    long most = 0;
    for (int i = 0; i < taken.size(); i++) {
      long begin = Math.clamp(taken.begin(i), from, last);
      most = Math.max(most, utilization.within(begin, length));
    }
    return 1 - (double) most / length;
  }

  private long within(long begin, long length) {
    return until(begin + length) - until(begin);
  }

  /** How much was taken up to a moment. */
  private long until(long moment) {
    int low = 0;
    int high = taken.size();
    while (low < high) {
      int middle = low + high >>> 1;
      if (taken.end(middle) <= moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    long part = low < taken.size() ? Math.max(0, moment - taken.begin(low)) : 0;
    return before[low] + part;
  }
}
