package org.ouroboros.allocator.page;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Zeroes and copies the content of blocks in a reservation. Offsets are from its beginning and
 * multiples of 16.
 *
 * <p>Small blocks are written by a few plain stores, in two runs that may overlap, one from the
 * front and one up to the end: no loop, few branches, no call. Each run is a slice of constant
 * length, so that the JIT checks its bounds once. Larger ones go through the copy stubs of the JVM,
 * zeroing too: those use wide vectors, the stub that fills does not, and takes twice as long.
 *
 * <p>Thread rule: as the blocks.
 */
final class BlockContent {

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** What is copied to zero; small enough to stay in the first-level cache. */
  private static final MemorySegment ZEROS = Arena.ofAuto().allocate(4096, 4096).asReadOnly();

  private final MemorySegment memory;

  BlockContent(MemorySegment memory) {
    this.memory = memory;
  }

  /** Zeroes at least {@code bytes}, and no more than that rounded up to 16. */
  void zero(long offset, long bytes) {
    if (bytes > 64) {
      zeroLarger(offset, bytes);
    } else if (bytes > 32) {
      zero32(offset);
      zero32(offset + roundUp(bytes) - 32);
    } else {
      zero16(offset);
      if (bytes > 16) {
        zero16(offset + 16);
      }
    }
  }

  /** Copies at least {@code bytes}, and no more than that rounded up to 16. */
  void copy(long from, long to, long bytes) {
    if (bytes > 64) {
      MemorySegment.copy(memory, from, memory, to, bytes);
    } else if (bytes > 32) {
      copy32(from, to);
      copy32(from + roundUp(bytes) - 32, to + roundUp(bytes) - 32);
    } else {
      copy16(from, to);
      if (bytes > 16) {
        copy16(from + 16, to + 16);
      }
    }
  }

  private static long roundUp(long bytes) {
    return bytes + 15 & -16;
  }

  private void zero16(long offset) {
    memory.set(LONG, offset, 0);
    memory.set(LONG, offset + 8, 0);
  }

  private void zero32(long offset) {
    zero16(offset);
    zero16(offset + 16);
  }

  private void zeroLarger(long offset, long bytes) {
    long at = offset;
    for (long left = bytes; left > 0; left -= ZEROS.byteSize(), at += ZEROS.byteSize()) {
      MemorySegment.copy(ZEROS, 0, memory, at, Math.min(left, ZEROS.byteSize()));
    }
  }

  private void copy16(long from, long to) {
    memory.set(LONG, to, memory.get(LONG, from));
    memory.set(LONG, to + 8, memory.get(LONG, from + 8));
  }

  private void copy32(long from, long to) {
    copy16(from, to);
    copy16(from + 16, to + 16);
  }
}
