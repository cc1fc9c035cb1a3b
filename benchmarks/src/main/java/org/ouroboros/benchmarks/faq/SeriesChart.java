package org.ouroboros.benchmarks.faq;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ouroboros.benchmarks.replay.Axis;
import org.ouroboros.benchmarks.replay.Html;

/** Numbers over the turns of a loop: a panel for each curve, all on one scale. */
final class SeriesChart {

  private static final double WIDTH = 560;
  private static final double HEIGHT = 150;
  private static final double LEFT = 38;
  private static final double RIGHT = 10;
  private static final double TOP = 8;
  private static final double FOOT = 22;
  private static final int MARKS = 2;

  private final String unit;
  private final Axis up;

  private SeriesChart(String unit, Axis up) {
    this.unit = unit;
    this.up = up;
  }

  /**
   * A chart.
   *
   * @param title of all panels
   * @param unit of the turns, in one word
   * @param curves what there was after each turn, by the names of the panels
   * @return an HTML element
   */
  static String html(String title, String unit, Map<String, int[]> curves) {
    int most = 1;
    for (int[] curve : curves.values()) {
      most = Math.max(most, Arrays.stream(curve).max().orElse(0));
    }
    SeriesChart chart = new SeriesChart(unit, Axis.upTo(most, MARKS));
    StringBuilder html = new StringBuilder(Html.element("h3", title));
    html.append("<div class=\"grid\">\n");
    int colour = 0;
    for (Map.Entry<String, int[]> curve : new LinkedHashMap<>(curves).entrySet()) {
      html.append("<figure class=\"card\">").append(Html.element("h3", curve.getKey()));
      html.append(chart.panel(title + ", " + curve.getKey(), curve.getValue(), colour++));
      html.append("</figure>\n");
    }
    return html.append("</div>\n").toString();
  }

  private String panel(String what, int[] curve, int colour) {
    StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 ");
    svg.append(Html.at(WIDTH)).append(' ').append(Html.at(HEIGHT));
    svg.append("\" role=\"img\" aria-label=\"").append(Html.text(what)).append("\">");
    for (double mark : up.marks()) {
      double y = y(mark);
      svg.append(Html.line(LEFT, y, WIDTH - RIGHT, y, mark == 0 ? "axis" : "gridline"));
      svg.append(Html.label(LEFT - 6, y + 4, "end", "", up.label(mark)));
    }
    svg.append(Html.label(LEFT, HEIGHT - 6, "start", "", unit + " 1"));
    svg.append(Html.label(WIDTH - RIGHT, HEIGHT - 6, "end", "", unit + " " + curve.length));
    svg.append("<path class=\"line\" style=\"stroke:var(--c").append(colour).append(")\" d=\"");
    for (int i = 0; i < curve.length; i++) {
      double x = LEFT + (WIDTH - LEFT - RIGHT) * i / Math.max(1, curve.length - 1);
      svg.append(i == 0 ? 'M' : 'L').append(Html.at(x)).append(' ').append(Html.at(y(curve[i])));
    }
    return svg.append("\"/></svg>").toString();
  }

  private double y(double value) {
    double bottom = HEIGHT - FOOT;
    return bottom - (bottom - TOP) * value / up.max();
  }
}
