package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A live block with content that only it has, so that a wrong, moved or overlapping block shows.
 *
 * @param address where it begins
 * @param size bytes that belong to the test
 * @param seed what its content is made of
 */
record TestBlock(long address, long size, long seed) {

  /** Fills a block and remembers with what. */
  static TestBlock fill(Allocator allocator, long address, long size, long seed) {
    MemorySegment segment = allocator.segment(address, size);
    for (long i = 0; i + Long.BYTES <= size; i += Long.BYTES) {
      segment.set(ValueLayout.JAVA_LONG_UNALIGNED, i, word(seed, i));
    }
    for (long i = size & -Long.BYTES; i < size; i++) {
      segment.set(ValueLayout.JAVA_BYTE, i, (byte) word(seed, i));
    }
    return new TestBlock(address, size, seed);
  }

  /** Fails unless the content is what it was filled with. */
  void verify(Allocator allocator) {
    verify(allocator, address, size);
  }

  /** Fails unless another block begins with the first bytes of this one. */
  void verify(Allocator allocator, long otherAddress, long bytes) {
    MemorySegment segment = allocator.segment(otherAddress, bytes);
    for (long i = 0; i + Long.BYTES <= bytes; i += Long.BYTES) {
      expect(i, segment.get(ValueLayout.JAVA_LONG_UNALIGNED, i), word(seed, i), otherAddress);
    }
    // The words at the end of the longer block may hold the bytes of the shorter one's end.
    if (bytes == size) {
      for (long i = bytes & -Long.BYTES; i < bytes; i++) {
        expect(i, segment.get(ValueLayout.JAVA_BYTE, i), (byte) word(seed, i), otherAddress);
      }
    }
  }

  private void expect(long offset, long actual, long expected, long otherAddress) {
    if (actual != expected) {
      throw new AssertionError(
          "byte %d of 0x%x is 0x%x, not 0x%x; the block was %s"
              .formatted(offset, otherAddress, actual, expected, this));
    }
  }

  private static long word(long seed, long offset) {
    long mixed = (seed + offset) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }
}
