package org.ouroboros.benchmarks.pauses;

import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.latency.Times;

/**
 * Has the program do its operations: at due times that do not depend on how long they take, so that
 * a slow one delays those after it, as a program's work would pile up; or one after the other.
 *
 * <p>Garbage is counted every 5 ms while the mutator waits for the next due time, or after 20 ms if
 * it never does. That takes some microseconds, is no call of the program, and is not subtracted
 * from how late an operation is that became due meanwhile.
 *
 * <p>Java objects have no library calls that could stand still in the collector's place: any moment
 * can. So there, while the mutator waits, a gap between two readings of the clock is kept as long
 * calls are.
 */
final class Mutator {

  private static final double SECOND = 1e9;
  private static final long MILLI = 1_000_000;
  private static final long SAMPLE_NANOS = 5 * MILLI;
  private static final long LATEST_SAMPLE_NANOS = 20 * MILLI;

  /** A run that takes so many times as long as it should ends early. */
  private static final int PATIENCE = 2;

  private final Churn churn;
  private final CallClock clock;
  private final Plan plan;
  private final Histogram answers = Times.histogram();
  private final Samples samples = new Samples();
  private long begin;
  private long end;
  private long operations;
  private long behind;
  private long lastSample;

  Mutator(Churn churn, CallClock clock, Plan plan) {
    this.churn = churn;
    this.clock = clock;
    this.plan = plan;
  }

  /** Does operations for so long; what was noted before is forgotten. */
  void run(int millis) {
    answers.reset();
    samples.clear();
    clock.reset();
    clock.run(!plan.closed());
    begin = System.nanoTime();
    lastSample = begin;
    if (plan.closed()) {
      closed(millis * MILLI);
    } else {
      open(millis * MILLI);
    }
    clock.run(false);
    sample(end);
  }

  private void open(long nanos) {
    double interval = SECOND / plan.rate();
    long arrivals = Math.max(1, (long) (nanos / interval));
    long deadline = begin + PATIENCE * nanos;
    operations = 0;
    end = begin;
    for (long due = begin; operations < arrivals && end - deadline < 0; operations++) {
      due = begin + (long) (operations * interval);
      await(due);
      churn.operate();
      end = System.nanoTime();
      Times.record(answers, end - due);
      behind = end - due;
    }
  }

  private void await(long due) {
    long now = System.nanoTime();
    if (now - lastSample >= (now - due < 0 ? SAMPLE_NANOS : LATEST_SAMPLE_NANOS)) {
      sample(now);
      now = System.nanoTime();
    }
    while (now - due < 0) {
      Thread.onSpinWait();
      long next = System.nanoTime();
      if (plan.mode().isHeap()) {
        clock.idle(now, next);
      } else {
        clock.gap(now, next);
      }
      now = next;
    }
  }

  private void closed(long nanos) {
    operations = 0;
    end = begin;
    while (end - begin < nanos) {
      churn.operate();
      operations++;
      long now = System.nanoTime();
      Times.record(answers, now - end);
      if (now - lastSample >= SAMPLE_NANOS) {
        sample(now);
      }
      end = now;
    }
  }

  /** Counts the garbage, and asks for a collection if the plan says so. */
  private void sample(long now) {
    lastSample = now;
    long garbage = churn.garbage();
    if (garbage < 0) {
      return;
    }
    samples.add(now, garbage, churn.reachable());
    if (plan.fullAt() > 0 && garbage >= plan.fullAt() * churn.reachable()) {
      churn.rings().collectAll();
    }
  }

  /** From the due time to the end of each operation; if none was due, from begin to end. */
  Histogram answers() {
    return answers;
  }

  Samples samples() {
    return samples;
  }

  /** When the run began. */
  long begin() {
    return begin;
  }

  /** When it ended. */
  long end() {
    return end;
  }

  long operations() {
    return operations;
  }

  /** How late the last operation was, in nanoseconds. */
  long behind() {
    return plan.closed() ? 0 : behind;
  }
}
