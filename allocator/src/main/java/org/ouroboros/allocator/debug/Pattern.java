package org.ouroboros.allocator.debug;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One byte, many times: what memory is filled with that nobody should read or write.
 *
 * <p>Short runs are written and compared by words, longer ones by the JVM's copy and mismatch
 * stubs, which use wide vectors.
 */
final class Pattern {
  /** CPython's {@code PYMEM_CLEANBYTE}: allocated and never written. */
  static final Pattern NEW = new Pattern(0xCD);

  /** CPython's {@code PYMEM_DEADBYTE}: freed. */
  static final Pattern DEAD = new Pattern(0xDD);

  /** CPython's {@code PYMEM_FORBIDDENBYTE}: around a block. */
  static final Pattern GUARD = new Pattern(0xFD);

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /** Up to here words are faster. */
  private static final long SHORT = 64;

  private static final long CHUNK = 4096;

  final byte value;

  /** Eight times the byte. */
  final long word;

  private final MemorySegment chunk;

  private Pattern(int value) {
    this.value = (byte) value;
    this.word = value * 0x0101_0101_0101_0101L;
    this.chunk = Arena.ofAuto().allocate(CHUNK, Long.BYTES).fill((byte) value);
  }

  /** Fills a range. */
  void fill(MemorySegment memory, long from, long bytes) {
    if (bytes > SHORT) {
      fillLong(memory, from, bytes);
      return;
    }
    long i = 0;
    for (; i + Long.BYTES <= bytes; i += Long.BYTES) {
      memory.set(LONG, from + i, word);
    }
    for (; i < bytes; i++) {
      memory.set(BYTE, from + i, value);
    }
  }

  private void fillLong(MemorySegment memory, long from, long bytes) {
    for (long i = 0; i < bytes; i += CHUNK) {
      MemorySegment.copy(chunk, 0, memory, from + i, Math.min(CHUNK, bytes - i));
    }
  }

  /**
   * Compares a range.
   *
   * @return the offset in the range of the first byte that is another, -1 if none is
   */
  long mismatch(MemorySegment memory, long from, long bytes) {
    long i = 0;
    for (; i + CHUNK <= bytes; i += CHUNK) {
      long at = MemorySegment.mismatch(chunk, 0, CHUNK, memory, from + i, from + i + CHUNK);
      if (at >= 0) {
        return i + at;
      }
    }
    if (bytes - i > SHORT) {
      long at = MemorySegment.mismatch(chunk, 0, bytes - i, memory, from + i, from + bytes);
      return at < 0 ? -1 : i + at;
    }
    for (; i + Long.BYTES <= bytes; i += Long.BYTES) {
      if (memory.get(LONG, from + i) != word) {
        break;
      }
    }
    for (; i < bytes; i++) {
      if (memory.get(BYTE, from + i) != value) {
        return i;
      }
    }
    return -1;
  }

  /** The offset of the last byte that is another, -1 if none is. For reports: slow. */
  long lastMismatch(MemorySegment memory, long from, long bytes) {
    long i = bytes - 1;
    while (i >= 0 && memory.get(BYTE, from + i) == value) {
      i--;
    }
    return i;
  }
}
