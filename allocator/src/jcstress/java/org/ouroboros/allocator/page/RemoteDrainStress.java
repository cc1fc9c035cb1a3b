package org.ouroboros.allocator.page;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The remote-free list with one thread that frees three blocks of a page while the owner drains it.
 * Each must be drained, once, then or afterwards.
 */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Each is drained once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A free was lost, or drained twice.")
@State
public class RemoteDrainStress {

  private static final int BLOCK_CLASS = 0;

  private final RemoteFrees frees = new RemoteFrees();
  private final Page page = Page.ofClass(Owner.HEAP, 0, 0, BLOCK_CLASS);

  private final DrainedBlocks drained = new DrainedBlocks();

  /** Who frees. */
  @Actor
  public void free() {
    frees.post(page, 0, 1);
    frees.post(page, 1, 1);
    frees.post(page, 0, 2);
  }

  /** The owner. */
  @Actor
  public void drain() {
    drained.drain(frees);
  }

  /** The owner again, when nobody frees any more. */
  @Arbiter
  public void drainRest(III_Result result) {
    drained.drain(frees);
    result.r1 = drained.first;
    result.r2 = drained.second;
    result.r3 = drained.ofNextWord;
  }
}
