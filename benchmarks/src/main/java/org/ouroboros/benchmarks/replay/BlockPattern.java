package org.ouroboros.benchmarks.replay;

/**
 * What the verifying pass writes into a block: bytes that follow from the block's id and their
 * offset alone, so that a block that moved or was resized still checks, and any other block's do
 * not. A block of up to 4 KiB is covered wholly; of a larger one the first 4 KiB, the head of every
 * further 4 KiB page and the tail, which every page the allocator might mix up shows in.
 */
final class BlockPattern {

  /** What {@link #mismatch} gives when all is well. */
  static final long NONE = -1;

  private static final long WHOLE = 4096;
  private static final long PAGE = 4096;
  private static final long HEAD = 64;
  private static final long TAIL = 64;

  private BlockPattern() {}

  /** Writes the pattern of {@code block} over its first {@code size} bytes. */
  static void fill(long address, long block, long size) {
    long whole = Math.min(size, WHOLE);
    fillRange(address, block, 0, whole);
    for (long page = WHOLE; page < size; page += PAGE) {
      fillRange(address, block, page, Math.min(size, page + HEAD));
    }
    fillRange(address, block, Math.max(whole, size - TAIL), size);
  }

  /**
   * Compares what {@link #fill} wrote to a block of {@code size} bytes, as far as {@code limit}.
   *
   * @return the offset of the first byte that differs, or {@link #NONE}
   */
  static long mismatch(long address, long block, long size, long limit) {
    long whole = Math.min(Math.min(size, WHOLE), limit);
    long at = mismatchIn(address, block, 0, whole);
    for (long page = WHOLE; page < Math.min(size, limit) && at == NONE; page += PAGE) {
      at = mismatchIn(address, block, page, Math.min(Math.min(size, page + HEAD), limit));
    }
    long tail = Math.max(Math.min(size, WHOLE), size - TAIL);
    return at == NONE ? mismatchIn(address, block, tail, Math.min(size, limit)) : at;
  }

  /** The byte that belongs at an offset. */
  static byte expected(long block, long offset) {
    return (byte) (word(block, offset & -Long.BYTES) >>> (offset & 7) * 8);
  }

  /** Offset of the first byte of a block that is not zero, or {@link #NONE}. */
  static long nonZero(long address, long size) {
    long at = 0;
    for (; at + Long.BYTES <= size && NativeMemory.getLong(address + at) == 0; at += Long.BYTES) {
      // eight at a time
    }
    for (; at < size; at++) {
      if (NativeMemory.getByte(address + at) != 0) {
        return at;
      }
    }
    return NONE;
  }

  private static void fillRange(long address, long block, long from, long to) {
    long at = from;
    while (at < to) {
      if ((at & 7) == 0 && at + Long.BYTES <= to) {
        NativeMemory.putLong(address + at, word(block, at));
        at += Long.BYTES;
      } else {
        NativeMemory.putByte(address + at, expected(block, at));
        at++;
      }
    }
  }

  private static long mismatchIn(long address, long block, long from, long to) {
    long at = from;
    while (at < to) {
      if ((at & 7) == 0
          && at + Long.BYTES <= to
          && NativeMemory.getLong(address + at) == word(block, at)) {
        at += Long.BYTES;
      } else if (NativeMemory.getByte(address + at) == expected(block, at)) {
        at++;
      } else {
        return at;
      }
    }
    return NONE;
  }

  /** Eight bytes, little-endian, for an offset that is a multiple of 8. */
  private static long word(long block, long offset) {
    long mixed = ((block + 1) * 0x9e37_79b9_7f4a_7c15L) ^ (offset * 0xbf58_476d_1ce4_e5b9L);
    return mixed ^ mixed >>> 29;
  }
}
