package org.ouroboros.allocator.arena;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.ouroboros.allocator.OuroborosAllocator;

/**
 * A segment that is read while its arena is closed, its epoch ends, and its memory goes to the next
 * arena: the reader sees its owner's data, or is refused, and never what the next one writes.
 */
@JCStressTest
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "What its owner wrote.")
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "The epoch has ended.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Somebody else's data.")
@State
public class QuarantineStress {

  private static final OuroborosAllocator ALLOCATOR = OuroborosAllocator.create();

  private final SharedArenaPool pool = new SharedArenaPool(ALLOCATOR);
  private final Arena arena = pool.open();
  private final MemorySegment segment = arena.allocate(16);

  /** Makes the state: a segment with something in it. */
  public QuarantineStress() {
    segment.set(ValueLayout.JAVA_INT, 0, 7);
  }

  /** Reads the old segment. */
  @Actor
  public void read(I_Result result) {
    try {
      result.r1 = segment.get(ValueLayout.JAVA_INT, 0);
    } catch (IllegalStateException e) {
      result.r1 = -1;
    }
  }

  /** Closes its arena, and uses the memory anew. */
  @Actor
  public void reuse() {
    arena.close();
    pool.flush();
    try (Arena next = pool.open()) {
      next.allocate(16).set(ValueLayout.JAVA_INT, 0, 9);
    }
    pool.close();
  }
}
