package org.ouroboros.collector.heap;

import static org.ouroboros.collector.heap.SharedStressHeap.HEAP;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ouroboros.collector.Heap;

/**
 * An owned load against the reuse of the place: the thread that lets an object die makes another
 * one, which gets the place of the first. The load never gets the other one, and what it counted
 * there in error is given back.
 */
@JCStressTest
@Outcome(id = "[01], 1", expect = Expect.ACCEPTABLE, desc = "Null, or the object.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The other object was loaded, or its count is wrong.")
@State
public class SharedReuseStress {

  private final long check = SharedStressHeap.number();
  private final long number = SharedStressHeap.number();
  private final long holder = SharedStressHeap.node(0);
  private long other;

  /** The slot has the only reference. */
  public SharedReuseStress() {
    HEAP.setRefMoved(holder, 0, SharedStressHeap.node(check));
  }

  /** Lets it die, and makes another one. */
  @Actor
  public void reuse() {
    HEAP.setRef(holder, 0, Heap.NULL);
    other = SharedStressHeap.node(number);
  }

  /** Loads the first. */
  @Actor
  public void load(II_Result result) {
    result.r1 = SharedStressHeap.seen(HEAP.loadRef(holder, 0), check);
  }

  /** The other one has its own reference only. */
  @Arbiter
  public void end(II_Result result) {
    result.r2 = SharedStressHeap.isSound(other, number) ? (int) HEAP.refCount(other) : -1;
    HEAP.release(other);
    HEAP.release(holder);
  }
}
