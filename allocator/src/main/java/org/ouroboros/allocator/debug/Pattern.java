package org.ouroboros.allocator.debug;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One byte, many times: what memory is filled with that nobody should read or write.
 *
 * <p>Short runs are written and compared by words, longer ones by the JVM's copy and mismatch
 * stubs, which use wide vectors. A run that is no multiple of what is done at a time ends with a
 * few words that overlap. Of a long run the middle is left out, if the caller says so.
 */
final class Pattern {
  /** CPython's {@code PYMEM_CLEANBYTE}: allocated and never written. */
  static final Pattern NEW = new Pattern(0xCD);

  /** CPython's {@code PYMEM_DEADBYTE}: freed. */
  static final Pattern DEAD = new Pattern(0xDD);

  /** CPython's {@code PYMEM_FORBIDDENBYTE}: around a block. */
  static final Pattern GUARD = new Pattern(0xFD);

  /** The fewest bytes that are filled. */
  static final int MIN = 16;

  /** What is filled and compared at a time, and the fewest that are compared. */
  static final int STEP = 32;

  /**
   * Runs of so many steps or fewer are done with as many, which overlap then: how long a block is
   * cannot be predicted, and a wrong guess would have to wait until the size is there, which is
   * often not in the cache.
   */
  private static final int FEW = 4;

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

  /**
   * Fills the edges of a range of {@link #MIN} bytes or more: the first and the last {@code half}
   * bytes.
   *
   * @param half a multiple of {@link #STEP}
   */
  // One access to memory for each word of a step, in one loop: C2 stops inlining after so many
  // bytecodes, and an access is hundreds of them.
  void fill(MemorySegment memory, long from, long bytes, long half) {
    MemorySegment all = Memory.constant(memory);
    if (bytes < STEP) {
      set16(all, Memory.near(from));
      set16(all, Memory.near(from + bytes - MIN));
      return;
    }
    if (bytes > SHORT && half > SHORT) {
      fillLong(all, from, bytes, half);
      return;
    }
    long last = bytes - STEP;
    if (bytes <= FEW * STEP && half >= FEW * STEP / 2) {
      for (int i = 0; i < FEW; i++) {
        set32(all, Memory.near(from + Math.min(i * (long) STEP, last)));
      }
      return;
    }
    for (long i = 0; ; i = next(i, bytes, half)) {
      set32(all, Memory.near(from + Math.min(i, last)));
      if (i >= last) {
        return;
      }
    }
  }

  /** Where the step after the one at {@code i} begins: beyond the middle. */
  private static long next(long i, long bytes, long half) {
    long next = i + STEP;
    return next == half ? Math.max(next, bytes - half) : next;
  }

  private void set32(MemorySegment memory, long at) {
    set16(memory, at);
    set16(memory, at + 16);
  }

  private void set16(MemorySegment memory, long at) {
    memory.set(LONG, at, word);
    memory.set(LONG, at + Long.BYTES, word);
  }

  private void fillLong(MemorySegment memory, long from, long bytes, long half) {
    for (long i = 0; i < bytes; ) {
      long count = longStep(i, bytes, half);
      MemorySegment.copy(chunk, 0, memory, from + i, count);
      i += count;
      i = i == half ? Math.max(i, bytes - half) : i;
    }
  }

  /** How many bytes are done at a time: a chunk, but not beyond the first half nor the end. */
  private static long longStep(long i, long bytes, long half) {
    return Math.min(CHUNK, (i < half ? Math.min(half, bytes) : bytes) - i);
  }

  /** Whether the edges of a range of {@link #STEP} bytes or more are as they were filled. */
  boolean isAll(MemorySegment memory, long from, long bytes, long half) {
    MemorySegment all = Memory.constant(memory);
    if (bytes > SHORT && half > SHORT) {
      return isAllLong(all, from, bytes, half);
    }
    long last = bytes - STEP;
    long difference = 0;
    if (bytes <= FEW * STEP && half >= FEW * STEP / 2) {
      for (int i = 0; i < FEW; i++) {
        difference |= difference32(all, Memory.near(from + Math.min(i * (long) STEP, last)));
      }
      return difference == 0;
    }
    for (long i = 0; ; i = next(i, bytes, half)) {
      difference |= difference32(all, Memory.near(from + Math.min(i, last)));
      if (i >= last) {
        return difference == 0;
      }
    }
  }

  private long difference32(MemorySegment memory, long at) {
    return difference16(memory, at) | difference16(memory, at + 16);
  }

  private long difference16(MemorySegment memory, long at) {
    return memory.get(LONG, at) ^ word | memory.get(LONG, at + Long.BYTES) ^ word;
  }

  private boolean isAllLong(MemorySegment memory, long from, long bytes, long half) {
    for (long i = 0; i < bytes; ) {
      long count = longStep(i, bytes, half);
      if (MemorySegment.mismatch(chunk, 0, count, memory, from + i, from + i + count) >= 0) {
        return false;
      }
      i += count;
      i = i == half ? Math.max(i, bytes - half) : i;
    }
    return true;
  }
}
