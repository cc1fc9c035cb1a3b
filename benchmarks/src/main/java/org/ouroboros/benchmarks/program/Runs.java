package org.ouroboros.benchmarks.program;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.ouroboros.benchmarks.replay.Statistics;

/**
 * All runs, in the order of the rounds. In each round every subject runs each program once, so that
 * whatever else the machine does falls on all alike; every other round goes backwards, so that a
 * drift cancels out.
 */
final class Runs {

  /** By program, in order; those subjects that can run it, in order. */
  private final Map<Program, Map<Subject, List<Run>>> runs = new LinkedHashMap<>();

  private final List<String> faults = new ArrayList<>();

  /** Runs a program on a subject in a process of its own. */
  interface Fork {
    Run run(Program program, Subject subject) throws IOException;
  }

  /** Is told before each fork how much of all is done, and what is next. */
  interface Listener {
    void before(double done, String next);
  }

  void plan(Program program, List<Subject> subjects) {
    Map<Subject, List<Run>> each = new EnumMap<>(Subject.class);
    subjects.forEach(subject -> each.put(subject, new ArrayList<>()));
    runs.put(program, each);
  }

  /** Runs everything so often. A subject that fails is left out from then on, and noted. */
  void measure(int rounds, Fork fork, Listener listener) {
    int each = programs().stream().mapToInt(program -> subjects(program).size()).sum();
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      for (Program program : programs()) {
        List<Subject> turn = subjects(program);
        for (Subject subject : round % 2 == 0 ? turn : turn.reversed()) {
          listener.before(
              done++ / (double) (rounds * each), program.title() + " on " + subject.label());
          try {
            add(program, subject, fork.run(program, subject));
          } catch (IOException e) {
            fail(program, subject, String.valueOf(e.getMessage()));
          }
        }
      }
    }
  }

  /** Leaves a subject out, for a reason of one line. */
  private void fail(Program program, Subject subject, String reason) {
    faults.add(reason);
    runs.getOrDefault(program, Map.of()).remove(subject);
  }

  /** What failed, a line each; then there are no figures of it. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /**
   * Adds a run.
   *
   * @throws IOException if something else came out of it than on another subject; one line
   */
  void add(Program program, Subject subject, Run run) throws IOException {
    for (Subject other : subjects(program)) {
      for (Run one : of(program, other)) {
        if (one.check() != run.check() || one.operations() != run.operations()) {
          throw new IOException(
              program.title()
                  + ": on "
                  + subject.label()
                  + " came out "
                  + run.check()
                  + " of "
                  + run.operations()
                  + " operations, on "
                  + other.label()
                  + " "
                  + one.check()
                  + " of "
                  + one.operations());
        }
      }
    }
    of(program, subject).add(run);
  }

  List<Program> programs() {
    return List.copyOf(runs.keySet());
  }

  /** Those that run a program. */
  List<Subject> subjects(Program program) {
    return List.copyOf(runs.getOrDefault(program, Map.of()).keySet());
  }

  /** The time of an operation, round by round. */
  double[] nanos(Program program, Subject subject) {
    return values(program, subject, Run::nanosEach);
  }

  /** The median of what the memory under test took; negative if not known. */
  long memoryBytes(Program program, Subject subject) {
    return (long) Statistics.median(values(program, subject, Run::memoryBytes));
  }

  /** The median of the peaks; negative if not known. */
  long peakBytes(Program program, Subject subject) {
    return (long) Statistics.median(values(program, subject, Run::peakBytes));
  }

  /** The median of the peaks of the process; negative if not known. */
  long processBytes(Program program, Subject subject) {
    return (long) Statistics.median(values(program, subject, Run::processBytes));
  }

  /** One subject's times over those of another, round by round. */
  double[] timeRatios(Program program, Subject subject, Subject reference) {
    return ratios(program, subject, reference, Run::nanosEach);
  }

  /** One subject's memory over that of another, round by round. */
  double[] memoryRatios(Program program, Subject subject, Subject reference) {
    return ratios(program, subject, reference, Run::memoryBytes);
  }

  /** One subject's peaks over those of another, round by round. */
  double[] peakRatios(Program program, Subject subject, Subject reference) {
    return ratios(program, subject, reference, Run::peakBytes);
  }

  /** Those of all rounds together. */
  Latencies latencies(Program program, Subject subject) {
    Latencies all = new Latencies();
    of(program, subject).forEach(run -> all.add(run.latencies()));
    return all;
  }

  private double[] ratios(
      Program program, Subject subject, Subject reference, ToDoubleFunction<Run> what) {
    double[] ours = values(program, subject, what);
    double[] theirs = values(program, reference, what);
    double[] ratios = new double[Math.min(ours.length, theirs.length)];
    for (int i = 0; i < ratios.length; i++) {
      // what is not known is negative
      ratios[i] = ours[i] < 0 || theirs[i] <= 0 ? Double.NaN : ours[i] / theirs[i];
    }
    return ratios;
  }

  private double[] values(Program program, Subject subject, ToDoubleFunction<Run> what) {
    return of(program, subject).stream().mapToDouble(what).toArray();
  }

  private List<Run> of(Program program, Subject subject) {
    List<Run> of = runs.getOrDefault(program, Map.of()).get(subject);
    if (of == null) {
      throw new IllegalArgumentException(subject.label() + " does not run " + program.name());
    }
    return of;
  }
}
