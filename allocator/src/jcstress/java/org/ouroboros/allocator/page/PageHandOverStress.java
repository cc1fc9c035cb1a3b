package org.ouroboros.allocator.page;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The hand-over of a heap with its pages: one thread allocates and lets its heap go, while another
 * takes a heap and allocates from it. Whoever gets the heap must see what was done with it: the
 * live block is not handed out again.
 */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Two blocks.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A live block was handed out again.")
@State
public class PageHandOverStress {

  private static final HeapRegistry HEAPS = Owner.ENGINE.heaps();
  private static final int SIZE = 48;

  private final LocalHeap given = HEAPS.acquire(Thread.currentThread());

  private long block;
  private long secondBlock;
  private LocalHeap second;

  /** Who lets it go. */
  @Actor
  public void handOn() {
    block = given.malloc(SIZE);
    HEAPS.release(given);
  }

  /** Who may get it, or an older one. */
  @Actor
  public void takeOver() {
    second = HEAPS.acquire(Thread.currentThread());
    secondBlock = second.malloc(SIZE);
  }

  /** Compares, and gives all back. */
  @Arbiter
  public void compare(I_Result result) {
    result.r1 = block == secondBlock ? 1 : 2;
    second.free(block);
    second.free(secondBlock);
    HEAPS.release(second);
  }
}
