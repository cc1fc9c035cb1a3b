package org.ouroboros.collector.heap;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A thread that is attached, goes in twice, and ends, against two stops of the world, which do not
 * wait for dead threads. In the stopped world what was done inside is seen in full or not at all.
 */
@JCStressTest
@Outcome(id = "(0|11|22), (0|11|22), 22", expect = Expect.ACCEPTABLE, desc = "All or nothing.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Somebody was inside in a stopped world.")
@State
public class DetachStress {

  /** How long the thread stays inside. */
  private static final int LONG = 100;

  private final Safepoint safepoint = new Safepoint();
  private final Thread thread = new Thread(this::comeAndGo);
  private int one;
  private int other;

  /** Threads are attached. */
  public DetachStress() {
    safepoint.mutators.open(SharedStressHeap.HEAP.core.store);
  }

  private void comeAndGo() {
    Mutator mutator = safepoint.mutators.current();
    for (int done = 0; done < 2; ) {
      if (mutator.enter()) {
        one++;
        for (int i = 0; i < LONG; i++) {
          Thread.onSpinWait();
        }
        other++;
        mutator.leave();
        done++;
      }
    }
  }

  /** Starts the thread. */
  @Actor
  public void start() {
    thread.start();
  }

  /** Stops the world twice; the second time the thread may have ended. */
  @Actor
  public void stop(III_Result result) {
    while (thread.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
    result.r1 = look();
    result.r2 = look();
  }

  private int look() {
    safepoint.stop();
    int before = 10 * one;
    for (int i = 0; i < LONG; i++) {
      Thread.onSpinWait();
    }
    int seen = before + other;
    safepoint.resume();
    return seen;
  }

  /** Waits for the thread's end. */
  @Arbiter
  public void end(III_Result result) {
    while (thread.isAlive()) {
      Thread.onSpinWait();
    }
    result.r3 = look();
  }
}
