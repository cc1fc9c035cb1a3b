package org.ouroboros.benchmarks.latency;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.replay.Html;

/** Curves of histograms: percentiles to the right, each tick ten times rarer; time upwards. */
public final class PercentileChart {

  private static final double WIDTH = 760;
  private static final double HEIGHT = 300;
  private static final double LEFT = 56;
  private static final double RIGHT = 12;
  private static final double TOP = 10;
  private static final double FOOT = 24;

  /** From the 0th percentile to the one that one call of ten million exceeds. */
  private static final int DECADES = 7;

  private static final int LEAST_POWER = 1;
  private static final int MOST_POWER = 8;
  private static final int POINTS_A_DECADE = 20;
  private static final String[] MARKS = {
    "0", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %"
  };
  private static final String[] TIMES = {
    "10 ns", "100 ns", "1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms"
  };

  private PercentileChart() {}

  /**
   * The chart.
   *
   * @param curves histograms of nanoseconds by what they are of
   * @return the SVG element
   */
  public static String svg(Map<String, Histogram> curves) {
    StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 ");
    svg.append(Html.at(WIDTH)).append(' ').append(Html.at(HEIGHT));
    svg.append("\" role=\"img\" aria-label=\"time of a call by percentile\">");
    for (int i = 0; i < TIMES.length; i++) {
      double y = y(Math.pow(10, LEAST_POWER + i));
      svg.append(Html.line(LEFT, y, WIDTH - RIGHT, y, i == 0 ? "axis" : "gridline"));
      svg.append(Html.label(LEFT - 6, y + 4, "end", "", TIMES[i]));
    }
    for (int i = 0; i < MARKS.length; i++) {
      svg.append(Html.label(x(i), HEIGHT - 6, i == 0 ? "start" : "middle", "", MARKS[i]));
    }
    int colour = 0;
    for (Map.Entry<String, Histogram> curve : curves.entrySet()) {
      svg.append("<path class=\"line\" style=\"stroke:").append(colour(colour++));
      svg.append("\" d=\"").append(path(curve.getValue())).append("\"><title>");
      svg.append(Html.text(curve.getKey())).append("</title></path>");
    }
    return svg.append("</svg>").toString();
  }

  /**
   * The colour of a curve.
   *
   * @param curve which one, from 0
   * @return a CSS colour
   */
  public static String colour(int curve) {
    return "var(--c" + curve % 8 + ")";
  }

  private static String path(Histogram histogram) {
    StringBuilder path = new StringBuilder();
    long count = histogram.getTotalCount();
    double last = Math.min(DECADES, count == 0 ? 0 : Math.log10((double) count));
    for (int i = 0; i <= last * POINTS_A_DECADE; i++) {
      double decades = (double) i / POINTS_A_DECADE;
      double percentile = 100 * (1 - Math.pow(10, -decades));
      path.append(i == 0 ? 'M' : 'L').append(Html.at(x(decades))).append(' ');
      path.append(Html.at(y((double) histogram.getValueAtPercentile(percentile))));
    }
    return path.toString();
  }

  private static double x(double decades) {
    return LEFT + (WIDTH - LEFT - RIGHT) * decades / DECADES;
  }

  private static double y(double nanos) {
    double power = Math.clamp(Math.log10(Math.max(1, nanos)), LEAST_POWER, MOST_POWER);
    double bottom = HEIGHT - FOOT;
    return bottom - (bottom - TOP) * (power - LEAST_POWER) / (MOST_POWER - LEAST_POWER);
  }
}
