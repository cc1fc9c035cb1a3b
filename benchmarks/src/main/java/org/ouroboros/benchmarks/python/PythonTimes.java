package org.ouroboros.benchmarks.python;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Progress;
import org.ouroboros.benchmarks.replay.Statistics;

/**
 * The times of one program on several allocators, in forked JVMs that take turns; each is compared
 * with pymalloc's in the same turn.
 */
final class PythonTimes {

  /** What is compared unless others are named. */
  static final List<String> ALLOCATORS =
      List.of("ouroboros", "mimalloc", "libc", "ouroboros_debug");

  private static final String SCRIPT = "workload.py";

  /** Rounds of the workload in each fork, and those that only warm up. */
  private static final int PASSES = 36;

  private static final int WARM_UP = 12;
  private static final double LIMIT = 1.6;

  private final PythonFork fork;
  private final Map<String, List<Double>> millis = new LinkedHashMap<>();

  PythonTimes(String library, List<String> allocators, List<String> flags) {
    fork = new PythonFork(library, flags);
    millis.put(PythonCommand.OWN, new ArrayList<>());
    allocators.forEach(allocator -> millis.putIfAbsent(allocator, new ArrayList<>()));
  }

  /**
   * Runs the workload.
   *
   * @param turns forks of each allocator; every other turn is in reverse order
   */
  void measure(int turns, Progress progress) throws IOException {
    for (int turn = 0; turn < turns; turn++) {
      List<String> order = new ArrayList<>(millis.keySet());
      if (turn % 2 == 1) {
        order = order.reversed();
      }
      for (int i = 0; i < order.size(); i++) {
        String allocator = order.get(i);
        progress.at((turn + (double) i / order.size()) / turns, allocator);
        List<String> lines = fork.run(allocator, SCRIPT, List.of(Integer.toString(PASSES)));
        millis.computeIfAbsent(allocator, name -> new ArrayList<>()).add(best(lines));
      }
    }
  }

  /**
   * The least of the rounds that are warm: all do the same, so that what takes longer is the
   * machine's.
   */
  private static double best(List<String> lines) throws IOException {
    double[] rounds =
        lines.stream()
            .filter(line -> line.startsWith("round "))
            .mapToDouble(line -> Double.parseDouble(line.substring("round ".length())))
            .skip(WARM_UP)
            .toArray();
    if (rounds.length != PASSES - WARM_UP) {
      throw new IOException(SCRIPT + " told " + rounds.length + " rounds, not its " + PASSES);
    }
    return Statistics.min(rounds);
  }

  /** The table, in lines. */
  List<String> table() {
    double[] own = times(PythonCommand.OWN);
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            "%-20s %9s  %s", "json/dict workload", "ms/round", "x pymalloc [95 % bound]"));
    for (String allocator : millis.keySet()) {
      double[] times = times(allocator);
      double[] ratios = new double[times.length];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = times[i] / own[i];
      }
      Statistics.Bounded ratio = Statistics.medianOf(ratios);
      lines.add(
          String.format(
              "%-20s %9s  %s [%s, %s]",
              allocator,
              Figures.fixed(Statistics.median(times), 1),
              Figures.fixed(ratio.value(), 2),
              Figures.fixed(ratio.low(), 2),
              Figures.fixed(ratio.high(), 2)));
    }
    lines.add(
        own.length
            + " turns of a forked JVM each; best of "
            + (PASSES - WARM_UP)
            + " rounds after "
            + WARM_UP
            + " to warm up; limit for ouroboros: "
            + LIMIT);
    return lines;
  }

  private double[] times(String allocator) {
    return millis.getOrDefault(allocator, List.of()).stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }
}
