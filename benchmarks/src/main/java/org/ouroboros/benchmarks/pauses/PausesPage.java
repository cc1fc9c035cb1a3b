package org.ouroboros.benchmarks.pauses;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.latency.PercentileChart;
import org.ouroboros.benchmarks.replay.Html;
import org.ouroboros.benchmarks.replay.HtmlPage;
import org.ouroboros.benchmarks.replay.HtmlTable;

/** The figures as one page that needs nothing else. */
final class PausesPage {

  private static final double SECOND = 1e9;
  private static final double MILLI = 1e6;
  private static final double THOUSAND = 1e3;

  private final PausesReport report;
  private final StringBuilder html = new StringBuilder();

  private PausesPage(PausesReport report) {
    this.report = report;
  }

  static String of(PausesReport report) throws IOException {
    return new PausesPage(report).page();
  }

  private String page() throws IOException {
    html.append("<p class=\"lead\">A mutator that drops cycles all the time: how long single");
    html.append(" calls took, and how much garbage waited to be found. Nothing is subtracted;");
    html.append(" <b>sleep</b> is how much too long a thread slept that did nothing else.</p>\n");
    curves("Single calls", Run::calls);
    curves("Operations, from their due time", Run::answers);
    html.append(Html.element("h2", "Over time")).append("<div class=\"grid\">\n");
    for (int i = 0; i < report.results().size(); i++) {
      overTime(name(i), report.results().get(i).run());
    }
    html.append("</div>\n");
    HtmlTable table = new HtmlTable("All runs", "milliseconds").head(PausesReport.HEAD);
    for (PausesReport.Result result : report.results()) {
      table.row(result.plan().mode().isHeap(), "", result.cells());
    }
    html.append(table.end());
    html.append("<h2>How the figures were taken</h2>\n<ul class=\"notes\">\n");
    report.allNotes().forEach(note -> html.append(Html.element("li", note)).append('\n'));
    return HtmlPage.of("Pauses", html.append("</ul>\n"));
  }

  /** The mode; with a number if there are more runs of it. */
  private String name(int index) {
    List<PausesReport.Result> results = report.results();
    Mode mode = results.get(index).plan().mode();
    long before = results.subList(0, index).stream().filter(r -> r.plan().mode() == mode).count();
    return mode.label() + (before == 0 ? "" : " " + (before + 1));
  }

  private interface Choice {
    Histogram of(Run run);
  }

  private void curves(String title, Choice choice) {
    Map<String, Histogram> curves = new LinkedHashMap<>();
    for (int i = 0; i < report.results().size(); i++) {
      Run run = report.results().get(i).run();
      if (choice.of(run).getTotalCount() > 0) {
        curves.put(name(i), choice.of(run));
        curves.put(name(i) + ", sleep", run.sleep());
      }
    }
    if (!curves.isEmpty()) {
      html.append(Html.element("h2", title)).append(PercentileChart.legend(curves.keySet()));
      html.append("<div class=\"card\">").append(PercentileChart.svg(curves)).append("</div>\n");
    }
  }

  private void overTime(String name, Run run) {
    double seconds = run.get(Figure.SECONDS);
    Samples samples = run.samples();
    Spans pauses = run.pauses();
    if (samples.size() > 0) {
      figure(
          name + ": outstanding garbage, thousands of objects",
          TimeChart.line(
              name + ": outstanding garbage",
              seconds,
              samples.size(),
              i -> samples.time(i) / SECOND,
              i -> samples.garbage(i) / THOUSAND));
    }
    if (run.calls().getTotalCount() > 0) {
      figure(
          name + ": long calls, milliseconds",
          TimeChart.bars(
              name + ": long calls",
              seconds,
              pauses.size(),
              i -> pauses.begin(i) / SECOND,
              i -> pauses.length(i) / MILLI));
    }
  }

  private void figure(String title, String svg) {
    html.append("<figure class=\"card\">").append(Html.element("h3", title));
    html.append(svg).append("</figure>\n");
  }
}
