package org.ouroboros.collector.heap;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of a shared heap, whose holder has the heap for itself: the world is stopped.
 *
 * <p>Stops nest. Thread rule: any thread may call {@link #stop}; all others are for the thread that
 * has called it.
 */
final class Safepoint {

  private final ReentrantLock lock = new ReentrantLock();

  /** How often the holder has stopped the world. Guarded by the lock. */
  private int depth;

  /**
   * Stops the world, or notes that it is stopped once more.
   *
   * @return whether it was not
   */
  boolean stop() {
    lock.lock();
    depth++;
    return depth == 1;
  }

  /** Whether the next {@link #resume} lets the others go on. */
  boolean isOutermost() {
    return depth == 1;
  }

  /** The counterpart of one {@link #stop}. */
  void resume() {
    depth--;
    lock.unlock();
  }

  /**
   * Lets the others go on, however deep stops are nested.
   *
   * @return how deep that was
   */
  int leave() {
    int before = depth;
    depth = 0;
    for (int i = 0; i < before; i++) {
      lock.unlock();
    }
    return before;
  }

  /** Stops the world again, as deep as before {@link #leave}. */
  void comeBack(int before) {
    for (int i = 0; i < before; i++) {
      lock.lock();
    }
    depth = before;
  }
}
