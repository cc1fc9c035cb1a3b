package org.ouroboros.benchmarks.latency;

import java.util.List;

/**
 * What a worker is to do.
 *
 * @param allocator its name, as {@link Subjects} knows it
 * @param callsPerSecond arrivals
 * @param millis how long calls are timed; 0 to count system calls instead
 * @param slots places for blocks, about half of which are taken
 */
record Plan(String allocator, int callsPerSecond, int millis, int slots) {

  /** As arguments of a worker. */
  List<String> arguments() {
    return List.of(
        allocator,
        Integer.toString(callsPerSecond),
        Integer.toString(millis),
        Integer.toString(slots));
  }

  static Plan of(String[] arguments) {
    return new Plan(
        arguments[0],
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Integer.parseInt(arguments[3]));
  }
}
