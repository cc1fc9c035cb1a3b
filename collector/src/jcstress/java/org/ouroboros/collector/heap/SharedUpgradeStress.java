package org.ouroboros.collector.heap;

import static org.ouroboros.collector.heap.SharedStressHeap.HEAP;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;

/**
 * Two upgrades of a weak reference against the death of its target and the birth of another object,
 * which gets the place: an upgrade gives the target, or null from some instant on, and never what
 * came after it.
 */
@JCStressTest
@Outcome(id = "(0, 0|1, 0|1, 1), true", expect = Expect.ACCEPTABLE, desc = "Alive until dead.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It came back, or the count of another one is wrong.")
@State
public class SharedUpgradeStress {

  private final long check = SharedStressHeap.number();
  private final long number = SharedStressHeap.number();
  private final long target = SharedStressHeap.node(check);
  private final long weak = HEAP.newWeak(target);
  private long other;

  /** For jcstress. */
  public SharedUpgradeStress() {}

  /** Lets it die, and makes another one. */
  @Actor
  public void release() {
    HEAP.release(target);
    other = SharedStressHeap.node(number);
  }

  /** Gets it twice, if it is alive. */
  @Actor
  public void upgrade(IIZ_Result result) {
    result.r1 = SharedStressHeap.seen(HEAP.upgradeWeak(weak), check);
    result.r2 = SharedStressHeap.seen(HEAP.upgradeWeak(weak), check);
  }

  /** The target is dead, and the other one has its own reference only. */
  @Arbiter
  public void end(IIZ_Result result) {
    result.r3 =
        HEAP.upgradeWeak(weak) == 0
            && SharedStressHeap.isSound(other, number)
            && HEAP.refCount(other) == 1
            && HEAP.externalCount(other) == 1;
    HEAP.release(other);
    HEAP.release(weak);
  }
}
