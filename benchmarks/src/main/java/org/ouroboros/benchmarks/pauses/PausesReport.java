package org.ouroboros.benchmarks.pauses;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.TextTable;

/**
 * All runs, in the order they were made.
 *
 * @param results of each run
 * @param notes what must be known to read the figures, a line each
 */
record PausesReport(List<Result> results, List<String> notes) {

  static final String[] HEAD = {
    "mode",
    "live",
    "call p50",
    "p99",
    "p99.9",
    "max ms",
    "answer p99.9",
    "max ms",
    "sleep max",
    "max running",
    "MMU 10ms",
    "running",
    "gap max",
    "MMU gaps",
    "garbage max",
    "late",
    "mean",
    "gen 0",
    "gen 1",
    "full",
    "ops/s",
    "RSS MiB",
    "growth",
    "memory",
    "behind ms"
  };

  static final double P50 = 50;
  static final double P99 = 99;
  static final double P999 = 99.9;

  private static final double MILLI = 1e6;

  /**
   * A run.
   *
   * @param plan what was done
   * @param flags of the JVM that did it
   * @param run what came out
   */
  record Result(Plan plan, List<String> flags, Run run) {

    /** The cells of a row. */
    String[] cells() {
      return new String[] {
        plan.mode().label(),
        count(Figure.LIVE_OBJECTS),
        millis(run.calls(), P50),
        millis(run.calls(), P99),
        millis(run.calls(), P999),
        millis(run.calls(), 100),
        millis(run.answers(), P999),
        millis(run.answers(), 100),
        millis(run.sleep(), 100),
        fixed(run.get(Figure.LONGEST_RUNNING)),
        ratio(Figure.UTILIZATION),
        ratio(Figure.UTILIZATION_RUNNING),
        fixed(run.get(Figure.LONGEST_GAP)),
        ratio(Figure.UTILIZATION_GAPS),
        ratio(Figure.MOST_GARBAGE),
        ratio(Figure.LATE_GARBAGE),
        ratio(Figure.MEAN_GARBAGE),
        count(Figure.COLLECTIONS_0),
        count(Figure.COLLECTIONS_1),
        count(Figure.COLLECTIONS_2),
        count(Figure.OPERATIONS_PER_SECOND),
        mebibytes(Figure.RESIDENT),
        mebibytes(Figure.GROWTH),
        mebibytes(Figure.MEMORY),
        Figures.fixed(run.get(Figure.BEHIND_MILLIS), 1)
      };
    }

    private String count(Figure figure) {
      double value = run.get(figure);
      return Double.isNaN(value) ? Figures.NONE : Figures.count(Math.round(value));
    }

    private String ratio(Figure figure) {
      double value = run.get(figure);
      return Double.isNaN(value) ? Figures.NONE : Figures.fixed(value, 3);
    }

    private String mebibytes(Figure figure) {
      double value = run.get(figure);
      return Double.isNaN(value) ? Figures.NONE : Figures.mebibytes(Math.round(value));
    }
  }

  /** A percentile in milliseconds; NaN if nothing was timed. */
  static double inMillis(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0
        ? Double.NaN
        : histogram.getValueAtPercentile(percentile) / MILLI;
  }

  private static String millis(Histogram histogram, double percentile) {
    return fixed(inMillis(histogram, percentile));
  }

  private static String fixed(double millis) {
    return Double.isNaN(millis) ? Figures.NONE : Figures.fixed(millis, millis < 1 ? 5 : 2);
  }

  void print(PrintWriter out) {
    TextTable table = new TextTable().row(HEAD);
    results.forEach(result -> table.row(result.cells()));
    table.lines().forEach(out::println);
    out.println();
    allNotes().forEach(out::println);
    out.flush();
  }

  /** The notes, and the flags of each mode. */
  List<String> allNotes() {
    List<String> all = new ArrayList<>(notes);
    results.stream()
        .map(result -> result.plan().mode().label() + ": " + String.join(" ", result.flags()))
        .distinct()
        .forEach(all::add);
    return all;
  }
}
