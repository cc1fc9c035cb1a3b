package org.ouroboros.benchmarks.pauses;

import java.io.IOException;

/**
 * The main class of a forked JVM: one run of the program. It ends with the lines of {@link
 * Run#encode} and {@code ok}, or with {@code failed MESSAGE}; if asked what the population takes as
 * Java objects, with {@code ok BYTES}.
 */
public final class PausesWorker {

  /** The first argument. */
  static final String RUN = "run";

  static final String LIVE = "live";

  private PausesWorker() {}

  /**
   * Runs the program.
   *
   * @param args what to do, then a {@link Plan}
   */
  public static void main(String[] args) {
    String last;
    try {
      Plan plan = Plan.of(args, 1);
      if (args[0].equals(LIVE)) {
        last = "ok " + live(plan);
      } else {
        Trial.run(plan).encode().forEach(System.out::println);
        last = "ok";
      }
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      last = "failed " + e.toString().replaceAll("\\s+", " ");
    }
    System.out.println(last);
  }

  /** The bytes that the Java heap grows by when the population is made. */
  private static long live(Plan plan) {
    long before = usedAfterCollection();
    Churn churn = Trial.churn(plan, new CallClock());
    churn.fill();
    long bytes = usedAfterCollection() - before;
    churn.rings().close(); // so that it is alive till now
    return bytes;
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
