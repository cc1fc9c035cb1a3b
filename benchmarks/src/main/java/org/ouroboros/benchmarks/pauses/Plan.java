package org.ouroboros.benchmarks.pauses;

import java.util.List;

/**
 * What a worker is to do.
 *
 * @param mode what it runs on
 * @param objects the live population that is replaced slowly
 * @param rate operations a second
 * @param millis how long they are timed
 * @param warmUpMillis how long they are made before that
 * @param closed whether they are made as fast as can be instead, and single calls are not timed
 * @param fullAt how much garbage there is to be, over what is reachable, when the mutator asks for
 *     a full collection itself; 0 if that is left to the heap
 */
record Plan(
    Mode mode, int objects, int rate, int millis, int warmUpMillis, boolean closed, double fullAt) {

  /** As arguments of a worker. */
  List<String> arguments() {
    return List.of(
        mode.label(),
        Integer.toString(objects),
        Integer.toString(rate),
        Integer.toString(millis),
        Integer.toString(warmUpMillis),
        Boolean.toString(closed),
        Double.toString(fullAt));
  }

  static Plan of(String[] arguments, int from) {
    return new Plan(
        Mode.of(arguments[from]),
        Integer.parseInt(arguments[from + 1]),
        Integer.parseInt(arguments[from + 2]),
        Integer.parseInt(arguments[from + 3]),
        Integer.parseInt(arguments[from + 4]),
        Boolean.parseBoolean(arguments[from + 5]),
        Double.parseDouble(arguments[from + 6]));
  }
}
