package org.ouroboros.benchmarks.workload;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.Statistics;

/**
 * What the default allocator has to reach: least ratios of its throughput to that of a C library
 * called from Java. {@code NaN} where there is no limit.
 */
enum Goal {
  MIMALLOC("mimalloc", 0.95, 1.0, 1.3),
  LIBC("libc", 1.0, Double.NaN, Double.NaN);

  /** How far a bound, or the one workload that may miss, lies below the limit at the most. */
  private static final double TOLERANCE = 0.9;

  private final String reference;
  private final double each;
  private final double mean;
  private final double stretch;

  Goal(String reference, double each, double mean, double stretch) {
    this.reference = reference;
    this.each = each;
    this.mean = mean;
    this.stretch = stretch;
  }

  String reference() {
    return reference;
  }

  /**
   * A line of the judgement.
   *
   * @param allocator which of ours
   * @param goal what it is held against
   * @param what a workload, or all of them
   * @param ratio of the throughputs
   * @param must the least that will do
   * @param met whether it does
   */
  record Verdict(
      String allocator,
      Goal goal,
      String what,
      Statistics.Bounded ratio,
      double must,
      boolean met) {}

  /** The judgement of one of ours: each workload, then all. */
  List<Verdict> judge(Runs runs, String allocator) {
    List<Verdict> verdicts = new ArrayList<>();
    List<double[]> samples = new ArrayList<>();
    int missed = 0;
    boolean far = false;
    double worst = Double.POSITIVE_INFINITY;
    for (Workload workload : runs.workloads()) {
      double[] sample = runs.ratios(workload, allocator, reference);
      Statistics.Bounded ratio = Statistics.medianOf(sample);
      boolean met = meets(ratio, each);
      verdicts.add(new Verdict(allocator, this, workload.name(), ratio, each, met));
      samples.add(sample);
      missed += met ? 0 : 1;
      far |= ratio.value() < each * TOLERANCE;
      worst = Math.min(worst, ratio.value());
    }
    Statistics.Bounded least = new Statistics.Bounded(worst, worst, worst);
    verdicts.add(new Verdict(allocator, this, "each", least, each, missed <= 1 && !far));
    Statistics.Bounded all = Statistics.geometricMeanOfMedians(samples.toArray(double[][]::new));
    if (!Double.isNaN(mean)) {
      verdicts.add(new Verdict(allocator, this, "mean", all, mean, meets(all, mean)));
      verdicts.add(
          new Verdict(allocator, this, "mean, stretch", all, stretch, meets(all, stretch)));
    }
    return verdicts;
  }

  /** Whether the median meets a limit and its lower bound is at most 10 % below it. */
  static boolean meets(Statistics.Bounded ratio, double limit) {
    return ratio.value() >= limit && ratio.low() >= limit * TOLERANCE;
  }
}
