package org.ouroboros.benchmarks.replay;

import java.util.stream.DoubleStream;

/**
 * A scale from 0 to a round number.
 *
 * @param max its end
 * @param step from one mark to the next
 */
public record Axis(double max, double step) {

  private static final double[] ROUND = {1, 2, 2.5, 5, 10};

  /**
   * A scale.
   *
   * @param largest the value it is to hold
   * @param marks about how many marks it is to have
   * @return the scale
   */
  public static Axis upTo(double largest, int marks) {
    double top = largest > 0 ? largest : 1;
    double rough = top / marks;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step =
        DoubleStream.of(ROUND)
            .map(r -> r * power)
            .filter(s -> s >= rough)
            .findFirst()
            .orElse(rough);
    return new Axis(Math.ceil(top / step - 1e-9) * step, step);
  }

  /**
   * All marks.
   *
   * @return from 0 to {@link #max}
   */
  public double[] marks() {
    int count = (int) Math.round(max / step);
    return DoubleStream.iterate(0, i -> i <= count, i -> i + 1).map(i -> i * step).toArray();
  }

  /**
   * A mark in words.
   *
   * @param mark one of {@link #marks}
   * @return its text
   */
  public String label(double mark) {
    return step == Math.rint(step)
        ? Figures.fixed(mark, 0)
        : Figures.fixed(mark, step * 10 == Math.rint(step * 10) ? 1 : 2);
  }
}
