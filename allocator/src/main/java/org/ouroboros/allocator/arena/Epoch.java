package org.ouroboros.allocator.arena;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * A JDK shared arena whose scope several pooled arenas borrow, and the quarantine of those that are
 * closed.
 *
 * <p>Protocol. The state is one word:
 *
 * <pre>
 *   bit 63     62                32 31                 0
 *   sealed     arenas that joined   arenas that are open
 * </pre>
 *
 * An arena joins by raising both counts, unless the epoch is sealed; who takes the last place seals
 * it in the same step. A closed arena first (1) puts its blocks in the quarantine, then (2) adds
 * their bytes and seals the epoch if there are too many, then (3) lowers the count of open ones.
 * Once the epoch is sealed no count rises. Hence exactly one step makes it sealed with none open: a
 * lowering, or the sealing itself; and who takes that step ends the epoch, after every (1), so that
 * nothing is put in the quarantine any more.
 *
 * <p>Ending closes the JDK's arena. When that returns, no thread is inside an access through its
 * scope and none will begin one; only then do blocks go back to the allocator. If a native call
 * holds the scope, the close is refused: the pool keeps the epoch, and tries again later.
 *
 * <p>Invariant: a block is in the list of an open arena, or in the quarantine, or has been freed,
 * after the scope's end.
 *
 * <p>Thread rule: any thread; {@link #end} only the one that the protocol names, or the pool.
 */
final class Epoch {

  private static final long SEALED = 1L << 63;
  private static final long OPEN_MASK = 0xFFFF_FFFFL;
  private static final int JOINED_SHIFT = 32;
  private static final long JOIN = 1L << JOINED_SHIFT | 1;

  private static final VarHandle STATE;
  private static final VarHandle QUARANTINE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Epoch.class, "state", long.class);
      QUARANTINE = lookup.findVarHandle(Epoch.class, "quarantine", PooledArena.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final SharedArenaPool pool;
  final Allocator allocator;
  final Arena scope = Arena.ofShared();
  private final int maxArenas;
  private final long maxBytes;

  private volatile long state;

  /** The closed arenas, linked by {@link PooledArena#nextClosed}. */
  private volatile @Nullable PooledArena quarantine;

  /** Bytes in quarantine. */
  private final AtomicLong bytes = new AtomicLong();

  Epoch(SharedArenaPool pool, Allocator allocator, int maxArenas, long maxBytes) {
    this.pool = pool;
    this.allocator = allocator;
    this.maxArenas = maxArenas;
    this.maxBytes = maxBytes;
  }

  /** Whether any arena has joined. */
  boolean isUsed() {
    return state != 0;
  }

  /**
   * Takes an arena in.
   *
   * @return false if the epoch is sealed
   */
  boolean join() {
    while (true) {
      long before = state;
      if (before < 0) {
        return false;
      }
      long after = before + JOIN;
      long sealed = after >>> JOINED_SHIFT == maxArenas ? SEALED : 0;
      if (STATE.compareAndSet(this, before, after | sealed)) {
        return true;
      }
    }
  }

  /**
   * Takes over the blocks of an arena that has closed itself, and lets it leave.
   *
   * @param size bytes of its blocks
   */
  void leave(PooledArena arena, long size) {
    if (size > 0) {
      keep(arena);
      if (bytes.addAndGet(size) > maxBytes) {
        STATE.getAndBitwiseOr(this, SEALED);
      }
    }
    long after = (long) STATE.getAndAdd(this, -1L) - 1;
    if (after < 0 && (after & OPEN_MASK) == 0) {
      endLast();
    }
  }

  private void keep(PooledArena arena) {
    PooledArena head;
    do {
      head = quarantine;
      arena.nextClosed = head;
    } while (!QUARANTINE.compareAndSet(this, head, arena));
  }

  /** Takes no more arenas, and ends when the last of them is closed: now, if none is open. */
  void seal() {
    long before = (long) STATE.getAndBitwiseOr(this, SEALED);
    if (before >= 0 && (before & OPEN_MASK) == 0) {
      endLast();
    }
  }

  private void endLast() {
    end();
    pool.retryWaiting();
  }

  /** Closes the scope, which waits for all threads, and gives the quarantine back. */
  void end() {
    RuntimeException refused = null;
    try {
      scope.close();
    } catch (RuntimeException e) {
      if (scope.scope().isAlive()) {
        pool.postpone(this); // a native call holds it
        return;
      }
      refused = e; // it is closed, and what was bound to it threw
    }
    PooledArena arena = quarantine;
    quarantine = null;
    for (; arena != null; arena = arena.nextClosed) {
      try {
        arena.freeBlocks(allocator);
      } catch (RuntimeException e) {
        refused = Block.joined(refused, e);
      }
    }
    if (refused != null) {
      throw refused;
    }
  }
}
