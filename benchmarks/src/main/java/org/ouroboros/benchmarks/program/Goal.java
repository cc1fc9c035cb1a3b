package org.ouroboros.benchmarks.program;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.Statistics;

/** What the heap has to reach: the most that its figures may be, over those of a reference. */
enum Goal {
  TREES_SERIAL("trees", false, 3.0, Subject.SERIAL),
  TREES_SERIAL_COMPACT("trees", false, 3.0, Subject.SERIAL_COMPACT),
  TREES_G1("trees", false, 1.0, Subject.G1),
  TREES_G1_COMPACT("trees", false, 1.0, Subject.G1_COMPACT),
  TREES_G1_DEFAULT("trees", false, 1.0, Subject.G1_DEFAULT),
  TREES_ZGC("trees", false, 1.0, Subject.ZGC),
  TREES_ZGC_COMPACT("trees", false, 1.0, Subject.ZGC_COMPACT),
  TREES_CPYTHON("trees", false, 0.1, Subject.CPYTHON),
  TREES_BOEHM("trees", false, 0.5, Subject.BOEHM),
  TREES_MEMORY_G1("trees", true, 0.35, Subject.G1),
  TREES_MEMORY_G1_COMPACT("trees", true, 0.35, Subject.G1_COMPACT),
  TREES_MEMORY_G1_DEFAULT("trees", true, 0.35, Subject.G1_DEFAULT);

  /** How far above the limit a bound may lie. */
  private static final double TOLERANCE = 1.1;

  private final String program;
  private final boolean memory;
  private final double most;
  private final Subject reference;

  Goal(String program, boolean memory, double most, Subject reference) {
    this.program = program;
    this.memory = memory;
    this.most = most;
    this.reference = reference;
  }

  /**
   * A line of the judgement.
   *
   * @param program what was run
   * @param subject which of ours
   * @param reference what it is held against
   * @param what is compared: time or memory
   * @param ratio ours over theirs
   * @param most the most that will do
   * @param met whether it does
   */
  record Verdict(
      Program program,
      Subject subject,
      Subject reference,
      String what,
      Statistics.Bounded ratio,
      double most,
      boolean met) {}

  /** The judgement of all goals for whose programs and references there are figures. */
  static List<Verdict> judge(Runs runs) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Program one : runs.programs()) {
      for (Subject subject : runs.subjects(one)) {
        for (Goal goal : values()) {
          if (subject.isOurs()
              && goal.program.equals(one.name())
              && runs.subjects(one).contains(goal.reference)) {
            verdicts.add(goal.judge(runs, one, subject));
          }
        }
      }
    }
    return verdicts;
  }

  private Verdict judge(Runs runs, Program one, Subject subject) {
    Statistics.Bounded ratio =
        Statistics.medianOf(
            memory
                ? runs.memoryRatios(one, subject, reference)
                : runs.timeRatios(one, subject, reference));
    return new Verdict(
        one, subject, reference, memory ? "memory" : "time", ratio, most, meets(ratio, most));
  }

  /** Whether the median meets a limit and its upper bound is at most 10 % above it. */
  static boolean meets(Statistics.Bounded ratio, double most) {
    return ratio.value() <= most && ratio.high() <= most * TOLERANCE;
  }
}
