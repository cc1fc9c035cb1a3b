package org.ouroboros.benchmarks.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.Html;
import org.ouroboros.benchmarks.replay.HtmlPage;
import org.ouroboros.benchmarks.replay.HtmlTable;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.benchmarks.replay.ValueBars;

/** The figures as one page that needs nothing else. */
final class WorkloadPage {

  private WorkloadPage() {}

  static String of(WorkloadReport report) throws IOException {
    StringBuilder html = new StringBuilder();
    html.append("<h2>Throughput</h2>\n<p class=\"soft\">Million operations a second, the median");
    html.append(" of all rounds. More is better; each chart has its own scale.</p>\n");
    html.append("<div class=\"grid\">\n");
    for (Workload workload : report.runs().workloads()) {
      html.append("<figure class=\"card\">").append(Html.element("h3", workload.name()));
      html.append("<p class=\"soft\">").append(Html.text(workload.question())).append("</p>");
      html.append(chart(report.runs(), workload)).append("</figure>\n");
    }
    html.append("</div>\n");
    if (!report.verdicts().isEmpty()) {
      html.append(goals(report.verdicts()));
    }
    for (Workload workload : report.runs().workloads()) {
      HtmlTable table = new HtmlTable(workload.name(), workload.question()).head(report.head());
      for (String allocator : report.runs().allocators()) {
        table.row(Faces.isOurs(allocator), "", report.cells(workload, allocator));
      }
      html.append(table.end());
    }
    html.append("<h2>How the figures were taken</h2>\n<ul class=\"notes\">\n");
    report.notes().forEach(note -> html.append(Html.element("li", note)).append('\n'));
    html.append("</ul>\n");
    return HtmlPage.of("Allocation workloads", html);
  }

  private static String chart(Runs runs, Workload workload) {
    List<ValueBars.Bar> bars = new ArrayList<>();
    for (String allocator : runs.allocators()) {
      double median = Statistics.median(runs.throughputs(workload, allocator));
      bars.add(
          new ValueBars.Bar(
              allocator, median, WorkloadReport.millions(median), Faces.isOurs(allocator)));
    }
    double[] values = bars.stream().mapToDouble(ValueBars.Bar::value).toArray();
    return new ValueBars(false, values).svg(workload.name() + ", throughput", bars);
  }

  private static String goals(List<Goal.Verdict> verdicts) {
    HtmlTable table =
        new HtmlTable("Goals", "our throughput over that of a C library called from Java")
            .head(WorkloadReport.GOAL_HEAD);
    for (Goal.Verdict verdict : verdicts) {
      table.row(false, verdict.met() ? "good" : "bad", WorkloadReport.cells(verdict));
    }
    return table.end();
  }
}
