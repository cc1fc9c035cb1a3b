package org.ouroboros.allocator.debug;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One byte, many times: what memory is filled with that nobody should read or write.
 *
 * <p>Short runs are written and compared by words, longer ones by the JVM's copy and mismatch
 * stubs, which use wide vectors. A run that is no multiple of what is done at a time ends with a
 * few words that overlap.
 */
final class Pattern {
  /** CPython's {@code PYMEM_CLEANBYTE}: allocated and never written. */
  static final Pattern NEW = new Pattern(0xCD);

  /** CPython's {@code PYMEM_DEADBYTE}: freed. */
  static final Pattern DEAD = new Pattern(0xDD);

  /** CPython's {@code PYMEM_FORBIDDENBYTE}: around a block. */
  static final Pattern GUARD = new Pattern(0xFD);

  /** The fewest bytes that are filled and compared. */
  static final int MIN = 16;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Up to here words are faster. */
  private static final long SHORT = 256;

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

  /** Fills a range of {@link #MIN} bytes or more. */
  void fill(MemorySegment memory, long from, long bytes) {
    if (bytes > SHORT) {
      fillLong(memory, from, bytes);
      return;
    }
    MemorySegment all = Memory.constant(memory);
    long at = Memory.near(from);
    int count = (int) bytes;
    if (count < 32) {
      set16(all, at);
      set16(all, at + count - 16);
      return;
    }
    int last = count - 32;
    for (int i = 0; i < last; i += 32) {
      set32(all, at + i);
    }
    set32(all, at + last);
  }

  private void set32(MemorySegment memory, long at) {
    set16(memory, at);
    set16(memory, at + 16);
  }

  private void set16(MemorySegment memory, long at) {
    memory.set(LONG, at, word);
    memory.set(LONG, at + Long.BYTES, word);
  }

  private void fillLong(MemorySegment memory, long from, long bytes) {
    MemorySegment all = Memory.constant(memory);
    for (long i = 0; i < bytes; i += CHUNK) {
      MemorySegment.copy(chunk, 0, all, from + i, Math.min(CHUNK, bytes - i));
    }
  }

  /** Whether a range of {@link #MIN} bytes or more is as it was filled. */
  boolean isAll(MemorySegment memory, long from, long bytes) {
    if (bytes > SHORT) {
      return isAllLong(memory, from, bytes);
    }
    MemorySegment all = Memory.constant(memory);
    long at = Memory.near(from);
    int count = (int) bytes;
    if (count < 32) {
      return (difference16(all, at) | difference16(all, at + count - 16)) == 0;
    }
    int last = count - 32;
    long difference = difference32(all, at + last);
    for (int i = 0; i < last; i += 32) {
      difference |= difference32(all, at + i);
    }
    return difference == 0;
  }

  private long difference32(MemorySegment memory, long at) {
    return difference16(memory, at) | difference16(memory, at + 16);
  }

  private long difference16(MemorySegment memory, long at) {
    return memory.get(LONG, at) ^ word | memory.get(LONG, at + Long.BYTES) ^ word;
  }

  private boolean isAllLong(MemorySegment memory, long from, long bytes) {
    MemorySegment all = Memory.constant(memory);
    for (long i = 0; i < bytes; i += CHUNK) {
      long count = Math.min(CHUNK, bytes - i);
      if (MemorySegment.mismatch(chunk, 0, count, all, from + i, from + i + count) >= 0) {
        return false;
      }
    }
    return true;
  }
}
