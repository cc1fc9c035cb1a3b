package org.ouroboros.allocator.page;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;

/**
 * The blocks that are too large for pages: each has a reservation of its own, which is released
 * when the block is freed.
 *
 * <p>Thread rule: any thread; guarded by this object's monitor, which is not held while the source
 * works.
 */
final class HugeBlocks {

  private final MemorySource source;
  private final Map<Long, Reservation> blocks = new HashMap<>();
  private long bytes;
  private long peakBytes;
  private boolean released;

  HugeBlocks(MemorySource source) {
    this.source = source;
  }

  /**
   * Allocates a block that reads as zero.
   *
   * @param size bytes, far from overflow
   * @param alignment bytes, a power of two
   * @return its address
   */
  long allocate(long size, long alignment) {
    long granule = Math.max(source.granularity(), Page.SIZE);
    long rounded = (size + granule - 1) & -granule;
    Reservation reservation = source.reserve(rounded, Math.max(alignment, granule));
    try {
      reservation.commit(0, rounded);
      synchronized (this) {
        if (released) {
          throw new IllegalStateException("the allocator is closed");
        }
        blocks.put(reservation.address(), reservation);
        bytes += rounded;
        peakBytes = Math.max(peakBytes, bytes);
      }
    } catch (RuntimeException e) {
      reservation.release();
      throw e;
    }
    return reservation.address();
  }

  /** Frees a block; returns whether there was one. */
  boolean free(long address) {
    Reservation reservation;
    synchronized (this) {
      reservation = blocks.remove(address);
      if (reservation == null) {
        return false;
      }
      bytes -= reservation.size();
    }
    reservation.release();
    return true;
  }

  /** The bytes of a block, or -1. */
  synchronized long size(long address) {
    Reservation reservation = blocks.get(address);
    return reservation == null ? -1 : reservation.size();
  }

  /** The segment of the block that a range lies in, or null. */
  synchronized @Nullable MemorySegment containing(long address, long size) {
    for (Reservation reservation : blocks.values()) {
      long offset = address - reservation.address();
      if (offset >= 0 && offset <= reservation.size() - size) {
        return reservation.segment().asSlice(offset, size);
      }
    }
    return null;
  }

  void releaseAll() {
    Map<Long, Reservation> all;
    synchronized (this) {
      released = true;
      all = Map.copyOf(blocks);
      blocks.clear();
      bytes = 0;
    }
    all.values().forEach(Reservation::release);
  }

  synchronized int count() {
    return blocks.size();
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized long peakBytes() {
    return peakBytes;
  }
}
