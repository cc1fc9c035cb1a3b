package org.ouroboros.collector.heap;

import static org.ouroboros.collector.heap.SharedStressHeap.HEAP;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * The release of a small tree, and of a cycle that it has, against a collection: the tree is taken
 * apart or was taken for alive, and never both; what counting cannot free the collector does.
 */
@JCStressTest
@Outcome(id = "false, false, true", expect = Expect.ACCEPTABLE, desc = "All are dead but one.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An object did not die, or one that is owned did.")
@State
public class SharedCollectStress {

  private final long check = SharedStressHeap.number();
  private final long root = SharedStressHeap.node(check);
  private final long child = SharedStressHeap.node(check);
  private final long ring = SharedStressHeap.node(check);
  private final long kept = SharedStressHeap.node(check);

  /** A root with a child and a ring, all of which have the one that is kept. */
  public SharedCollectStress() {
    HEAP.setRef(root, 1, ring);
    HEAP.setRef(child, 1, kept);
    HEAP.setRef(ring, 0, ring);
    HEAP.setRef(ring, 1, kept);
    HEAP.release(ring);
    HEAP.setRefMoved(root, 0, child);
  }

  /** Lets all die. */
  @Actor
  public void release() {
    HEAP.release(root);
  }

  /** Collects meanwhile. */
  @Actor
  public void collect() {
    HEAP.collector().collect(0);
  }

  /** Looks who is alive. */
  @Arbiter
  public void end(ZZZ_Result result) {
    result.r1 = SharedStressHeap.isAlive(root, check) || SharedStressHeap.isAlive(child, check);
    HEAP.collector().collect(2);
    result.r2 = SharedStressHeap.isAlive(ring, check);
    result.r3 =
        SharedStressHeap.isSound(kept, check)
            && HEAP.refCount(kept) == 1
            && HEAP.externalCount(kept) == 1;
    HEAP.release(kept);
  }
}
