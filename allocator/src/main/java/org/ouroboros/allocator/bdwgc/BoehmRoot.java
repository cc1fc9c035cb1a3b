package org.ouroboros.allocator.bdwgc;

/**
 * Keeps a collectable block alive, and all that can be reached from it, until it is closed. One
 * that is forgotten keeps its block until the allocator is closed.
 *
 * <p>Thread rule: any thread.
 */
public final class BoehmRoot implements AutoCloseable {

  private final RootTable table;

  /** Where the address is kept, 0 when closed. Guarded by the table. */
  private long slot;

  BoehmRoot(RootTable table, long slot) {
    this.table = table;
    this.slot = slot;
  }

  /**
   * The block that is kept alive.
   *
   * @return its address, or 0 if there is none
   * @throws IllegalStateException if this or the allocator is closed
   */
  public long address() {
    synchronized (table) {
      return table.get(openSlot());
    }
  }

  /**
   * Keeps another block alive instead.
   *
   * @param address of a block that is alive now: rooted, reachable from a root, or read inside a
   *     {@link BoehmAllocator#hold hold} that is still open; 0 for none
   * @throws IllegalStateException if this or the allocator is closed
   */
  public void set(long address) {
    BoehmAllocator.LOCK.readLock().lock(); // not while the collector goes by
    try {
      synchronized (table) {
        table.set(openSlot(), address);
      }
    } finally {
      BoehmAllocator.LOCK.readLock().unlock();
    }
  }

  /**
   * Keeps nothing alive any more. Waits while a collection goes on: it may have been where the
   * address was put meanwhile. Closing twice does nothing.
   */
  @Override
  public void close() {
    BoehmAllocator.LOCK.readLock().lock();
    try {
      synchronized (table) {
        if (slot != 0) {
          table.release(slot);
          slot = 0;
        }
      }
    } finally {
      BoehmAllocator.LOCK.readLock().unlock();
    }
  }

  private long openSlot() {
    if (slot == 0) {
      throw new IllegalStateException("the root is closed");
    }
    return slot;
  }

  @Override
  public String toString() {
    synchronized (table) {
      return slot == 0 || table.isClosed()
          ? "closed root"
          : "root of 0x" + Long.toHexString(table.get(slot));
    }
  }
}
