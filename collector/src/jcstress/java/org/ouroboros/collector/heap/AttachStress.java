package org.ouroboros.collector.heap;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The first operation of a thread, which is attached, against two stops of the world. In the
 * stopped world what is done inside is seen in full or not at all.
 */
@JCStressTest
@Outcome(id = "(0|11|22), (0|11|22)", expect = Expect.ACCEPTABLE, desc = "All or nothing.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Somebody was inside in a stopped world.")
@State
public class AttachStress {

  private final Safepoint safepoint = new Safepoint();
  private int one;
  private int other;

  /** Threads are attached. */
  public AttachStress() {
    safepoint.mutators.open(SharedStressHeap.HEAP.core.store);
  }

  /** Goes in twice, if nobody stops the world. */
  @Actor
  public void goIn() {
    Mutator mutator = safepoint.mutators.current();
    for (int i = 0; i < 2; i++) {
      if (mutator.enter()) {
        one++;
        Thread.onSpinWait();
        other++;
        mutator.leave();
      }
    }
  }

  /** Stops the world twice. */
  @Actor
  public void stop(II_Result result) {
    result.r1 = look();
    result.r2 = look();
  }

  private int look() {
    safepoint.stop();
    int before = 10 * one;
    Thread.onSpinWait();
    int seen = before + other;
    safepoint.resume();
    return seen;
  }
}
