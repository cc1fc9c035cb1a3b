package org.ouroboros.collector.heap;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A thread that goes in and out against one that stops the world. In the stopped world what is done
 * inside is seen in full or not at all.
 */
@JCStressTest
@Outcome(
    id = "(0|11|22|33|44), (0|11|22|33|44)",
    expect = Expect.ACCEPTABLE,
    desc = "All or nothing.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Somebody was inside in a stopped world.")
@State
public class SafepointStress {

  private static final Safepoint SAFEPOINT = new Safepoint();

  static {
    SAFEPOINT.mutators.open(SharedStressHeap.HEAP.core.store);
  }

  /** How long a thread stays inside: less, and more, than who stops the world waits at first. */
  private static final int SHORT = 10;

  private static final int LONG = 400;

  private int one;
  private int other;

  /** For jcstress. */
  public SafepointStress() {}

  /** Goes in some times, if nobody stops the world. */
  @Actor
  public void goIn() {
    Mutator mutator = SAFEPOINT.mutators.current();
    for (int i = 0; i < 4; i++) {
      if (mutator.enter()) {
        one++;
        stay(i % 2 == 0 ? SHORT : LONG);
        other++;
        mutator.leave();
      }
    }
  }

  private static void stay(int time) {
    for (int i = 0; i < time; i++) {
      Thread.onSpinWait();
    }
  }

  /** Stops the world twice. */
  @Actor
  public void stop(II_Result result) {
    result.r1 = look();
    result.r2 = look();
  }

  private int look() {
    SAFEPOINT.stop();
    int before = 10 * one;
    Thread.onSpinWait();
    int seen = before + other;
    SAFEPOINT.resume();
    return seen;
  }
}
