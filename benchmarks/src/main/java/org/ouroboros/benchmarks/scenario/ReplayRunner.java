package org.ouroboros.benchmarks.scenario;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ouroboros.benchmarks.scenario.Outcome.Mismatch;
import org.ouroboros.benchmarks.scenario.Scenario.Step;

/**
 * Replays a scenario on a new subject and compares what it shows, op by op, up to the first
 * difference. What the subject throws is a difference too.
 */
final class ReplayRunner {

  /** How many ops there are between two notes of the progress. */
  private static final int NOTE_EVERY = 1024;

  private final Scenario scenario;
  private final Population population = new Population();
  private final Observation seen = new Observation();

  private ReplayRunner(Scenario scenario) {
    this.scenario = scenario;
  }

  /**
   * Replays a scenario.
   *
   * @param scenario what is done
   * @param maker makes the subject, which is closed here
   * @param progress told now and then how many ops are done
   * @throws ScenarioException if an op names an object that is not there
   */
  static Outcome replay(
      Scenario scenario, Supplier<? extends ScenarioSubject> maker, IntConsumer progress)
      throws ScenarioException {
    long begin = System.nanoTime();
    Mismatch mismatch = new ReplayRunner(scenario).run(maker, progress);
    int ops = scenario.steps().size();
    return new Outcome(scenario.name(), ops, System.nanoTime() - begin, mismatch);
  }

  private @Nullable Mismatch run(Supplier<? extends ScenarioSubject> maker, IntConsumer progress)
      throws ScenarioException {
    int after = scenario.steps().size() + 1;
    ScenarioSubject subject;
    try {
      subject = maker.get();
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return new Mismatch(0, "make the heap", thrown(e));
    }
    Mismatch found;
    try {
      found = steps(subject, progress);
      if (found == null) {
        found = verify(subject, after);
      }
    } catch (ScenarioException e) {
      close(subject, after);
      throw e;
    }
    Mismatch closing = close(subject, after);
    // what a heap does that went wrong already is of no interest
    return found == null ? closing : found;
  }

  private @Nullable Mismatch steps(ScenarioSubject subject, IntConsumer progress)
      throws ScenarioException {
    List<Step> steps = scenario.steps();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      admit(step.op(), i);
      Difference difference = step(subject, step);
      if (difference != null) {
        return new Mismatch(i + 1, step.op().toString(), difference);
      }
      population.bury(seen.dead);
      if (i % NOTE_EVERY == 0) {
        progress.accept(i);
      }
    }
    return null;
  }

  private void admit(Op op, int index) throws ScenarioException {
    try {
      population.admit(op);
    } catch (IllegalArgumentException e) {
      throw new ScenarioException(
          scenario.source(), Scenario.line(index), op + ": " + e.getMessage(), e);
    }
  }

  private @Nullable Difference step(ScenarioSubject subject, Step step) {
    seen.clear();
    try {
      subject.apply(step.op(), seen);
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      seen.sawFailure(e);
    }
    return Comparison.of(step.expectation(), seen);
  }

  private static @Nullable Mismatch verify(ScenarioSubject subject, int number) {
    try {
      List<String> faults = subject.verify();
      return faults.isEmpty()
          ? null
          : new Mismatch(number, "verify", new Difference("heap", "in order", "" + faults));
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return new Mismatch(number, "verify", thrown(e));
    }
  }

  private static @Nullable Mismatch close(ScenarioSubject subject, int number) {
    try {
      subject.close();
      return null;
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return new Mismatch(number, "close", thrown(e));
    }
  }

  private static Difference thrown(Throwable e) {
    return new Difference("exception", "none", e.toString());
  }
}
