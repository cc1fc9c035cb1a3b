package org.ouroboros.allocator.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * A chart of figures over time. Of {@link #logarithmic} ones each value is a stroke from the
 * bottom; of others a line leads from one to the next.
 *
 * <p>Thread rule: one thread.
 */
public final class TimeChart {

  private static final double WIDTH = 768;
  private static final double HEIGHT = 190;
  private static final double LEFT = 62;
  private static final double RIGHT = 8;
  private static final double TOP = 10;
  private static final double BOTTOM = HEIGHT - 22;
  private static final int MARKS = 4;

  private record Series(String style, double[] at, double[] values) {}

  private final String title;
  private final double seconds;
  private final boolean logarithmic;
  private final DoubleFunction<String> label;
  private final List<Series> series = new ArrayList<>();
  private double least = Double.MAX_VALUE;
  private double most;

  /** Marks are small multiples of its powers. */
  private int base = 10;

  private TimeChart(
      String title, double seconds, boolean logarithmic, DoubleFunction<String> label) {
    this.title = title;
    this.seconds = Math.max(seconds, 1e-9);
    this.logarithmic = logarithmic;
    this.label = label;
  }

  /** A chart of values of which some are much larger than others. */
  public static TimeChart logarithmic(String title, double seconds, DoubleFunction<String> label) {
    return new TimeChart(title, seconds, true, label);
  }

  /** A chart that begins at zero. */
  public static TimeChart linear(String title, double seconds, DoubleFunction<String> label) {
    return new TimeChart(title, seconds, false, label);
  }

  /** A chart of bytes that begins at zero. */
  public static TimeChart bytes(String title, double seconds) {
    TimeChart chart = new TimeChart(title, seconds, false, mark -> Html.bytes((long) mark));
    chart.base = 1024;
    return chart;
  }

  /**
   * Adds values in the order of their times; those that are not above zero have no stroke.
   *
   * @param at seconds
   */
  public TimeChart add(String style, double[] at, double[] values) {
    series.add(new Series(style, at, values));
    for (double value : values) {
      if (value > 0) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    return this;
  }

  /** The picture. */
  public String svg() {
    StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 ");
    svg.append(Html.at(WIDTH)).append(' ').append(Html.at(HEIGHT));
    svg.append("\" role=\"img\" aria-label=\"").append(Html.text(title)).append("\">\n");
    double low = logarithmic ? decade(Math.min(least, Math.max(most, 1))) : 0;
    double high = logarithmic ? Math.max(low * 10, decade(most * 9.99)) : roundUp(most);
    for (double mark = low; mark <= high * 1.001; ) {
      double y = y(mark, low, high);
      line(svg, y, mark == low ? "axis" : "gridline");
      text(svg, LEFT - 6, y + 4, "end", label.apply(mark));
      mark = logarithmic ? mark * 10 : mark + high / MARKS;
    }
    for (int i = 0; i <= MARKS; i++) {
      double x = LEFT + (WIDTH - LEFT - RIGHT) * i / MARKS;
      String anchor = i == 0 ? "start" : i == MARKS ? "end" : "middle";
      text(svg, x, HEIGHT - 5, anchor, i == 0 ? "0" : Html.nanos(seconds * 1e9 * i / MARKS));
    }
    for (Series each : series) {
      svg.append("<path class=\"line ").append(each.style()).append("\" d=\"");
      path(svg, each, low, high);
      svg.append("\"/>\n");
    }
    return svg.append("</svg>").toString();
  }

  private void path(StringBuilder svg, Series each, double low, double high) {
    char command = 'M';
    for (int i = 0; i < each.at().length; i++) {
      double value = each.values()[i];
      if (logarithmic && value <= 0 || value < 0) {
        continue;
      }
      double x = LEFT + (WIDTH - LEFT - RIGHT) * Math.clamp(each.at()[i] / seconds, 0, 1);
      if (logarithmic) {
        svg.append('M').append(Html.at(x)).append(' ').append(Html.at(BOTTOM));
        command = 'L';
      }
      svg.append(command).append(Html.at(x)).append(' ').append(Html.at(y(value, low, high)));
      command = 'L';
    }
  }

  private double y(double value, double low, double high) {
    double part =
        logarithmic
            ? Math.log10(Math.max(value, low) / low) / Math.log10(high / low)
            : value / high;
    return BOTTOM - (BOTTOM - TOP) * Math.clamp(part, 0, 1);
  }

  private static double decade(double value) {
    return Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
  }

  /** To a power of two times one of the base, which four marks divide well. */
  private double roundUp(double value) {
    double unit = 1;
    while (unit * base <= value) {
      unit *= base;
    }
    double rounded = Math.max(MARKS, unit);
    while (rounded < value) {
      rounded *= 2;
    }
    return rounded;
  }

  private static void line(StringBuilder svg, double y, String style) {
    svg.append("<path d=\"M").append(Html.at(LEFT)).append(' ').append(Html.at(y)).append('H');
    svg.append(Html.at(WIDTH - RIGHT)).append("\" class=\"").append(style).append("\"/>");
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append("<text x=\"").append(Html.at(x)).append("\" y=\"").append(Html.at(y));
    svg.append("\" text-anchor=\"").append(anchor).append("\">");
    svg.append(Html.text(text)).append("</text>\n");
  }
}
