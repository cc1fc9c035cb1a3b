package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.ouroboros.allocator.Domain;

/**
 * The bytes of a block and around it. This class alone writes and reads them:
 *
 * <pre>
 *   begin of the inner block                          address that the user has
 *     |                                                 |
 *     | unused | guard - 16 x FD | size | id | 7 x FD   | data ...  | guard x FD |
 *     |        |                 |   8  |  1 |          | size      |
 *     |------------------- front -----------------------|
 *
 *   size    what was asked for, big-endian
 *   id      r, m or o: the domain
 *   data    CD where it is new, DD once it is freed, guards and header too then; of long data only
 *           the edges, the first and the last bytes, are filled and compared
 *   front   the guard, or the alignment if that is more
 * </pre>
 *
 * <p>With a guard of 16 bytes the memory before the block is what CPython's debug hooks write. It
 * writes 8 guard bytes behind the block and the serial there; here the serial is out of band and
 * the guards are as many as in front. They begin at the very byte where the block ends.
 *
 * <p>Offsets are those of the user's address in a segment that holds the whole inner block.
 */
final class BlockLayout {

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong SIZE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** The bytes of size and id. */
  private static final int HEADER = 16;

  /** The default, which is read and written without loops. */
  private static final int USUAL_GUARD = 32;

  private final int guard;

  /** How many bytes at each end of new data are filled. */
  private final long newEdge;

  /** How many at each end of a freed block, its guards included. */
  private final long deadEdge;

  BlockLayout(DebugOptions options) {
    this.guard = options.guardBytes();
    this.newEdge = steps(options.fillBytes());
    this.deadEdge = steps(Math.min(options.fillBytes(), Long.MAX_VALUE / 2) + guard);
  }

  /** The next multiple of what is filled at a time. */
  private static long steps(long bytes) {
    return Math.min(bytes, Long.MAX_VALUE / 2) + Pattern.STEP - 1 & -Pattern.STEP;
  }

  int guard() {
    return guard;
  }

  /** Bytes between the inner block's beginning and the user's. */
  long front(long alignment) {
    return Math.max(guard, alignment);
  }

  /** Bytes of the inner block. */
  long total(long front, long size) {
    return front + size + guard;
  }

  /**
   * Writes all of a new block.
   *
   * @param kept how many bytes of its content are left as they are
   */
  void create(MemorySegment memory, long at, long size, long kept, Domain domain) {
    if (kept < size) {
      // What is filled too much of a short rest lies in the guard, which is written after it.
      Pattern.NEW.fill(memory, at + kept, Math.max(Pattern.MIN, size - kept), newEdge);
    }
    MemorySegment all = Memory.constant(memory);
    long near = Memory.near(at);
    if (guard == USUAL_GUARD) {
      writeGuard(all, near - USUAL_GUARD);
    } else if (guard > HEADER) {
      Pattern.GUARD.fill(all, at - guard, guard - HEADER, Long.MAX_VALUE);
    }
    all.set(SIZE, near - HEADER, size);
    all.set(WORD, near - Long.BYTES, idWord(domain));
    writeBehind(all, at + size);
  }

  private void writeBehind(MemorySegment memory, long end) {
    if (guard == USUAL_GUARD) {
      MemorySegment all = Memory.constant(memory);
      long near = Memory.near(end);
      writeGuard(all, near);
      writeGuard(all, near + HEADER);
    } else {
      Pattern.GUARD.fill(memory, end, guard, Long.MAX_VALUE);
    }
  }

  /** As much of a guard as the header is long. */
  private static void writeGuard(MemorySegment memory, long at) {
    memory.set(WORD, at, Pattern.GUARD.word);
    memory.set(WORD, at + Long.BYTES, Pattern.GUARD.word);
  }

  /** The id in the lowest byte, which comes first, and guard bytes. */
  private static long idWord(Domain domain) {
    return Pattern.GUARD.word & -256L | domain.id();
  }

  /** Moves the end of a block towards its beginning. What is cut off reads as freed. */
  void shrink(MemorySegment memory, long at, long from, long to) {
    memory.set(SIZE, at - HEADER, to);
    Pattern.DEAD.fill(memory, at + to, from - to + guard, deadEdge);
    writeBehind(memory, at + to);
  }

  /** Makes a block read as freed, with all that is around it. */
  void kill(MemorySegment memory, long at, long size) {
    Pattern.DEAD.fill(memory, at - guard, guard + size + guard, deadEdge);
  }

  /** Whether nobody has written around a live block. */
  boolean isIntact(MemorySegment memory, long at, long size, Domain domain) {
    MemorySegment all = Memory.constant(memory);
    long near = Memory.near(at);
    long end = Memory.near(at + size);
    long difference =
        all.get(SIZE, near - HEADER) ^ size | all.get(WORD, near - Long.BYTES) ^ idWord(domain);
    if (guard == USUAL_GUARD) {
      difference |= guardDifference(all, near - USUAL_GUARD);
      difference |= guardDifference(all, end) | guardDifference(all, end + HEADER);
      return difference == 0;
    }
    if (guard == HEADER) {
      return (difference | guardDifference(all, end)) == 0;
    }
    return difference == 0
        && Pattern.GUARD.isAll(all, at - guard, guard - HEADER, Long.MAX_VALUE)
        && Pattern.GUARD.isAll(all, at + size, guard, Long.MAX_VALUE);
  }

  private static long guardDifference(MemorySegment memory, long at) {
    return memory.get(WORD, at) ^ Pattern.GUARD.word
        | memory.get(WORD, at + Long.BYTES) ^ Pattern.GUARD.word;
  }

  /** Whether nobody has written to a freed block. */
  boolean isDead(MemorySegment memory, long at, long size) {
    return Pattern.DEAD.isAll(memory, at - guard, guard + size + guard, deadEdge);
  }

  /** Whether a byte of a freed block is one that was filled, and should still be so. */
  boolean isFilledDead(long offset, long size) {
    long edge = deadEdge - guard;
    return offset < edge || offset >= size - edge;
  }

  /**
   * What a byte around a live block, or of a freed one, should be.
   *
   * @param offset from the user's address
   */
  byte expected(long offset, long size, Domain domain, boolean dead) {
    if (dead) {
      return Pattern.DEAD.value;
    }
    if (offset == -Long.BYTES) {
      return (byte) domain.id();
    }
    if (offset >= -HEADER && offset < -Long.BYTES) {
      return (byte) (size >>> 8 * (-Long.BYTES - 1 - offset));
    }
    return Pattern.GUARD.value;
  }
}
