package org.ouroboros.benchmarks.latency;

import java.util.Collection;
import java.util.LinkedHashMap;
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

  /** Powers of ten of nanoseconds: the least there is, and what is shown at the least. */
  private static final int LEAST_POWER = 1;

  private static final int MOST_POWER = 6;
  private static final int POINTS_A_DECADE = 20;
  private static final String[] MARKS = {
    "0", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %", "99.99999 %", "99.999999 %"
  };
  private static final String[] TIMES = {
    "10 ns", "100 ns", "1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"
  };
  private static final int COLOURS = 8;
  private static final String OURS = "ouroboros";

  private final Map<String, Histogram> curves;

  /** How many decades of percentiles there are to the right. */
  private final int decades;

  /** The power of ten of nanoseconds at the top. */
  private final int top;

  private PercentileChart(Map<String, Histogram> curves) {
    this.curves = curves;
    long most = 1;
    long longest = 1;
    for (Histogram curve : curves.values()) {
      most = Math.max(most, curve.getTotalCount());
      longest = Math.max(longest, curve.getMaxValue());
    }
    this.decades = Math.clamp((long) Math.ceil(Math.log10((double) most)), 1, MARKS.length);
    int needed = (int) Math.ceil(Math.log10((double) longest));
    this.top = Math.clamp(needed, MOST_POWER, LEAST_POWER + TIMES.length - 1);
  }

  /**
   * The chart.
   *
   * @param curves histograms of nanoseconds by what they are of
   * @return the SVG element
   */
  public static String svg(Map<String, Histogram> curves) {
    return new PercentileChart(curves).svg();
  }

  private String svg() {
    StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 ");
    svg.append(Html.at(WIDTH)).append(' ').append(Html.at(HEIGHT));
    svg.append("\" role=\"img\" aria-label=\"time of a call by percentile\">");
    for (int i = 0; LEAST_POWER + i <= top; i++) {
      double y = y(Math.pow(10, LEAST_POWER + i));
      svg.append(Html.line(LEFT, y, WIDTH - RIGHT, y, i == 0 ? "axis" : "gridline"));
      svg.append(Html.label(LEFT - 6, y + 4, "end", "", TIMES[i]));
    }
    for (int i = 0; i < decades; i++) {
      svg.append(Html.label(x(i), HEIGHT - 6, i == 0 ? "start" : "middle", "", MARKS[i]));
    }
    Map<String, String> colours = colours(curves.keySet());
    for (Map.Entry<String, Histogram> curve : curves.entrySet()) {
      svg.append("<path class=\"line\" style=\"stroke:").append(colours.get(curve.getKey()));
      svg.append("\" d=\"").append(path(curve.getValue())).append("\"><title>");
      svg.append(Html.text(curve.getKey())).append("</title></path>");
    }
    return svg.append("</svg>").toString();
  }

  /**
   * What tells which curve is which.
   *
   * @param names of the curves
   * @return a list element
   */
  public static String legend(Collection<String> names) {
    StringBuilder html = new StringBuilder("<ul class=\"legend\">");
    colours(names)
        .forEach(
            (name, colour) -> {
              html.append("<li><svg width=\"18\" height=\"4\"><rect width=\"18\" height=\"4\"");
              html.append(" rx=\"2\" style=\"fill:").append(colour).append("\"/></svg>");
              html.append(Html.text(name)).append("</li>");
            });
    return html.append("</ul>\n").toString();
  }

  /** CSS colours: the first two, of one hue, are for what is ours. */
  private static Map<String, String> colours(Collection<String> names) {
    Map<String, String> colours = new LinkedHashMap<>();
    int ours = 0;
    int others = 0;
    for (String name : names) {
      int colour = name.startsWith(OURS) ? ours++ % 2 : 2 + others++ % (COLOURS - 2);
      colours.put(name, "var(--c" + colour + ")");
    }
    return colours;
  }

  /** From the least to the longest call, which has all but one of the others before it. */
  private String path(Histogram histogram) {
    StringBuilder path = new StringBuilder();
    long count = histogram.getTotalCount();
    double last = Math.min(decades, count == 0 ? 0 : Math.log10((double) count));
    for (int i = 0; i <= last * POINTS_A_DECADE; i++) {
      double at = (double) i / POINTS_A_DECADE;
      double percentile = 100 * (1 - Math.pow(10, -at));
      path.append(i == 0 ? 'M' : 'L').append(Html.at(x(at))).append(' ');
      path.append(Html.at(y((double) histogram.getValueAtPercentile(percentile))));
    }
    path.append('L').append(Html.at(x(last))).append(' ');
    return path.append(Html.at(y((double) histogram.getMaxValue()))).toString();
  }

  private double x(double at) {
    return LEFT + (WIDTH - LEFT - RIGHT) * at / decades;
  }

  private double y(double nanos) {
    double power = Math.clamp(Math.log10(Math.max(1, nanos)), LEAST_POWER, top);
    double bottom = HEIGHT - FOOT;
    return bottom - (bottom - TOP) * (power - LEAST_POWER) / (top - LEAST_POWER);
  }
}
