package org.ouroboros.benchmarks.micro;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.Statistics;

/**
 * What was found of a bar.
 *
 * @param bar the bar
 * @param nanos our median, in nanoseconds an operation
 * @param best the fastest C library by its median, or the JDK's arena
 * @param bestNanos that median
 * @param ratio the median of our times over its times, round by round, with the 95 % bound
 * @param heapBytes bytes of Java heap that ours allocates an operation
 */
record Verdict(
    Bar bar,
    double nanos,
    String best,
    double bestNanos,
    Statistics.Bounded ratio,
    double heapBytes) {

  boolean meetsMust() {
    return Bar.meets(ratio, bar.must());
  }

  boolean meetsStretch() {
    return Bar.meets(ratio, bar.stretch());
  }

  /** The verdicts on all bars, with {@code natives} to compare with. */
  static List<Verdict> of(Timings timings, List<String> natives) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Bar bar : Bar.values()) {
      Workload workload = bar.workload();
      String best = timings.fastest(workload, workload.peers(natives));
      verdicts.add(
          new Verdict(
              bar,
              Statistics.median(timings.nanos(workload, bar.allocator())),
              best,
              Statistics.median(timings.nanos(workload, best)),
              Statistics.medianOf(timings.pairRatios(workload, bar.allocator(), best)),
              timings.heapBytes(workload, bar.allocator())));
    }
    return verdicts;
  }
}
