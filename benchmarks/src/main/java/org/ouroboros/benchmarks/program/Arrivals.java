package org.ouroboros.benchmarks.program;

import org.ouroboros.benchmarks.latency.Sleeper;
import org.ouroboros.benchmarks.latency.Times;

/**
 * Operations at due times that do not depend on how long they take: a slow one delays those after
 * it, which are done at once then, as a program's work would pile up.
 */
final class Arrivals {

  private static final double SECOND = 1e9;
  private static final long MILLI = 1_000_000;

  /** Not noted: the loop is compiled in that time. */
  private static final int WARM_UP_PART = 4;

  private Arrivals() {}

  /** Serves a task for so long, and notes how long its operations took. */
  static void serve(Task task, int rate, int millis, Latencies latencies) {
    run(task, rate, millis / WARM_UP_PART, new Latencies());
    Sleeper.beside(latencies.sleep(), () -> run(task, rate, millis, latencies));
  }

  private static void run(Task task, int rate, int millis, Latencies latencies) {
    double interval = SECOND / rate;
    long arrivals = (long) (millis * MILLI / interval);
    long start = System.nanoTime();
    for (long i = 0; i < arrivals; i++) {
      long due = start + (long) (i * interval);
      long begin = System.nanoTime();
      while (begin - due < 0) {
        Thread.onSpinWait();
        begin = System.nanoTime();
      }
      task.serve();
      long end = System.nanoTime();
      Times.record(latencies.calls(), end - begin);
      Times.record(latencies.answers(), end - due);
    }
  }
}
