package org.ouroboros.allocator.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counter that numbers runs of events, see {@link EventLog}; the first run is number 1. It has
 * cache lines of its own: every thread reads it at every event.
 *
 * <p>Thread rule: any thread.
 */
final class Turn {

  /** What {@link #take} gives when the recording has ended. */
  static final long OVER = -1;

  private static final int SLOT = 16;
  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);

  /** Only the middle element is used. */
  private final long[] slots = new long[2 * SLOT];

  private volatile boolean over;

  /** The number of the last run that was begun. */
  long now() {
    return (long) SLOTS.getAcquire(slots, SLOT);
  }

  /** Begins a run; gives its number, or {@link #OVER}. */
  long take() {
    return over ? OVER : (long) SLOTS.getAndAdd(slots, SLOT, 1L) + 1;
  }

  /** Ends the recording: nobody's run is the current one any more, and no new one begins. */
  void end() {
    over = true;
    SLOTS.getAndAdd(slots, SLOT, 1L);
  }

  boolean isOver() {
    return over;
  }
}
