package org.ouroboros.benchmarks.program;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.benchmarks.replay.TextTable;

/**
 * The figures as text.
 *
 * @param runs what was measured
 * @param verdicts what follows for the goals
 * @param flags of the JVMs: a line for each program and subject
 * @param notes what must be known to read the figures, a line each
 */
record ProgramReport(
    Runs runs, List<Goal.Verdict> verdicts, List<String> flags, List<String> notes) {

  static final String[] GOAL_HEAD = {
    "program", "ours", "against", "what", "ratio", "95 %", "most", "met"
  };

  static final String[] LATENCY_HEAD = {
    "subject", "what", "count", "p50", "p99", "p99.9", "p99.99", "max", "us"
  };

  /** As columns of {@link #LATENCY_HEAD}. */
  static final double[] PERCENTILES = {50, 99, 99.9, 99.99, 100};

  /** The histograms, by what they are of. */
  static final Map<String, Function<Latencies, Histogram>> HISTOGRAMS = new LinkedHashMap<>();

  private static final double MICRO = 1000;

  static {
    HISTOGRAMS.put("call", Latencies::calls);
    HISTOGRAMS.put("answer", Latencies::answers);
    HISTOGRAMS.put("sleep", Latencies::sleep);
  }

  void print(PrintWriter out) {
    for (Program program : runs.programs()) {
      out.println(program.title() + ": " + program.question());
      TextTable table = new TextTable().row(head(program));
      runs.subjects(program).forEach(subject -> table.row(cells(program, subject)));
      table.lines().forEach(out::println);
      out.println();
      List<String[]> rows = latencyRows(program);
      if (!rows.isEmpty()) {
        TextTable latencies = new TextTable().row(LATENCY_HEAD);
        rows.forEach(latencies::row);
        latencies.lines().forEach(out::println);
        out.println();
      }
    }
    if (!verdicts.isEmpty()) {
      TextTable table = new TextTable().row(GOAL_HEAD);
      verdicts.forEach(verdict -> table.row(cells(verdict)));
      table.lines().forEach(out::println);
      out.println();
    }
    notes.forEach(out::println);
    flags.forEach(out::println);
    out.flush();
  }

  /** The heads of {@link #cells(Program, Subject)}. */
  static String[] head(Program program) {
    return new String[] {
      "subject",
      "ns/" + program.operation(),
      "least",
      "ours/this",
      "95 %",
      "memory MiB",
      "ours/this",
      "growth MiB",
      "ours/this",
      "process MiB",
      "ours/this",
    };
  }

  String[] cells(Program program, Subject subject) {
    double[] nanos = runs.nanos(program, subject);
    List<String> cells = new ArrayList<>();
    cells.add(subject.label());
    cells.add(Figures.nanos(Statistics.median(nanos)));
    cells.add(Figures.nanos(Statistics.min(nanos)));
    boolean compared = isCompared(program, subject);
    Subject ours = Subject.OUROBOROS;
    if (compared) {
      Statistics.Bounded ratio = Statistics.medianOf(runs.timeRatios(program, ours, subject));
      cells.add(Figures.ratio(ratio.value()));
      cells.add(Figures.bound(ratio));
    } else {
      cells.add("");
      cells.add("");
    }
    long[] bytes = bytes(program, subject);
    long[] own = compared ? bytes(program, ours) : bytes;
    for (int i = 0; i < bytes.length; i++) {
      cells.add(Figures.mebibytes(bytes[i]));
      cells.add(compared ? ratio(own[i], bytes[i]) : "");
    }
    return cells.toArray(String[]::new);
  }

  /** Medians, in the order of {@link #head}. */
  private long[] bytes(Program program, Subject subject) {
    return new long[] {
      runs.memoryBytes(program, subject),
      runs.peakBytes(program, subject),
      runs.processBytes(program, subject)
    };
  }

  private static String ratio(long ours, long theirs) {
    return ours < 0 || theirs <= 0 ? Figures.NONE : Figures.ratio((double) ours / theirs);
  }

  private boolean isCompared(Program program, Subject subject) {
    return subject != Subject.OUROBOROS && runs.subjects(program).contains(Subject.OUROBOROS);
  }

  /** Under {@link #LATENCY_HEAD}; none if nothing was timed one by one. */
  List<String[]> latencyRows(Program program) {
    List<String[]> rows = new ArrayList<>();
    for (Subject subject : runs.subjects(program)) {
      Latencies latencies = runs.latencies(program, subject);
      HISTOGRAMS.forEach(
          (what, of) -> {
            Histogram histogram = of.apply(latencies);
            if (histogram.getTotalCount() > 0) {
              rows.add(cells(subject, what, histogram));
            }
          });
    }
    return rows;
  }

  private static String[] cells(Subject subject, String what, Histogram histogram) {
    List<String> cells = new ArrayList<>();
    cells.add(subject.label());
    cells.add(what);
    cells.add(Figures.count(histogram.getTotalCount()));
    for (double percentile : PERCENTILES) {
      cells.add(Figures.fixed(histogram.getValueAtPercentile(percentile) / MICRO, 1));
    }
    cells.add("");
    return cells.toArray(String[]::new);
  }

  static String[] cells(Goal.Verdict verdict) {
    return new String[] {
      verdict.program().title(),
      verdict.subject().label(),
      verdict.reference().label(),
      verdict.what(),
      Figures.ratio(verdict.ratio().value()),
      Figures.bound(verdict.ratio()),
      Figures.ratio(verdict.most()),
      verdict.met() ? "yes" : "no"
    };
  }
}
