package org.ouroboros.benchmarks.scenario;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.ouroboros.benchmarks.scenario.Outcome.Mismatch;

/** Prints a line for each scenario as soon as it is done, and the totals. */
final class ScenarioReport {

  private static final double NANOS_A_MILLI = 1e6;

  private final String subject;
  private final PrintWriter out;
  private final int nameWidth;
  private final long ops;

  /**
   * Begins a report.
   *
   * @param scenarios all that will be printed
   * @param subject what they are replayed on
   */
  ScenarioReport(List<Scenario> scenarios, String subject, PrintWriter out) {
    this.subject = subject;
    this.out = out;
    this.nameWidth = scenarios.stream().mapToInt(s -> s.name().length()).reduce(1, Math::max);
    this.ops = scenarios.stream().mapToLong(s -> s.steps().size()).sum();
  }

  /** The ops of all scenarios. */
  long ops() {
    return ops;
  }

  void print(Outcome outcome) {
    Mismatch mismatch = outcome.mismatch();
    out.printf(
        Locale.ROOT,
        "%-" + nameWidth + "s  %,9d ops  %,9.1f ms  %s%n",
        outcome.scenario(),
        outcome.ops(),
        outcome.nanos() / NANOS_A_MILLI,
        mismatch == null ? "ok" : "DIFFERS");
    if (mismatch != null) {
      out.printf("  op %d (line %d): %s%n", mismatch.number(), mismatch.line(), mismatch.op());
      Difference difference = mismatch.difference();
      out.printf("    %s expected: %s%n", difference.field(), difference.expected());
      out.printf("    %s got:      %s%n", difference.field(), difference.got());
    }
    out.flush();
  }

  void printTotals(List<Outcome> outcomes) {
    long differ = outcomes.stream().filter(outcome -> !outcome.ok()).count();
    out.printf(
        Locale.ROOT,
        "%d %s, %,d ops, on %s: %s%n",
        outcomes.size(),
        outcomes.size() == 1 ? "scenario" : "scenarios",
        ops,
        subject,
        differ == 0 ? "all as in CPython" : differ + " differ");
    out.flush();
  }
}
