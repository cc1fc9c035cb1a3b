package org.ouroboros.benchmarks.micro;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.ouroboros.benchmarks.replay.Statistics;

/** The samples of all workloads and allocators, in the order of the rounds. */
final class Timings {

  private final Map<Workload, Map<String, List<Sample>>> samples = new EnumMap<>(Workload.class);

  void add(Workload workload, String allocator, Sample sample) {
    samples
        .computeIfAbsent(workload, w -> new LinkedHashMap<>())
        .computeIfAbsent(allocator, a -> new ArrayList<>())
        .add(sample);
  }

  Set<String> allocators(Workload workload) {
    return samples.getOrDefault(workload, Map.of()).keySet();
  }

  /** Nanoseconds an operation, round by round. */
  double[] nanos(Workload workload, String allocator) {
    return values(workload, allocator, Sample::nanos);
  }

  /** Bytes of Java heap an operation: the median of the rounds. */
  double heapBytes(Workload workload, String allocator) {
    return Statistics.median(values(workload, allocator, Sample::heapBytes));
  }

  /**
   * The fastest of some allocators, by the median of its rounds.
   *
   * @throws IllegalArgumentException if there is none
   */
  String fastest(Workload workload, List<String> among) {
    return among.stream()
        .min(Comparator.comparingDouble(name -> Statistics.median(nanos(workload, name))))
        .orElseThrow(() -> new IllegalArgumentException("no allocator to compare with"));
  }

  /** The ratios, within each round, of one allocator's time to another's. */
  double[] pairRatios(Workload workload, String allocator, String reference) {
    double[] ours = nanos(workload, allocator);
    double[] theirs = nanos(workload, reference);
    double[] ratios = new double[Math.min(ours.length, theirs.length)];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return ratios;
  }

  private double[] values(Workload workload, String allocator, ToDoubleFunction<Sample> value) {
    return samples.getOrDefault(workload, Map.of()).getOrDefault(allocator, List.of()).stream()
        .mapToDouble(value)
        .toArray();
  }
}
