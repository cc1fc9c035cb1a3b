package org.ouroboros.allocator.arena;

import java.lang.foreign.Arena;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A pooled arena that two threads close, one of which allocates from it and ends the epoch just
 * before: one close succeeds, and what was allocated is freed, each block once.
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "Closed once, nothing left.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Closed twice or never, or a block was lost.")
@State
public class PooledCloseStress {

  private final CountingAllocator allocator = new CountingAllocator();
  private final SharedArenaPool pool = new SharedArenaPool(allocator);
  private final Arena arena = pool.open();

  private int closed;
  private int closedToo;

  /** Makes the state: an arena with a block. */
  public PooledCloseStress() {
    arena.allocate(16);
  }

  /** One that closes. */
  @Actor
  public void close() {
    closed = tryClose();
  }

  /** Another, which does what else there is before. */
  @Actor
  public void allocateFlushAndClose() {
    try {
      arena.allocate(16);
    } catch (IllegalStateException e) {
      // Too late.
    }
    pool.flush();
    closedToo = tryClose();
  }

  private int tryClose() {
    try {
      arena.close();
      return 1;
    } catch (IllegalStateException e) {
      return 0;
    }
  }

  /** Looks at what is left. */
  @Arbiter
  public void count(III_Result result) {
    pool.close();
    result.r1 = closed + closedToo;
    result.r2 = allocator.allocated.get() > 0 ? 1 : 0;
    result.r3 = allocator.allocated.get() - allocator.freed.get();
  }
}
