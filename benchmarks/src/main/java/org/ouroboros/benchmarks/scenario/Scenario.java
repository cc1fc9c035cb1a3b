package org.ouroboros.benchmarks.scenario;

import java.util.List;

/**
 * A scenario in memory.
 *
 * @param source where it came from, for messages
 * @param name what its header calls it
 * @param steps its ops, in order
 */
record Scenario(String source, String name, List<Step> steps) {

  /** The line of a file on which the first op stands; the header is on line 1. */
  private static final int FIRST_LINE = 2;

  Scenario {
    steps = List.copyOf(steps);
  }

  /** On which line of its file a step stands, counted from 1. */
  static int line(int step) {
    return FIRST_LINE + step;
  }

  /**
   * One op.
   *
   * @param op what is done
   * @param expectation what must be seen then
   */
  record Step(Op op, Expectation expectation) {}
}
