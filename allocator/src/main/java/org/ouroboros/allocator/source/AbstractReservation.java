package org.ouroboros.allocator.source;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What all reservations share: the checks of arguments, and that a released one refuses calls.
 *
 * <p>Sources implement the {@code do...} methods, which get ranges that are not empty and lie
 * inside. A release that races with another call on the same reservation is the caller's error;
 * afterwards every call throws {@link IllegalStateException}, since the addresses may belong to
 * another mapping by then.
 */
abstract class AbstractReservation implements Reservation {

  final MemorySegment segment;
  final long address;
  final long size;
  private final long granularity;
  private final AtomicBoolean released = new AtomicBoolean();

  AbstractReservation(MemorySegment segment, long granularity) {
    this.segment = segment;
    this.address = segment.address();
    this.size = segment.byteSize();
    this.granularity = granularity;
  }

  abstract void doCommit(long offset, long bytes);

  abstract void doPurge(long offset, long bytes);

  abstract void doAdviseHugePages(long offset, long bytes);

  abstract void doLock(long offset, long bytes);

  abstract void doRelease();

  /** The checks of {@link MemorySource#reserve}. */
  static void checkRequest(long bytes, long alignment, long granularity) {
    if (bytes <= 0 || bytes % granularity != 0) {
      throw new IllegalArgumentException(
          "size " + bytes + " is not a positive multiple of " + granularity);
    }
    if (Long.bitCount(alignment) != 1 || alignment < 0) {
      throw new IllegalArgumentException("alignment " + alignment + " is not a power of two");
    }
  }

  @Override
  public final long address() {
    return address;
  }

  @Override
  public final long size() {
    return size;
  }

  @Override
  public final MemorySegment segment() {
    return segment;
  }

  @Override
  public final void commit(long offset, long bytes) {
    if (checkRange(offset, bytes)) {
      doCommit(offset, bytes);
    }
  }

  @Override
  public final void purge(long offset, long bytes) {
    if (checkRange(offset, bytes)) {
      doPurge(offset, bytes);
    }
  }

  @Override
  public final void adviseHugePages(long offset, long bytes) {
    if (checkRange(offset, bytes)) {
      doAdviseHugePages(offset, bytes);
    }
  }

  @Override
  public final void lock(long offset, long bytes) {
    if (checkRange(offset, bytes)) {
      doLock(offset, bytes);
    }
  }

  @Override
  public final void release() {
    if (released.compareAndSet(false, true)) {
      doRelease();
    }
  }

  /** Refuses a bad range; tells whether there is anything to do. */
  private boolean checkRange(long offset, long bytes) {
    if (released.getPlain()) {
      throw new IllegalStateException("the reservation was released");
    }
    // Neither is negative and offset <= size, so the subtraction cannot overflow.
    if (offset < 0 || bytes < 0 || offset > size || bytes > size - offset) {
      throw new IllegalArgumentException(
          "range of " + bytes + " bytes at offset " + offset + " is outside " + size + " bytes");
    }
    if ((offset | bytes) % granularity != 0) {
      throw new IllegalArgumentException(
          "offset " + offset + " or size " + bytes + " is not a multiple of " + granularity);
    }
    return bytes != 0;
  }

  /** How messages name a range. */
  final String describe(String operation, long offset, long bytes) {
    return operation + " of " + bytes + " bytes at 0x" + Long.toHexString(address + offset);
  }

  @Override
  public String toString() {
    return "[0x" + Long.toHexString(address) + ", " + size + " bytes]";
  }
}
