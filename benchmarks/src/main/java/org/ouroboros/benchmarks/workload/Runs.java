package org.ouroboros.benchmarks.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ouroboros.benchmarks.replay.Statistics;

/**
 * All runs, in the order of the rounds. In each round every allocator runs each workload once, so
 * that whatever else the machine does falls on all alike; every other round goes backwards, so that
 * a drift cancels out.
 */
final class Runs {

  private final List<Workload> workloads;
  private final List<String> allocators;
  private final Map<String, List<Run>> runs = new LinkedHashMap<>();

  Runs(List<Workload> workloads, List<String> allocators) {
    this.workloads = List.copyOf(workloads);
    this.allocators = List.copyOf(allocators);
  }

  /** Runs a workload on an allocator in a JVM of its own. */
  interface Fork {
    Run run(Workload workload, String allocator) throws IOException;
  }

  /** Is told before each fork how much of all is done, and what is next. */
  interface Listener {
    void before(double done, String next);
  }

  void measure(int rounds, Fork fork, Listener listener) throws IOException {
    double forks = (double) rounds * workloads.size() * allocators.size();
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      List<String> turn = round % 2 == 0 ? allocators : allocators.reversed();
      for (Workload workload : workloads) {
        for (String allocator : turn) {
          listener.before(done++ / forks, workload.name() + " on " + allocator);
          add(workload, allocator, fork.run(workload, allocator));
        }
      }
    }
  }

  void add(Workload workload, String allocator, Run run) {
    runs.computeIfAbsent(key(workload, allocator), key -> new ArrayList<>()).add(run);
  }

  List<Workload> workloads() {
    return workloads;
  }

  List<String> allocators() {
    return allocators;
  }

  /** Operations a second, round by round. */
  double[] throughputs(Workload workload, String allocator) {
    return of(workload, allocator).stream().mapToDouble(Run::throughput).toArray();
  }

  /** The median of the peaks of resident bytes, negative if not known. */
  long peakBytes(Workload workload, String allocator) {
    return (long)
        Statistics.median(of(workload, allocator).stream().mapToDouble(Run::peakBytes).toArray());
  }

  /** The throughput of one allocator over that of another, round by round. */
  double[] ratios(Workload workload, String allocator, String reference) {
    double[] ours = throughputs(workload, allocator);
    double[] theirs = throughputs(workload, reference);
    double[] ratios = new double[Math.min(ours.length, theirs.length)];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return ratios;
  }

  private List<Run> of(Workload workload, String allocator) {
    return runs.getOrDefault(key(workload, allocator), List.of());
  }

  private static String key(Workload workload, String allocator) {
    return workload.name() + " " + allocator;
  }
}
