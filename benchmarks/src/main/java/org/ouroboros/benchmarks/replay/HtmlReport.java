package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.util.List;

/** The results as one page that needs nothing else: style and charts are in it. */
final class HtmlReport {

  private final Results results;
  private final RunNotes notes;
  private final Palette palette;
  private final StringBuilder html = new StringBuilder();

  private HtmlReport(Results results, RunNotes notes) {
    this.results = results;
    this.notes = notes;
    this.palette = new Palette(results.subjects());
  }

  static String of(Results results, RunNotes notes) throws IOException {
    return new HtmlReport(results, notes).page();
  }

  private String page() throws IOException {
    lead();
    summary();
    times();
    memory();
    tables();
    html.append("<h2>How the figures were taken</h2>\n<ul class=\"notes\">\n");
    notes.lines().forEach(line -> html.append(Html.element("li", line)).append('\n'));
    html.append("</ul>\n");
    return HtmlPage.of("Malloc traces replayed", html);
  }

  private void lead() {
    int traces = results.traces().size();
    html.append("<p class=\"lead\">What ").append(traces == 1 ? "a real program" : "real programs");
    html.append(" asked of malloc, asked again of ");
    html.append(results.subjects().size()).append(" allocators. ");
    List<Summary.Row> rows = new Summary(results).rows();
    for (Summary.Row row : rows) {
      if (row.subject().isJava() && !Double.isNaN(row.toBestNative().value())) {
        html.append("<b>").append(Html.text(row.subject().name())).append("</b> takes <b>");
        html.append(Figures.ratio(row.toBestNative().value()));
        html.append("</b> times the fastest native allocator's time");
        html.append(traces == 1 ? ". " : ", geometric mean over " + traces + " traces. ");
        break;
      }
    }
    html.append("</p>\n");
  }

  private void summary() {
    Summary summary = new Summary(results);
    HtmlTable table =
        new HtmlTable(
                "All traces", "geometric means of ratios with 95 % bounds, and the worst trace")
            .head(TableReport.summaryHead(summary));
    for (Summary.Row row : summary.rows()) {
      table.row(row.subject().isJava(), "", TableReport.summaryCells(summary, row));
    }
    html.append(table.end());
  }

  private void times() {
    html.append("<h2>Time per event</h2>\n");
    html.append("<p class=\"soft\">Nanoseconds, median of all timed replays; the dark mark is the");
    html.append(" shortest. Less is better; one scale for all.</p>\n<div class=\"grid\">\n");
    BarChart chart = new BarChart(results, palette);
    for (int t = 0; t < results.traces().size(); t++) {
      card(t, chart.svg(t));
    }
    html.append("</div>\n");
  }

  private void memory() {
    html.append("<h2>Memory over the run</h2>\n");
    html.append("<p class=\"soft\">MiB. Grey: bytes requested by live blocks. Lines: resident;");
    html.append(" dashed: committed, where the allocator tells.</p>\n");
    legend();
    html.append("<div class=\"grid\">\n");
    LineChart chart = new LineChart(results, palette);
    for (int t = 0; t < results.traces().size(); t++) {
      card(t, chart.svg(t));
    }
    html.append("</div>\n");
  }

  private void legend() {
    html.append("<ul class=\"legend\">");
    for (Subject subject : results.subjects()) {
      if (!subject.isYardstick()) {
        html.append("<li><svg width=\"18\" height=\"4\"><rect width=\"18\" height=\"4\" rx=\"2\"");
        html.append(" style=\"fill:").append(palette.colour(subject)).append("\"/></svg>");
        html.append(Html.text(subject.name())).append("</li>");
      }
    }
    html.append("</ul>\n");
  }

  private void card(int trace, String svg) {
    TraceInput input = results.traces().get(trace);
    html.append("<div class=\"card\">").append(Html.element("h3", input.name()));
    html.append("<p class=\"soft\">").append(Html.text(TableReport.extent(input)));
    html.append("</p>").append(svg).append("</div>\n");
  }

  private void tables() {
    html.append("<h2>All figures</h2>\n");
    for (int t = 0; t < results.traces().size(); t++) {
      table(t);
    }
  }

  private void table(int trace) {
    TraceInput input = results.traces().get(trace);
    String about = TableReport.extent(input) + ". " + input.header().description();
    HtmlTable table =
        new HtmlTable(input.name(), about)
            .head(
                "allocator",
                "ns/event",
                "min",
                "ratio",
                "95 % bound",
                "peak MiB",
                "fragmentation",
                "committed MiB",
                "verified");
    for (int s = 0; s < results.subjects().size(); s++) {
      Subject subject = results.subjects().get(s);
      Measurement cell = results.get(trace, s);
      Statistics.Bounded ratio = TableReport.ratioToBestNative(results, trace, s);
      String verdictClass = cell.fault() != null ? "bad" : cell.isVerified() ? "good" : "soft";
      table.row(
          subject.isJava(),
          verdictClass,
          subject.name(),
          Figures.nanos(cell.nsPerEvent()),
          Figures.nanos(cell.nsPerEventMin()),
          Figures.ratio(ratio.value()),
          Figures.bound(ratio),
          Figures.mebibytes(cell.peakResident()),
          Figures.ratio(results.fragmentation(trace, s)),
          Figures.mebibytes(cell.peakCommitted()),
          TableReport.verdict(subject, cell));
    }
    html.append(table.end());
  }
}
