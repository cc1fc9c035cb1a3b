package org.ouroboros.benchmarks.pauses;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.ouroboros.benchmarks.replay.Axis;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Html;

/** A chart of something over the seconds of a run, with the largest value of each column. */
final class TimeChart {

  private static final double WIDTH = 560;
  private static final double HEIGHT = 170;
  private static final double LEFT = 44;
  private static final double RIGHT = 10;
  private static final double TOP = 8;
  private static final double FOOT = 22;
  private static final int MARKS = 4;
  private static final int QUARTERS = 4;
  private static final int COLUMNS = 1000;

  private final String title;
  private final double seconds;

  /** Negative where there is nothing. */
  private final double[] columns = new double[COLUMNS];

  private TimeChart(String title, double seconds) {
    this.title = title;
    this.seconds = Math.max(seconds, 1e-9);
    Arrays.fill(columns, -1);
  }

  /** A line through values. */
  static String line(
      String title, double seconds, int size, IntToDoubleFunction at, IntToDoubleFunction value) {
    return new TimeChart(title, seconds).put(size, at, value).svg(false);
  }

  /** A bar from zero for each value. */
  static String bars(
      String title, double seconds, int size, IntToDoubleFunction at, IntToDoubleFunction value) {
    return new TimeChart(title, seconds).put(size, at, value).svg(true);
  }

  private TimeChart put(int size, IntToDoubleFunction at, IntToDoubleFunction value) {
    for (int i = 0; i < size; i++) {
      double part = at.applyAsDouble(i) / seconds;
      int column = Math.clamp((long) (part * COLUMNS), 0, COLUMNS - 1);
      columns[column] = Math.max(columns[column], value.applyAsDouble(i));
    }
    return this;
  }

  private String svg(boolean bars) {
    double largest = 0;
    for (double value : columns) {
      largest = Math.max(largest, value);
    }
    Axis axis = Axis.upTo(largest, MARKS);
    StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 ");
    svg.append(Html.at(WIDTH)).append(' ').append(Html.at(HEIGHT));
    svg.append("\" role=\"img\" aria-label=\"").append(Html.text(title)).append("\">");
    for (double mark : axis.marks()) {
      double y = y(mark, axis);
      svg.append(Html.line(LEFT, y, WIDTH - RIGHT, y, mark == 0 ? "axis" : "gridline"));
      svg.append(Html.label(LEFT - 6, y + 4, "end", "", axis.label(mark)));
    }
    for (int quarter = 0; quarter <= QUARTERS; quarter++) {
      String anchor = quarter == QUARTERS ? "end" : quarter == 0 ? "start" : "middle";
      String label = Figures.fixed(seconds * quarter / QUARTERS, 1) + " s";
      svg.append(Html.label(x(COLUMNS * quarter / QUARTERS), HEIGHT - 6, anchor, "", label));
    }
    svg.append("<path class=\"line\" style=\"stroke:var(--c0)\" d=\"");
    path(svg, axis, bars);
    return svg.append("\"/></svg>").toString();
  }

  private void path(StringBuilder svg, Axis axis, boolean bars) {
    char command = 'M';
    for (int column = 0; column < COLUMNS; column++) {
      if (columns[column] >= 0) {
        String x = Html.at(x(column));
        if (bars) {
          svg.append('M').append(x).append(' ').append(Html.at(y(0, axis)));
          command = 'L';
        }
        svg.append(command).append(x).append(' ').append(Html.at(y(columns[column], axis)));
        command = 'L';
      }
    }
  }

  private static double x(int column) {
    return LEFT + (WIDTH - LEFT - RIGHT) * column / COLUMNS;
  }

  private static double y(double value, Axis axis) {
    double bottom = HEIGHT - FOOT;
    return bottom - (bottom - TOP) * Math.max(0, value) / axis.max();
  }
}
