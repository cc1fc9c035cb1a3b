package org.ouroboros.collector.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.ouroboros.allocator.output.Html;
import org.ouroboros.allocator.output.HtmlPage;
import org.ouroboros.allocator.output.TimeChart;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.report.CollectionRecorder.Interval;

/** The charts of what a recorder has. */
final class RecordedCharts {

  private static final double NANOS = 1e9;

  private RecordedCharts() {}

  static void add(HtmlPage page, CollectionRecorder recorder) {
    List<Interval> intervals = recorder.intervals();
    page.heading("Collections over time");
    if (intervals.isEmpty()) {
      page.paragraph("There was none since the recorder was attached.");
      return;
    }
    page.paragraph(
        "The longest collection that ended in each interval of "
            + Html.nanos((double) recorder.widthNanos())
            + ", by the generation that was collected. The scale is logarithmic.");
    double seconds = intervals.size() * recorder.widthNanos() / NANOS;
    TimeChart pauses = TimeChart.logarithmic("collections", seconds, Html::nanos);
    for (int g = Collector.OLDEST; g >= 0; g--) {
      int generation = g;
      pauses.add(
          "s" + g,
          all(intervals, interval -> interval.beginNanos() / NANOS),
          all(intervals, interval -> interval.longestNanos().get(generation)));
    }
    page.card(pauses.svg(), HeapReport.generationKeys());
    page.heading("Objects over time");
    page.paragraph("Live objects after collections, as far as they were read.");
    page.card(line(intervals, seconds, "objects", Interval::liveObjects, false), List.of());
    page.heading("Memory over time");
    page.paragraph("Committed bytes at the same times.");
    page.card(line(intervals, seconds, "bytes", Interval::committedBytes, true), List.of());
  }

  private static String line(
      List<Interval> intervals,
      double seconds,
      String title,
      ToDoubleFunction<Interval> value,
      boolean bytes) {
    List<Interval> read =
        intervals.stream().filter(interval -> value.applyAsDouble(interval) >= 0).toList();
    TimeChart chart =
        bytes
            ? TimeChart.bytes(title, seconds)
            : TimeChart.linear(title, seconds, mark -> Html.count((long) mark));
    double[] at = all(read, interval -> interval.beginNanos() / NANOS);
    return chart.add("s0", at, all(read, value)).svg();
  }

  private static double[] all(List<Interval> intervals, ToDoubleFunction<Interval> value) {
    return intervals.stream().mapToDouble(value).toArray();
  }
}
