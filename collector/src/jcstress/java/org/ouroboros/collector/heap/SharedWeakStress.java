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

/** The upgrade of a weak reference against the release of the last reference. */
@JCStressTest
@Outcome(id = "[01], false", expect = Expect.ACCEPTABLE, desc = "Null, or the object.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A dead object was seen, or it did not die.")
@State
public class SharedWeakStress {

  private final long check = SharedStressHeap.number();
  private final long target = SharedStressHeap.node(check);
  private final long weak = HEAP.newWeak(target);

  /** Lets it die. */
  @Actor
  public void release() {
    HEAP.release(target);
  }

  /** Gets it, if it is alive. */
  @Actor
  public void upgrade(IZ_Result result) {
    result.r1 = SharedStressHeap.seen(HEAP.upgradeWeak(weak), check);
  }

  /** It is dead in the end. */
  @Arbiter
  public void end(IZ_Result result) {
    result.r2 = SharedStressHeap.isAlive(target, check) || HEAP.upgradeWeak(weak) != Heap.NULL;
    HEAP.release(weak);
  }
}
