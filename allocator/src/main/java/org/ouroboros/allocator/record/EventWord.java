package org.ouroboros.allocator.record;

/**
 * The words that threads append to their logs: one for most events, two where the size is large or
 * there is an alignment.
 *
 * <pre>
 *   63                      21 20            3 2    0
 *  +--------------------------+---------------+------+
 *  | address / 16             | size          |  op  |
 *  +--------------------------+---------------+------+
 *    size = 2^18 - 1: the second word is (log2 of the alignment) &lt;&lt; 48 | size
 *
 *   63                                       3 2    0
 *  +------------------------------------------+------+
 *  | number of the run                        | RUN  |
 *  +------------------------------------------+------+
 * </pre>
 */
final class EventWord {

  // Those that the file has are numbered as there.
  static final int MALLOC = 0;
  static final int CALLOC = 1;
  static final int ALIGNED = 2;

  /** A realloc is about to be tried: from now on the block may move. */
  static final int RESIZING = 3;

  static final int FREE = 4;

  /** The log's thread has taken the turn: what follows belongs to the run of that number. */
  static final int RUN = 5;

  /** How the realloc ended: the block's new address, or 0 if it failed, and size. */
  static final int RESIZED = 6;

  /** Addresses have so many bits where this library runs. */
  static final int ADDRESS_BITS = 47;

  /** No event has more words. */
  static final int MAX_WORDS = 2;

  private static final int OP_BITS = 3;
  private static final int OP_MASK = (1 << OP_BITS) - 1;
  private static final int ADDRESS_SHIFT = 21;
  private static final int SIZE_MASK = (1 << ADDRESS_SHIFT - OP_BITS) - 1;
  private static final int SECOND = SIZE_MASK;
  private static final int LOG2_SHIFT = 48;

  private EventWord() {}

  /** Whether an event of this size has one word. */
  static boolean isShort(long size) {
    return Long.compareUnsigned(size, SECOND) < 0;
  }

  /** Whether blocks can have this address; what others are given is no block and is not logged. */
  static boolean isAddress(long address) {
    return (address & 15) == 0 && address >>> ADDRESS_BITS == 0;
  }

  static long of(int op, long address, long size) {
    return address << ADDRESS_SHIFT - 4 | size << OP_BITS | op;
  }

  static long firstOfTwo(int op, long address) {
    return of(op, address, SECOND);
  }

  static long second(int log2Alignment, long size) {
    return (long) log2Alignment << LOG2_SHIFT | size;
  }

  static long run(long number) {
    return number << OP_BITS | RUN;
  }

  static int op(long word) {
    return (int) word & OP_MASK;
  }

  static long address(long word) {
    return word >>> ADDRESS_SHIFT << 4;
  }

  static boolean hasSecond(long word) {
    return size(word) == SECOND;
  }

  static long size(long word) {
    return word >>> OP_BITS & SIZE_MASK;
  }

  static long sizeOfSecond(long word) {
    return word & (1L << LOG2_SHIFT) - 1;
  }

  static int log2OfSecond(long word) {
    return (int) (word >>> LOG2_SHIFT);
  }

  static long numberOfRun(long word) {
    return word >>> OP_BITS;
  }
}
