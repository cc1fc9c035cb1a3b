package org.ouroboros.collector.heap;

import static org.ouroboros.collector.heap.SharedStressHeap.HEAP;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.ouroboros.collector.Heap;

/**
 * A release, and a move of what the released object had to where marking may have been already,
 * against the steps of an incremental collection: what was moved is alive, and the rest is not.
 */
@JCStressTest
@Outcome(id = "true, true, false", expect = Expect.ACCEPTABLE, desc = "What is owned is alive.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An object did not die, or one that is owned did.")
@State
public class SharedStepStress {

  private final long check = SharedStressHeap.number();
  private final long early = SharedStressHeap.node(check);
  private final long late = SharedStressHeap.node(check);
  private final long ring = SharedStressHeap.node(check);
  private long moved;

  /** The late one has an object, and a ring. */
  public SharedStepStress() {
    HEAP.setRefMoved(late, 0, SharedStressHeap.node(check));
    HEAP.setRef(ring, 0, ring);
    HEAP.setRefMoved(late, 1, ring);
  }

  /** Moves the object, and lets the late one die. */
  @Actor
  public void moveAndRelease() {
    moved = HEAP.loadRef(late, 0);
    HEAP.setRef(early, 0, moved);
    HEAP.setRef(late, 0, Heap.NULL);
    HEAP.release(moved);
    HEAP.release(late);
  }

  /** Does some steps of a collection. */
  @Actor
  public void step() {
    for (int i = 0; i < 3; i++) {
      HEAP.collector().step(0);
    }
  }

  /** Looks who is alive. */
  @Arbiter
  public void end(ZZZ_Result result) {
    result.r1 = HEAP.isLive(moved) && HEAP.refCount(moved) == 1;
    result.r2 = SharedStressHeap.isSound(moved, check) && SharedStressHeap.isSound(early, check);
    HEAP.release(early);
    HEAP.collector().collect(2);
    result.r3 = SharedStressHeap.isAlive(ring, check) || SharedStressHeap.isAlive(moved, check);
  }
}
