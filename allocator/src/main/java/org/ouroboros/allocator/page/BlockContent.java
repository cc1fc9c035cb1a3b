package org.ouroboros.allocator.page;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Zeroes and copies the content of blocks in a reservation. Offsets are from its beginning and
 * multiples of 16.
 *
 * <p>Small blocks are zeroed by a short loop and copied by a few plain stores, some from the front
 * and some up to the end, which may overlap: no call. Larger ones go through the copy stubs of the
 * JVM, zeroing too: those use wide vectors, the stub that fills does not, and takes twice as long.
 *
 * <p>Thread rule: as the blocks.
 */
final class BlockContent {

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** What is copied to zero; small enough to stay in the first-level cache. */
  private static final MemorySegment ZEROS = Arena.ofAuto().allocate(4096, 4096).asReadOnly();

  /**
   * All memory, where native access is allowed. Of a store through a constant segment the JIT
   * leaves nothing but the store, at once; of one through {@link #memory}, checks, and until it has
   * worked them out some hundred nodes, so that twelve of them took it a quarter of a second.
   */
  private static final @Nullable MemorySegment ALL = all();

  /** Every bit that an address can have set: with the others cleared, the JIT sees no bounds. */
  private static final long ADDRESS_BITS = (1L << 62) - 1;

  private final MemorySegment memory;

  BlockContent(MemorySegment memory) {
    this.memory = memory;
  }

  @SuppressWarnings("restricted")
  private static @Nullable MemorySegment all() {
    return BlockContent.class.getModule().isNativeAccessEnabled()
        ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE)
        : null;
  }

  /**
   * Zeroes at least {@code bytes} of a block that was just allocated, and no more than that rounded
   * up to 16.
   */
  void zeroNew(long address, long bytes) {
    if (ALL == null || bytes > 64) {
      zero(address - memory.address(), bytes);
      return;
    }
    long at = address & ADDRESS_BITS;
    int rounded = (int) roundUp(bytes);
    zero16(ALL, at);
    for (int i = 16; i < rounded; i += 16) {
      zero16(ALL, at + i);
    }
  }

  private static void zero16(MemorySegment all, long at) {
    all.set(LONG, at, 0);
    all.set(LONG, at + 8, 0);
  }

  /** Zeroes at least {@code bytes}, and no more than that rounded up to 16. */
  void zero(long offset, long bytes) {
    for (long left = bytes, at = offset;
        left > 0;
        left -= ZEROS.byteSize(), at += ZEROS.byteSize()) {
      MemorySegment.copy(ZEROS, 0, memory, at, Math.min(left, ZEROS.byteSize()));
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

  private void copy16(long from, long to) {
    memory.set(LONG, to, memory.get(LONG, from));
    memory.set(LONG, to + 8, memory.get(LONG, from + 8));
  }

  private void copy32(long from, long to) {
    copy16(from, to);
    copy16(from + 16, to + 16);
  }
}
