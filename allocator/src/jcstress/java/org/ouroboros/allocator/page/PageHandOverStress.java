package org.ouroboros.allocator.page;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The hand-over of a heap with its pages: two threads each take a heap, allocate from it and let it
 * go, so that one often gets what the other has just let go. It must see what was done with the
 * heap: the live block is not handed out again. Heaps are held for that long only, since each that
 * is held at the same time takes pages of its own.
 */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Two blocks.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A live block was handed out again.")
@State
public class PageHandOverStress {

  private static final HeapRegistry HEAPS = Owner.ENGINE.heaps();
  private static final int SIZE = 48;

  private long block;
  private long otherBlock;

  /** One of the two. */
  @Actor
  public void allocate() {
    block = allocateOnce();
  }

  /** The other. */
  @Actor
  public void allocateToo() {
    otherBlock = allocateOnce();
  }

  private static long allocateOnce() {
    LocalHeap heap = HEAPS.acquire(Thread.currentThread());
    try {
      return heap.malloc(SIZE);
    } finally {
      HEAPS.release(heap);
    }
  }

  /** Compares the blocks, and frees them through whichever heap comes. */
  @Arbiter
  public void compare(I_Result result) {
    result.r1 = block == otherBlock ? 1 : 2;
    LocalHeap heap = HEAPS.acquire(Thread.currentThread());
    heap.free(block);
    heap.free(otherBlock);
    HEAPS.release(heap);
  }
}
