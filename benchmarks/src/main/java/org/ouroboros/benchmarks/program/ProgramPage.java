package org.ouroboros.benchmarks.program;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.latency.PercentileChart;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Html;
import org.ouroboros.benchmarks.replay.HtmlPage;
import org.ouroboros.benchmarks.replay.HtmlTable;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.benchmarks.replay.ValueBars;

/** The figures as one page that needs nothing else. */
final class ProgramPage {

  private static final Map<String, String> CHARTS = new LinkedHashMap<>();

  static {
    CHARTS.put("call", "Single calls: wall time of an operation or a collection");
    CHARTS.put("answer", "Answers: from when an operation was due to its end");
    CHARTS.put("sleep", "Sleep: how much too long a thread slept that did nothing else");
  }

  private final ProgramReport report;
  private final StringBuilder html = new StringBuilder();

  private ProgramPage(ProgramReport report) {
    this.report = report;
  }

  static String of(ProgramReport report) throws IOException {
    return new ProgramPage(report).page();
  }

  private String page() throws IOException {
    html.append("<p class=\"lead\">The same programs on the collector's heap, on Java's own");
    html.append(" objects and elsewhere. Less is better; each chart has its own scale.</p>\n");
    report.runs().programs().forEach(this::program);
    if (!report.verdicts().isEmpty()) {
      HtmlTable table = new HtmlTable("Goals", "ours over theirs").head(ProgramReport.GOAL_HEAD);
      for (Goal.Verdict verdict : report.verdicts()) {
        table.row(false, verdict.met() ? "good" : "bad", ProgramReport.cells(verdict));
      }
      html.append(table.end());
    }
    html.append("<h2>How the figures were taken</h2>\n<ul class=\"notes\">\n");
    report.notes().forEach(note -> html.append(Html.element("li", note)).append('\n'));
    report.flags().forEach(note -> html.append(Html.element("li", note)).append('\n'));
    return HtmlPage.of("Programs", html.append("</ul>\n"));
  }

  private void program(Program program) {
    Runs runs = report.runs();
    html.append(Html.element("h2", program.title()));
    html.append("<p class=\"soft\">").append(Html.text(program.question())).append("</p>\n");
    html.append("<div class=\"grid\">\n");
    bars(
        program,
        "Nanoseconds for each " + program.operation(),
        subject -> Statistics.median(runs.nanos(program, subject)),
        Figures::nanos);
    bars(
        program,
        "Memory under test, MiB",
        subject -> runs.memoryBytes(program, subject),
        bytes -> Figures.mebibytes((long) (double) bytes));
    bars(
        program,
        "Peak of resident memory of the process, growth, MiB",
        subject -> runs.peakBytes(program, subject),
        bytes -> Figures.mebibytes((long) (double) bytes));
    html.append("</div>\n");
    curves(program);
    HtmlTable table =
        new HtmlTable(program.name(), program.size()).head(ProgramReport.head(program));
    for (Subject subject : runs.subjects(program)) {
      table.row(subject.isOurs(), "", report.cells(program, subject));
    }
    html.append(table.end());
    List<String[]> rows = report.latencyRows(program);
    if (!rows.isEmpty()) {
      HtmlTable latencies =
          new HtmlTable("Latency", "microseconds").head(ProgramReport.LATENCY_HEAD);
      for (String[] row : rows) {
        latencies.row(row[0].startsWith(Subject.OUROBOROS.label()), "", row);
      }
      html.append(latencies.end());
    }
  }

  private void bars(
      Program program,
      String what,
      ToDoubleFunction<Subject> value,
      Function<Double, String> text) {
    List<ValueBars.Bar> bars = new ArrayList<>();
    for (Subject subject : report.runs().subjects(program)) {
      double length = value.applyAsDouble(subject);
      bars.add(new ValueBars.Bar(subject.label(), length, text.apply(length), subject.isOurs()));
    }
    double[] values = bars.stream().mapToDouble(ValueBars.Bar::value).toArray();
    html.append("<figure class=\"card\">").append(Html.element("h3", what));
    html.append(new ValueBars(false, values).svg(program.name() + ", " + what, bars));
    html.append("</figure>\n");
  }

  private void curves(Program program) {
    CHARTS.forEach(
        (what, title) -> {
          Map<String, Histogram> curves = new LinkedHashMap<>();
          for (Subject subject : report.runs().subjects(program)) {
            Histogram histogram =
                ProgramReport.HISTOGRAMS
                    .getOrDefault(what, Latencies::calls)
                    .apply(report.runs().latencies(program, subject));
            if (histogram.getTotalCount() > 0) {
              curves.put(subject.label(), histogram);
            }
          }
          if (!curves.isEmpty()) {
            html.append("<div class=\"card\">").append(Html.element("h3", title));
            html.append(PercentileChart.legend(curves.keySet()));
            html.append(PercentileChart.svg(curves)).append("</div>\n");
          }
        });
  }
}
