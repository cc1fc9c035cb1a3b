package org.ouroboros.collector.heap;

import static org.ouroboros.collector.heap.SharedStressHeap.HEAP;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;
import org.ouroboros.collector.Heap;

/**
 * Two upgrades of a weak reference to a cycle that nobody owns, against a collection: it is kept as
 * a whole or freed as a whole, and does not come back.
 */
@JCStressTest
@Outcome(id = "(0, 0|1, 0|1, 1), false", expect = Expect.ACCEPTABLE, desc = "Alive until dead.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It came back, or was not freed in the end.")
@State
public class SharedUpgradeCollectStress {

  private final long check = SharedStressHeap.number();
  private final long target = SharedStressHeap.node(check);
  private final long weak = HEAP.newWeak(target);

  /** A cycle of two. */
  public SharedUpgradeCollectStress() {
    long inner = SharedStressHeap.node(check);
    HEAP.setRef(inner, 0, target);
    HEAP.setRefMoved(target, 0, inner);
    HEAP.release(target);
  }

  /** Collects. */
  @Actor
  public void collect() {
    HEAP.collector().collect(0);
  }

  /** Gets it twice, if it is alive. */
  @Actor
  public void upgrade(IIZ_Result result) {
    result.r1 = seen();
    result.r2 = seen();
  }

  private int seen() {
    long owned = HEAP.upgradeWeak(weak);
    if (owned != Heap.NULL) {
      int inner = SharedStressHeap.seen(HEAP.loadRef(owned, 0), check);
      return inner * SharedStressHeap.seen(owned, check);
    }
    return 0;
  }

  /** It is dead after a collection that nobody disturbs. */
  @Arbiter
  public void end(IIZ_Result result) {
    HEAP.collector().collect(2);
    result.r3 = HEAP.upgradeWeak(weak) != Heap.NULL || SharedStressHeap.isAlive(target, check);
    HEAP.release(weak);
  }
}
