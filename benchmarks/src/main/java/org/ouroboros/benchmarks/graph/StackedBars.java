package org.ouroboros.benchmarks.graph;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.Axis;
import org.ouroboros.benchmarks.replay.Html;

/** A chart of horizontal bars, each made of one part or several, with its value at its end. */
final class StackedBars {

  private static final double WIDTH = 560;
  private static final double LEFT = 190;
  private static final double RIGHT = 70;
  private static final double TOP = 4;
  private static final double ROW = 19;
  private static final double BAR = 13;
  private static final double FOOT = 20;
  private static final int MARKS = 5;
  private static final int LONGEST_LABEL = 30;

  private final String title;
  private final List<Row> rows = new ArrayList<>();

  /**
   * A piece of a bar.
   *
   * @param name what is shown where it is pointed at
   * @param value its length
   * @param colour a CSS colour
   */
  record Part(String name, double value, String colour) {}

  private record Row(String label, String value, List<Part> parts) {

    double length() {
      return parts.stream().mapToDouble(Part::value).sum();
    }
  }

  /** A chart without bars; the title is for those who cannot see it. */
  StackedBars(String title) {
    this.title = title;
  }

  /** Adds a bar. */
  StackedBars bar(String label, String value, Part... parts) {
    rows.add(new Row(label, value, List.of(parts)));
    return this;
  }

  /** The chart. */
  String svg() {
    double bottom = TOP + ROW * rows.size();
    Axis axis = Axis.upTo(rows.stream().mapToDouble(Row::length).max().orElse(0), MARKS);
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 ").append(Html.at(WIDTH)).append(' ');
    svg.append(Html.at(bottom + FOOT)).append("\" role=\"img\" aria-label=\"");
    svg.append(Html.text(title)).append("\">");
    for (double mark : axis.marks()) {
      double x = LEFT + length(mark, axis);
      svg.append(Html.line(x, TOP, x, bottom, mark == 0 ? "axis" : "gridline"));
      svg.append(Html.label(x, bottom + 14, "middle", "", axis.label(mark)));
    }
    for (int i = 0; i < rows.size(); i++) {
      draw(svg, rows.get(i), axis, TOP + ROW * i + ROW / 2);
    }
    return svg.append("</svg>").toString();
  }

  private static void draw(StringBuilder svg, Row row, Axis axis, double middle) {
    svg.append("<g><title>").append(Html.text(row.label)).append("</title>");
    svg.append(Html.label(LEFT - 8, middle + 4, "end", "", shortened(row.label))).append("</g>");
    double x = LEFT;
    for (Part part : row.parts) {
      double length = length(part.value, axis);
      svg.append("<rect x=\"").append(Html.at(x)).append("\" y=\"");
      svg.append(Html.at(middle - BAR / 2)).append("\" width=\"").append(Html.at(length));
      svg.append("\" height=\"").append(Html.at(BAR)).append("\" style=\"fill:");
      svg.append(part.colour).append("\">").append(Html.element("title", part.name));
      svg.append("</rect>");
      x += length;
    }
    svg.append(Html.label(x + 5, middle + 4, "start", "", row.value));
  }

  private static double length(double value, Axis axis) {
    return (WIDTH - LEFT - RIGHT) * value / axis.max();
  }

  private static String shortened(String label) {
    return label.length() <= LONGEST_LABEL ? label : label.substring(0, LONGEST_LABEL - 1) + "…";
  }
}
