package org.ouroboros.benchmarks.replay;

/**
 * One call of a decoded trace: an {@code int} that says what is done to which slot, and a {@code
 * long} that says with what size. Thread switches are no calls; {@link Trace} keeps them apart.
 *
 * <pre>
 *   call    31                                  3 2    0
 *          +--------------------------------------+------+
 *          | slot                                 |  op  |      op: the trace's opcode, 0 to 4
 *          +--------------------------------------+------+
 *
 *   size    63          58 57                          0
 *          +--------------+-----------------------------+
 *          | log2 of the  | bytes; 0 for FREE           |
 *          | alignment    |                             |
 *          +--------------+-----------------------------+
 *            ALIGNED only, else 0
 * </pre>
 */
final class Call {

  static final int MALLOC = 0;
  static final int CALLOC = 1;
  static final int ALIGNED = 2;
  static final int REALLOC = 3;
  static final int FREE = 4;

  /** An opcode of the format, never of a decoded call. */
  static final int THREAD = 5;

  /** Slots a trace may use at once. */
  static final int MAX_SLOTS = 1 << 28;

  /** No block is larger: it is the address space of a process. */
  static final long MAX_SIZE = 1L << 47;

  /** No block asks for a larger alignment, as a power of two. */
  static final int MAX_LOG2_ALIGNMENT = 40;

  private static final int SLOT_SHIFT = 3;
  private static final int OP_MASK = (1 << SLOT_SHIFT) - 1;
  private static final int ALIGNMENT_SHIFT = 58;
  private static final long SIZE_MASK = (1L << ALIGNMENT_SHIFT) - 1;

  private Call() {}

  static int pack(int op, int slot) {
    return slot << SLOT_SHIFT | op;
  }

  static int op(int call) {
    return call & OP_MASK;
  }

  static int slot(int call) {
    return call >>> SLOT_SHIFT;
  }

  static long packAligned(int log2Alignment, long size) {
    return (long) log2Alignment << ALIGNMENT_SHIFT | size;
  }

  static long alignedSize(long packed) {
    return packed & SIZE_MASK;
  }

  static long alignment(long packed) {
    return 1L << (packed >>> ALIGNMENT_SHIFT);
  }

  /** The bytes of any call's size word. */
  static long bytes(int op, long size) {
    return op == ALIGNED ? alignedSize(size) : size;
  }

  /** The opcode in words, for messages. */
  static String name(int op) {
    return switch (op) {
      case MALLOC -> "malloc";
      case CALLOC -> "calloc";
      case ALIGNED -> "aligned_alloc";
      case REALLOC -> "realloc";
      case FREE -> "free";
      default -> "opcode " + op;
    };
  }
}
