package org.ouroboros.benchmarks.replay;

import java.util.List;

/** One value for each of some names: horizontal bars, on a linear or a logarithmic scale. */
public final class ValueBars {

  private static final double WIDTH = 560;
  private static final double LEFT = 170;
  private static final double RIGHT = 70;
  private static final double TOP = 4;
  private static final double ROW = 19;
  private static final double BAR = 13;
  private static final double FOOT = 6;

  private final boolean logarithmic;
  private final double least;
  private final double most;

  /**
   * Chooses the scale, for all charts that are to be compared.
   *
   * @param logarithmic whether a step is a factor
   * @param values all values that will be drawn; those that are not finite are left out
   */
  public ValueBars(boolean logarithmic, double... values) {
    this.logarithmic = logarithmic;
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (double value : values) {
      if (Double.isFinite(value) && value > 0) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    // half of the least, so that its bar can be seen
    this.least = logarithmic ? low / 2 : 0;
    this.most = high;
  }

  /**
   * A bar.
   *
   * @param name what it is of
   * @param value its length; not finite if not known
   * @param text what is written at its end
   * @param ours whether it stands out
   */
  public record Bar(String name, double value, String text, boolean ours) {}

  /**
   * Draws a chart.
   *
   * @param what it shows, for those who cannot see it
   * @param bars from top to bottom
   * @return the SVG element
   */
  public String svg(String what, List<Bar> bars) {
    StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 ");
    double bottom = TOP + ROW * bars.size();
    svg.append(Html.at(WIDTH)).append(' ').append(Html.at(bottom + FOOT));
    svg.append("\" role=\"img\" aria-label=\"").append(Html.text(what)).append("\">");
    double middle = TOP + ROW / 2;
    for (Bar bar : bars) {
      String emphasis = bar.ours ? "strong" : "";
      double end = x(bar.value);
      svg.append(Html.label(LEFT - 8, middle + 4, "end", emphasis, bar.name));
      svg.append("<rect x=\"").append(Html.at(LEFT));
      svg.append("\" y=\"").append(Html.at(middle - BAR / 2));
      svg.append("\" width=\"").append(Html.at(Math.max(0.5, end - LEFT)));
      svg.append("\" height=\"").append(Html.at(BAR));
      svg.append("\" rx=\"1.5\" style=\"fill:var(--").append(bar.ours ? "c0" : "c2");
      svg.append(")\"/>");
      svg.append(Html.label(end + 5, middle + 4, "start", emphasis, bar.text));
      middle += ROW;
    }
    return svg.append(Html.line(LEFT, TOP, LEFT, bottom, "axis")).append("</svg>").toString();
  }

  private double x(double value) {
    if (!Double.isFinite(value) || value <= least || most <= least) {
      return LEFT;
    }
    double share = logarithmic ? Math.log(value / least) / Math.log(most / least) : value / most;
    return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, share);
  }
}
