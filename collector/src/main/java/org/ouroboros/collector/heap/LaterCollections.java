package org.ouroboros.collector.heap;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Collector;

/**
 * Hands the automatic collections of a shared heap to the executor of its options, if there is one:
 * an allocation that finds one due asks for it, and goes on.
 *
 * <p>One is asked for at a time. While it waits for its turn the heap grows: at {@value #PATIENCE}
 * times the first threshold of net allocations the allocating thread collects by itself. It does so
 * too if the executor refuses, or fails in any way: the object that was asked for is made by then,
 * and would be lost with an exception. A turn that comes during or after the heap's close does
 * nothing.
 *
 * <p>Thread rule: {@link #takesOver} is for who has stopped the world, {@link #begin} for any
 * thread that has not.
 */
final class LaterCollections {

  private static final int PATIENCE = 10;
  private static final long ASSIST_NANOS = 1_000_000;

  private final SharedHeap heap;
  private final Collector collector;
  private final @Nullable Executor executor;

  /** Whether one was found due, and nobody has handed it over. Written in a stopped world. */
  private volatile boolean wanted;

  /** Whether one was handed over, and has not begun. Written in a stopped world. */
  private boolean waiting;

  /** Whether the executor's own thread is collecting. Written in a stopped world. */
  private boolean mine;

  LaterCollections(SharedHeap heap, Collector collector, @Nullable Executor executor) {
    this.heap = heap;
    this.collector = collector;
    this.executor = executor;
  }

  /** A collection is due: whether the caller is to leave it. */
  boolean takesOver() {
    if (executor == null || mine) {
      return false;
    }
    int threshold = heap.core.cycles().threshold().generation0();
    if (heap.core.store.netAllocations() / PATIENCE >= threshold) {
      return false;
    }
    if (!waiting) {
      waiting = true;
      wanted = true;
    }
    return true;
  }

  /** Hands over what was found due. The world goes on. */
  void begin() {
    if (wanted && executor != null) {
      handOver(executor);
    }
  }

  private void handOver(Executor executor) {
    if (!heap.tryStop()) {
      return;
    }
    boolean taken = wanted;
    wanted = false;
    heap.resume();
    if (taken) {
      try {
        executor.execute(this::collect);
      } catch (RuntimeException | Error e) { // there may be no memory for a thread
        collect();
      }
    }
  }

  /** The executor's turn. */
  private void collect() {
    if (!heap.tryStop()) {
      return;
    }
    try {
      waiting = false;
      if (!heap.isClosed()) {
        mine = true;
        heap.core.cycles().collectIfDue();
      }
    } finally {
      mine = false;
      heap.resume();
    }
    while (collector.assist(ASSIST_NANOS)) {
      Thread.onSpinWait(); // what was begun in increments is completed beside the other threads
    }
  }
}
