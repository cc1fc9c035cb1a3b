package org.ouroboros.benchmarks.scenario;

import org.jspecify.annotations.Nullable;

/**
 * How a scenario went.
 *
 * @param scenario its name
 * @param ops how many it has
 * @param nanos how long it took
 * @param mismatch the first difference; null if there was none
 */
record Outcome(String scenario, int ops, long nanos, @Nullable Mismatch mismatch) {

  boolean ok() {
    return mismatch == null;
  }

  /**
   * Where the first difference was.
   *
   * @param number which op it was, counted from 1; 0 before the first, one more than there are
   *     after the last
   * @param op the op, or what else was done
   * @param difference what was different
   */
  record Mismatch(int number, String op, Difference difference) {

    /** The line of the file that has the op. */
    int line() {
      return Scenario.line(number - 1);
    }
  }
}
