package org.ouroboros.benchmarks.program;

import java.util.List;

/**
 * How much work the programs do.
 *
 * @param depth of the trees, 4 to 24
 * @param loops collections that are timed, 1 or more
 * @param entries the cache holds, 1 or more
 * @param operations on the cache that are timed together, 1 or more
 * @param rate arrivals a second when the cache's operations are timed one by one
 * @param millis how long that lasts; 0 for not at all
 */
record Sizes(int depth, int loops, int entries, int operations, int rate, int millis) {

  /** The same, of trees of another depth. */
  Sizes withDepth(int other) {
    return new Sizes(other, loops, entries, operations, rate, millis);
  }

  /** As arguments of a worker. */
  List<String> arguments() {
    return List.of(
        Integer.toString(depth),
        Integer.toString(loops),
        Integer.toString(entries),
        Integer.toString(operations),
        Integer.toString(rate),
        Integer.toString(millis));
  }

  /** Of the arguments from one on. */
  static Sizes of(String[] arguments, int from) {
    return new Sizes(
        Integer.parseInt(arguments[from]),
        Integer.parseInt(arguments[from + 1]),
        Integer.parseInt(arguments[from + 2]),
        Integer.parseInt(arguments[from + 3]),
        Integer.parseInt(arguments[from + 4]),
        Integer.parseInt(arguments[from + 5]));
  }
}
