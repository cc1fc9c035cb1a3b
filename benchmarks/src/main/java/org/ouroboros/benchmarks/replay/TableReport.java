package org.ouroboros.benchmarks.replay;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The results as text. */
final class TableReport {

  private final Results results;
  private final RunNotes notes;
  private final PrintWriter out;

  TableReport(Results results, RunNotes notes, PrintWriter out) {
    this.results = results;
    this.notes = notes;
    this.out = out;
  }

  void print() {
    for (int t = 0; t < results.traces().size(); t++) {
      printTrace(t);
    }
    printSummary();
    for (String note : notes.lines()) {
      out.println(note);
    }
    out.flush();
  }

  private void printTrace(int trace) {
    TraceInput input = results.traces().get(trace);
    out.println(input.name() + ": " + extent(input));
    TextTable table =
        new TextTable()
            .row(
                "allocator",
                "ns/event",
                "min",
                "ratio",
                "95 % bound",
                "peak MiB",
                "fragm.",
                "live MiB",
                "verified");
    for (int s = 0; s < results.subjects().size(); s++) {
      Measurement cell = results.get(trace, s);
      Statistics.Bounded ratio = ratioToBestNative(results, trace, s);
      table.row(
          results.subjects().get(s).name(),
          Figures.nanos(cell.nsPerEvent()),
          Figures.nanos(cell.nsPerEventMin()),
          Figures.ratio(ratio.value()),
          Figures.bound(ratio),
          Figures.mebibytes(cell.peakResident()),
          Figures.ratio(results.fragmentation(trace, s)),
          Figures.mebibytes(input.header().peakLiveBytes()),
          verdict(results.subjects().get(s), cell));
    }
    table.lines().forEach(out::println);
    out.println();
  }

  private void printSummary() {
    Summary summary = new Summary(results);
    out.println("all traces: geometric means, and the worst trace");
    TextTable table = new TextTable().row(summaryHead(summary));
    for (Summary.Row row : summary.rows()) {
      table.row(summaryCells(summary, row));
    }
    table.lines().forEach(out::println);
    out.println();
  }

  /** The heads of the columns that {@link #summaryCells} fills. */
  static String[] summaryHead(Summary summary) {
    List<String> head = new ArrayList<>();
    head.add("allocator");
    head.addAll(
        List.of("to best native", "95 % bound", "worst", "to mimalloc", "95 % bound", "fragm."));
    if (summary.hasYardstick()) {
      head.addAll(List.of("to mimalloc-c", "peak to mimalloc-c", "worst"));
    }
    return head.toArray(String[]::new);
  }

  static String[] summaryCells(Summary summary, Summary.Row row) {
    List<String> cells = new ArrayList<>();
    cells.add(row.subject().name());
    cells.add(Figures.ratio(row.toBestNative().value()));
    cells.add(Figures.bound(row.toBestNative()));
    cells.add(Figures.ratio(row.worst()));
    cells.add(Figures.ratio(row.toMimalloc().value()));
    cells.add(Figures.bound(row.toMimalloc()));
    cells.add(Figures.ratio(row.fragmentation()));
    if (summary.hasYardstick()) {
      cells.add(Figures.ratio(row.toMimallocInC().value()));
      cells.add(Figures.ratio(row.memoryToMimallocInC()));
      cells.add(Figures.ratio(row.worstMemory()));
    }
    return cells.toArray(String[]::new);
  }

  /** The median of the pair ratios of a subject to the trace's fastest native allocator. */
  static Statistics.Bounded ratioToBestNative(Results results, int trace, int subject) {
    OptionalInt best = results.bestNative(trace);
    double[] ratios =
        best.isPresent() ? results.pairRatios(trace, subject, best.getAsInt()) : new double[0];
    return ratios.length == 0
        ? new Statistics.Bounded(Double.NaN, Double.NaN, Double.NaN)
        : Statistics.medianOf(ratios);
  }

  /** How large a trace is. */
  static String extent(TraceInput input) {
    return String.join(
        ", ",
        Figures.count(input.header().events()) + " events",
        input.threads() + (input.threads() == 1 ? " thread" : " threads"),
        "live peak "
            + Figures.mebibytes(input.header().peakLiveBytes())
            + " MiB in "
            + Figures.count(input.header().peakLiveBlocks())
            + " blocks");
  }

  static String verdict(Subject subject, Measurement cell) {
    if (cell.fault() != null) {
      return "FAILED: " + cell.fault();
    }
    return cell.isVerified() ? "yes" : subject.isYardstick() ? "not checked" : "no";
  }
}
