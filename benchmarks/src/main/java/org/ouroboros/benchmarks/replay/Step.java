package org.ouroboros.benchmarks.replay;

/** What a pass does with one call. */
@FunctionalInterface
interface Step {

  /**
   * Makes a call of the pass's {@link CallTable}.
   *
   * @param n its number, from 0
   */
  void call(int n);
}
