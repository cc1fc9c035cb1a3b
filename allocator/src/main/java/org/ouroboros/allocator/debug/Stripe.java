package org.ouroboros.allocator.debug;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a part of all addresses: threads that free different blocks seldom wait for each
 * other. What is done to a block, its memory included, is done under the lock of its stripe; the
 * allocator underneath may be called under it, and never calls back.
 */
final class Stripe {

  final BlockTable table;
  final Quarantine quarantine = new Quarantine();

  /** Null where only one thread comes. */
  private final @Nullable ReentrantLock lock;

  Stripe(BlockTable table, boolean shared) {
    this.table = table;
    this.lock = shared ? new ReentrantLock() : null;
  }

  void lock() {
    if (lock != null) {
      lock.lock();
    }
  }

  void unlock() {
    if (lock != null) {
      lock.unlock();
    }
  }
}
