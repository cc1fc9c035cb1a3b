package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.space.CycleMarks;
import org.ouroboros.collector.space.Words;

/**
 * The lowest layer of a shared heap: a confined heap, the core, that is confined to whoever has
 * stopped the world.
 *
 * <p><b>Rule.</b> Everything unusual is done by the core while {@link Safepoint} keeps all others
 * out; then the core's owner is the calling thread, so all of its checks of the thread are checks
 * that the world is stopped. The core's own quick paths are off for good: its limits are 0, so that
 * it looks at everything.
 *
 * <p><b>User code</b> (finalizers, callbacks, listeners, what clears references outside slots) is
 * called with the world let go, at all levels ({@link #goOutside}), and it is stopped again
 * afterwards. To the core, what other threads have done meanwhile is the same as what the user code
 * itself could have done, for which the confined heap is made. What a confined heap keeps of one
 * thread in particular, the deaths that it is in the middle of, changes with the holder: see {@link
 * Death#resume}. Traversals, visitors, free listeners and the debug output are called in the
 * stopped world, and can only read; they must not wait for another thread that uses the heap.
 *
 * <p><b>The close</b> lets the world go on for its finalizers, too, but nobody else stops it any
 * more: see {@link #beginClose}.
 *
 * <p>Thread rule: any thread.
 */
abstract sealed class SharedWorld permits SharedFields {

  /** Shared by all heaps; its thread is a daemon. */
  private static final class Shared {
    static final Cleaner CLEANER = Cleaner.create();
  }

  final ConfinedHeap core;
  final Safepoint safepoint = new Safepoint();
  final long tag;

  /** Of incremental collections: who makes objects, roots and edges inside tells it. */
  final CycleMarks marks;

  /** Of the space. */
  final long base;

  /** Ids below are resolved without more checks; 0 where more is to be checked. */
  private long limit;

  /** From places below, eight bytes can be read that no id at the limit or above has. */
  private long end;

  private volatile boolean closed;

  /** Who is closing the heap; null if nobody is. Written in a stopped world. */
  private volatile @Nullable Thread closer;

  @SuppressWarnings("this-escape") // the core tells its limits, and does not use it otherwise
  SharedWorld(HeapOptions options) {
    this.core = new ConfinedHeap(options, (SharedHeap) this);
    this.tag = core.tag;
    this.base = core.base;
    core.owner = null;
    this.marks = core.store.sides.cycleMarks;
    marks.share();
    if (core.store.isShared()) {
      safepoint.mutators.open(core.store);
    }
  }

  /** The core's limits have changed: in a stopped world, or before anybody else knows the heap. */
  final void setLimits(long limit, long end) {
    this.limit = limit;
    this.end = end;
  }

  // ------------------------------------------------------------------ quick accesses

  final boolean isQuick(long id) {
    return Long.compareUnsigned(id, limit) < 0;
  }

  /** Whether from a place, any long, quick accesses may read and write up to eight bytes. */
  final boolean isQuickPlace(long place) {
    return Long.compareUnsigned(place, end) < 0;
  }

  /** What quick accesses use, at {@link #address}. */
  final MemorySegment memory() {
    return Words.ALL != null ? Words.ALL : core.space.memory();
  }

  final long address(long place) {
    return Words.address(base, place);
  }

  // ------------------------------------------------------------------ stopping others

  /** So often a thread waits until it can go in, before it stops the world itself. */
  private static final int TRIES = 4;

  /**
   * Goes in, when the world is not stopped any more. If every thread that finds it stopped stopped
   * it next, the others would find it stopped, and so on for ever.
   *
   * @return whether it did; if not, the caller takes the slow path
   */
  final boolean goIn(Mutator mutator) {
    return mutator.enter() || goInLater(mutator);
  }

  private boolean goInLater(Mutator mutator) {
    if (!safepoint.isMine()) {
      for (int i = 0; i < TRIES; i++) {
        waitForTheWorld();
        if (mutator.enter()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Comes back when the world is not stopped any more; it may be stopped again. */
  final void waitForTheWorld() {
    safepoint.lock();
    safepoint.unlock();
  }

  /** Has the heap for the calling thread alone until {@link #resume}. Nests. */
  final void stop() {
    if (!tryStop()) {
      throw new IllegalStateException(
          core.options.name() + ": the heap is being closed by another thread");
    }
  }

  /**
   * The same.
   *
   * @return whether it did; not if another thread is closing the heap: what would have to be done
   *     in a stopped world is too late then
   */
  final boolean tryStop() {
    if (!safepoint.isMine()) {
      StackProbe.check(); // where the stack ends inside, others might wait for ever
    }
    if (!safepoint.stop()) {
      return true;
    }
    boolean begun = false;
    try {
      Thread closing = closer;
      if (closing == null || closing == Thread.currentThread()) {
        begin();
        begun = true;
      }
    } finally {
      if (!begun) {
        safepoint.resume(); // it is being closed, or the stack has ended
      }
    }
    return begun;
  }

  final void resume() {
    try {
      if (safepoint.isOutermost()) {
        end();
      }
    } finally {
      safepoint.resume(); // whatever fails, such as the stack: others must not wait for ever
    }
  }

  /**
   * Lets the world go on, since user code is about to be called.
   *
   * @return what to give to {@link #comeBack}
   */
  final int goOutside() {
    end();
    return safepoint.leave();
  }

  /** Stops the world again after user code was called. */
  final void comeBack(int depth) {
    safepoint.comeBack(depth);
    begin();
    core.store.settle();
  }

  private void begin() {
    Thread thread = Thread.currentThread();
    core.owner = thread;
    core.death.resume(thread);
    core.space.setKeeping(false);
    if (safepoint.mutators.merge(core.store)) {
      core.noteClosing();
    }
  }

  private void end() {
    core.death.suspend(Thread.currentThread());
    safepoint.mutators.distribute(core.store);
    core.space.setKeeping(true);
    core.owner = null;
  }

  // ------------------------------------------------------------------------- the end

  /**
   * The core is closed, but for the address space. That is given back when nobody can reach the
   * heap any more, since until then another thread may be in the middle of an access without the
   * lock. Quick accesses keep the heap reachable to their ends.
   */
  final void retire(Runnable release) {
    Shared.CLEANER.register(this, release);
  }

  final void markClosed() {
    closed = true;
  }

  /**
   * The calling thread begins to close the heap, which may call user code: no other thread stops
   * the world from now on, so none is in the middle of a collection, or of a death that calls user
   * code, when the memory goes. In the stopped world.
   *
   * @return what to give to {@link #endClose}
   */
  final @Nullable Thread beginClose() {
    Thread before = closer;
    closer = Thread.currentThread();
    return before;
  }

  /** The close has ended, or was refused. */
  final void endClose(@Nullable Thread before) {
    closer = before;
  }

  /** Whether the heap is closed or being closed, so that there is nothing left to be given back. */
  final boolean isEnding() {
    return closed || closer != null;
  }

  public final boolean isClosed() {
    return closed;
  }
}
