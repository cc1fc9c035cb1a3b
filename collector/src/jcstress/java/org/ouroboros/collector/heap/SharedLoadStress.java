package org.ouroboros.collector.heap;

import static org.ouroboros.collector.heap.SharedStressHeap.HEAP;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.ouroboros.collector.Heap;

/**
 * An owned load against the store that lets the object die: the load gets the object alive, or
 * null, and the object is dead when both are done with it.
 */
@JCStressTest
@Outcome(id = "[01], false", expect = Expect.ACCEPTABLE, desc = "Null, or the object.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A dead object was seen, or it did not die.")
@State
public class SharedLoadStress {

  private final long check = SharedStressHeap.number();

  private final long target = SharedStressHeap.node(check);
  private final long holder = SharedStressHeap.node(0);

  /** The slot has the only reference. */
  public SharedLoadStress() {
    HEAP.setRefMoved(holder, 0, target);
  }

  /** Lets it die. */
  @Actor
  public void store() {
    HEAP.setRef(holder, 0, Heap.NULL);
  }

  /** Loads it. */
  @Actor
  public void load(IZ_Result result) {
    result.r1 = SharedStressHeap.seen(HEAP.loadRef(holder, 0), check);
  }

  /** It is dead in the end. */
  @Arbiter
  public void end(IZ_Result result) {
    result.r2 = SharedStressHeap.isAlive(target, check);
    HEAP.release(holder);
  }
}
