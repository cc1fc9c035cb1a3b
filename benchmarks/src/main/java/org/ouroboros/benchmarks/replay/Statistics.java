package org.ouroboros.benchmarks.replay;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Medians, geometric means and bootstrap bounds. */
public final class Statistics {

  private static final int RESAMPLES = 2000;
  private static final double TAIL = 0.025;
  private static final long SEED = 20_260_101;

  private Statistics() {}

  /**
   * An estimate with its 95 % bootstrap bound.
   *
   * @param value the estimate from the sample itself
   * @param low the 2.5 % quantile of the estimates from resamples
   * @param high the 97.5 % quantile
   */
  public record Bounded(double value, double low, double high) {}

  /**
   * The median.
   *
   * @param values any number of values
   * @return the middle one, or the mean of the middle two; NaN of none
   */
  public static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The least.
   *
   * @param values any number of values
   * @return the least of them, NaN of none
   */
  public static double min(double... values) {
    return Arrays.stream(values).min().orElse(Double.NaN);
  }

  static double max(double... values) {
    return Arrays.stream(values).max().orElse(Double.NaN);
  }

  /**
   * The geometric mean.
   *
   * @param values any number of positive values
   * @return their mean, NaN of none
   */
  public static double geometricMean(double... values) {
    return Math.exp(Arrays.stream(values).map(Math::log).average().orElse(Double.NaN));
  }

  /**
   * The median of a sample.
   *
   * @param sample at least one value
   * @return the median and its bound
   */
  public static Bounded medianOf(double[] sample) {
    return bootstrap(new double[][] {sample}, samples -> median(samples[0]));
  }

  /**
   * The geometric mean of the medians of several samples, each resampled for itself.
   *
   * @param samples each of at least one value
   * @return the mean and its bound
   */
  public static Bounded geometricMeanOfMedians(double[][] samples) {
    return bootstrap(
        samples,
        drawn -> geometricMean(Arrays.stream(drawn).mapToDouble(Statistics::median).toArray()));
  }

  private static Bounded bootstrap(double[][] samples, ToDoubleFunction<double[][]> estimate) {
    Random random = new Random(SEED);
    double[] estimates = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double[][] drawn = new double[samples.length][];
      for (int s = 0; s < samples.length; s++) {
        double[] sample = samples[s];
        drawn[s] =
            random.ints(sample.length, 0, sample.length).mapToDouble(k -> sample[k]).toArray();
      }
      estimates[i] = estimate.applyAsDouble(drawn);
    }
    Arrays.sort(estimates);
    return new Bounded(
        estimate.applyAsDouble(samples),
        estimates[(int) (TAIL * RESAMPLES)],
        estimates[(int) ((1 - TAIL) * RESAMPLES) - 1]);
  }
}
