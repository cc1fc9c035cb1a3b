package org.ouroboros.allocator.export;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who is inside a call of an export: so that a thread is there only once, and closing can wait for
 * the others.
 *
 * <p>Entering and leaving are plain stores, without a fence: a call from C takes some 30 ns, of
 * which a fence would be a quarter. Instead the one who closes makes every thread pass one: closing
 * a shared arena is a handshake of the JVM with all its threads. After that a thread either has
 * seen that the export is closed, or is seen inside. (Asymmetric Dekker synchronization, Dice,
 * Huang, Yang, 2001. On another JVM than HotSpot this may miss a caller, who is then refused by the
 * allocator, if that is closed too.)
 *
 * <p>Thread rule: any thread.
 */
final class Callers {

  private static final long NAP_NANOS = 100_000;

  /** How many callers are found at a glance; a power of two. */
  private static final int AT_HAND = 64;

  /**
   * Callers by their thread's id. Racy: an entry counts only if its thread is the reader, and any
   * may be lost.
   */
  private final @Nullable Caller[] atHand = new @Nullable Caller[AT_HAND];

  /** A caller for each thread that has called. */
  private final ThreadLocal<Caller> callers = ThreadLocal.withInitial(this::register);

  /** Those of threads that have ended go when others come. */
  private final Set<Caller> all = ConcurrentHashMap.newKeySet();

  private volatile int swept = 64;

  /** Plain, see the class comment. */
  private boolean closed;

  /**
   * The calling thread begins a call.
   *
   * @return to be left in any case
   * @throws ReentrantCallException if it is in one already
   * @throws IllegalStateException if the export is closed
   */
  Caller enter() {
    Thread thread = Thread.currentThread();
    Caller caller = atHand[(int) thread.threadId() & AT_HAND - 1];
    if (caller == null || caller.thread != thread) {
      caller = find(thread);
    }
    if (caller.inside) {
      throw new ReentrantCallException();
    }
    caller.inside = true;
    if (closed) {
      caller.inside = false;
      throw new IllegalStateException("the export is closed");
    }
    return caller;
  }

  private Caller find(Thread thread) {
    Caller caller = callers.get();
    int slot = (int) thread.threadId() & AT_HAND - 1;
    Caller other = atHand[slot];
    // two that share a slot do not take it from each other at every call
    if (other == null || !other.thread.isAlive()) {
      atHand[slot] = caller;
    }
    return caller;
  }

  /** Keeps a block that the calling thread may not free now. */
  void postpone(long block) {
    callers.get().postpone(block);
  }

  boolean isClosed() {
    return closed;
  }

  /** Refuses further calls, and returns when those of other threads are over. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    VarHandle.fullFence();
    Arena.ofShared().close();
    Caller own = callers.get();
    for (Caller caller : all) {
      while (caller != own && caller.isInside()) {
        LockSupport.parkNanos(NAP_NANOS);
      }
    }
  }

  private Caller register() {
    Caller caller = new Caller(Thread.currentThread());
    all.add(caller);
    if (all.size() > swept) {
      all.removeIf(other -> !other.thread.isAlive());
      swept = 2 * Math.max(32, all.size());
    }
    return caller;
  }

  /** How many threads are known. */
  int size() {
    return all.size();
  }

  /** A thread that calls. Its own thread alone writes. */
  static final class Caller {

    private static final VarHandle INSIDE = Handles.inside();
    private static final long[] NONE = {};

    private final Thread thread;
    private boolean inside;
    private long[] postponed = NONE;
    private int count;

    private Caller(Thread thread) {
      this.thread = thread;
    }

    void leave() {
      // release: what the call did happens before the end of close
      INSIDE.setRelease(this, false);
    }

    boolean isInside() {
      return (boolean) INSIDE.getAcquire(this);
    }

    boolean hasPostponed() {
      return count > 0;
    }

    long[] takePostponed() {
      long[] blocks = Arrays.copyOf(postponed, count);
      postponed = NONE;
      count = 0;
      return blocks;
    }

    private void postpone(long block) {
      if (count == postponed.length) {
        postponed = Arrays.copyOf(postponed, Math.max(8, 2 * count));
      }
      postponed[count++] = block;
    }
  }

  private static final class Handles {
    static VarHandle inside() {
      try {
        return MethodHandles.lookup().findVarHandle(Caller.class, "inside", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }
}
