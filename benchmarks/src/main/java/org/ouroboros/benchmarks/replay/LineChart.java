package org.ouroboros.benchmarks.replay;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Memory over the run of one trace: live bytes as an area, and for each allocator the resident
 * bytes as a line; dashed what it holds committed, where it tells.
 */
final class LineChart {

  private static final double WIDTH = 560;
  private static final double HEIGHT = 230;
  private static final double LEFT = 38;
  private static final double RIGHT = 10;
  private static final double TOP = 8;
  private static final double FOOT = 22;
  private static final int MARKS = 4;
  private static final int QUARTERS = 4;
  private static final double MEBIBYTE = 1 << 20;

  private final Results results;
  private final Palette palette;

  LineChart(Results results, Palette palette) {
    this.results = results;
    this.palette = palette;
  }

  /** The chart of one trace, with a scale of its own. */
  String svg(int trace) {
    long calls = Math.max(1, results.traces().get(trace).calls());
    Axis axis = Axis.upTo(largest(trace) / MEBIBYTE, MARKS);
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 ")
        .append(Html.at(WIDTH))
        .append(' ')
        .append(Html.at(HEIGHT))
        .append("\" role=\"img\" aria-label=\"memory over the run, MiB\">");
    area(svg, trace, axis, calls);
    for (double mark : axis.marks()) {
      double y = y(mark * MEBIBYTE, axis);
      svg.append(Html.line(LEFT, y, WIDTH - RIGHT, y, mark == 0 ? "axis" : "gridline"));
      svg.append(Html.label(LEFT - 6, y + 4, "end", "", axis.label(mark)));
    }
    for (int quarter = 0; quarter <= QUARTERS; quarter++) {
      String anchor = quarter == QUARTERS ? "end" : quarter == 0 ? "start" : "middle";
      double x = LEFT + (WIDTH - LEFT - RIGHT) * quarter / QUARTERS;
      String percent = 100 * quarter / QUARTERS + (quarter == 0 ? " % of events" : " %");
      svg.append(Html.label(x, HEIGHT - 6, anchor, "", percent));
    }
    // the first allocators last, so that their lines lie on top
    for (int s = results.subjects().size() - 1; s >= 0; s--) {
      lines(svg, trace, s, axis, calls);
    }
    return svg.append("</svg>").toString();
  }

  private void lines(StringBuilder svg, int trace, int subject, Axis axis, long calls) {
    List<MemoryPoint> points = results.get(trace, subject).points();
    if (points.isEmpty()) {
      return;
    }
    Subject who = results.subjects().get(subject);
    if (points.getFirst().committed() >= 0) {
      line(svg, points, MemoryPoint::committed, axis, calls, who, "line committed", "committed");
    }
    line(svg, points, MemoryPoint::resident, axis, calls, who, "line", "resident");
  }

  private void line(
      StringBuilder svg,
      List<MemoryPoint> points,
      ToLongFunction<MemoryPoint> value,
      Axis axis,
      long calls,
      Subject who,
      String cssClass,
      String what) {
    svg.append("<path class=\"").append(cssClass);
    svg.append("\" style=\"stroke:").append(palette.colour(who)).append("\" d=\"");
    path(svg, points, value, axis, calls);
    svg.append("\"><title>").append(Html.text(who.name())).append(", ").append(what);
    svg.append("</title></path>");
  }

  private void area(StringBuilder svg, int trace, Axis axis, long calls) {
    for (int s = 0; s < results.subjects().size(); s++) {
      List<MemoryPoint> points = results.get(trace, s).points();
      if (!points.isEmpty()) {
        String bottom = Html.at(y(0, axis));
        svg.append("<path class=\"live\" d=\"");
        path(svg, points, MemoryPoint::live, axis, calls);
        svg.append('L').append(Html.at(x(points.getLast().call(), calls))).append(' ');
        svg.append(bottom).append('L').append(Html.at(x(points.getFirst().call(), calls)));
        svg.append(' ').append(bottom).append("Z\"><title>live</title></path>");
        return;
      }
    }
  }

  private static void path(
      StringBuilder svg,
      List<MemoryPoint> points,
      ToLongFunction<MemoryPoint> value,
      Axis axis,
      long calls) {
    char command = 'M';
    for (MemoryPoint point : points) {
      svg.append(command).append(Html.at(x(point.call(), calls))).append(' ');
      svg.append(Html.at(y((double) value.applyAsLong(point), axis)));
      command = 'L';
    }
  }

  private double largest(int trace) {
    long largest = 0;
    for (int s = 0; s < results.subjects().size(); s++) {
      for (MemoryPoint point : results.get(trace, s).points()) {
        largest = Math.max(largest, Math.max(point.live(), point.resident()));
        largest = Math.max(largest, point.committed());
      }
    }
    return largest;
  }

  private static double x(long call, long calls) {
    return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, (double) call / calls);
  }

  private static double y(double bytes, Axis axis) {
    double bottom = HEIGHT - FOOT;
    return bottom - (bottom - TOP) * Math.max(0, bytes) / (axis.max() * MEBIBYTE);
  }
}
