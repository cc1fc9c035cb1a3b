package org.ouroboros.benchmarks.replay;

import java.util.List;

/** Time per event of one trace: a bar for each allocator, with a mark at the shortest replay. */
final class BarChart {

  private static final double WIDTH = 560;
  private static final double LEFT = 120;
  private static final double RIGHT = 44;
  private static final double TOP = 4;
  private static final double ROW = 19;
  private static final double BAR = 13;
  private static final double FOOT = 20;
  private static final int MARKS = 6;

  private final Results results;
  private final Palette palette;
  private final Axis axis;

  BarChart(Results results, Palette palette) {
    this.results = results;
    this.palette = palette;
    this.axis = Axis.upTo(largest(results), MARKS);
  }

  /** The chart of one trace; all charts have one scale. */
  String svg(int trace) {
    List<Subject> subjects = results.subjects();
    double height = TOP + ROW * subjects.size() + FOOT;
    double bottom = TOP + ROW * subjects.size();
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 ")
        .append(Html.at(WIDTH))
        .append(' ')
        .append(Html.at(height))
        .append("\" role=\"img\" aria-label=\"nanoseconds per event by allocator\">");
    for (double mark : axis.marks()) {
      svg.append(Html.line(x(mark), TOP, x(mark), bottom, "gridline"));
      svg.append(Html.label(x(mark), bottom + 14, "middle", "", axis.label(mark)));
    }
    for (int s = 0; s < subjects.size(); s++) {
      bar(svg, subjects.get(s), results.get(trace, s), TOP + ROW * s);
    }
    svg.append(Html.line(x(0), TOP, x(0), bottom, "axis"));
    return svg.append("</svg>").toString();
  }

  private void bar(StringBuilder svg, Subject subject, Measurement cell, double top) {
    double middle = top + ROW / 2;
    String emphasis = subject.isJava() ? "strong" : "";
    svg.append(Html.label(LEFT - 8, middle + 4, "end", emphasis, subject.name()));
    if (!cell.isTimed()) {
      svg.append(Html.label(x(0) + 6, middle + 4, "start", "", "not timed"));
      return;
    }
    double end = x(cell.nsPerEvent());
    svg.append("<g><title>")
        .append(Html.text(subject.name() + ", " + subject.detail()))
        .append(": median ")
        .append(Figures.nanos(cell.nsPerEvent()))
        .append(" ns, min ")
        .append(Figures.nanos(cell.nsPerEventMin()))
        .append(" ns</title><rect x=\"")
        .append(Html.at(x(0)))
        .append("\" y=\"")
        .append(Html.at(middle - BAR / 2))
        .append("\" width=\"")
        .append(Html.at(Math.max(0.5, end - x(0))))
        .append("\" height=\"")
        .append(Html.at(BAR))
        .append("\" rx=\"1.5\" style=\"fill:")
        .append(palette.colour(subject))
        .append(";opacity:")
        .append(palette.opacity(subject))
        .append("\"/>");
    double least = x(cell.nsPerEventMin());
    svg.append(Html.line(least, middle - BAR / 2 - 1, least, middle + BAR / 2 + 1, "least"));
    svg.append("</g>");
    String value = Figures.nanos(cell.nsPerEvent());
    svg.append(Html.label(end + 5, middle + 4, "start", emphasis, value));
  }

  private double x(double nanos) {
    return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, nanos / axis.max());
  }

  private static double largest(Results results) {
    double largest = 0;
    for (int t = 0; t < results.traces().size(); t++) {
      for (int s = 0; s < results.subjects().size(); s++) {
        largest = Math.max(largest, results.get(t, s).nsPerEvent());
      }
    }
    return largest;
  }
}
