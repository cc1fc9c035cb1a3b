package org.ouroboros.allocator.debug;

import org.ouroboros.allocator.AllocatorException;

/**
 * Memory around a block, or of a freed one, that was written by somebody who had no right to. The
 * call that found it had no effect. A live block stays live; that it is damaged is told again by
 * every free of it, and by {@link DebugAllocator#verifyAll}.
 */
public final class DamagedBlockException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /** Where the damage is. */
  public enum Kind {
    /** In front of the block: an underflow, or a neighbour's overflow. */
    BEFORE,
    /** Behind the block: an overflow. */
    AFTER,
    /** In a block that was freed before. */
    AFTER_FREE
  }

  /** Where the damage is. */
  private final Kind kind;

  /** Whose it is. */
  private final transient BlockReport block;

  /** The first damaged byte, counted from the block's beginning. */
  private final long offset;

  /** How far it reaches. */
  private final long length;

  DamagedBlockException(
      String allocator, Kind kind, BlockReport block, long offset, long length, String dump) {
    super(
        allocator
            + ": "
            + text(kind)
            + ": "
            + length
            + (length == 1 ? " byte" : " bytes")
            + " at offset "
            + offset
            + " of a block of "
            + block.size()
            + "\n"
            + block
            + "\n  damage in [ ], around it offsets from the beginning of the block\n"
            + dump,
        null);
    this.kind = kind;
    this.block = block;
    this.offset = offset;
    this.length = length;
  }

  private static String text(Kind kind) {
    return switch (kind) {
      case BEFORE -> "memory before a block was overwritten (underflow)";
      case AFTER -> "memory behind a block was overwritten (overflow)";
      case AFTER_FREE -> "a freed block was written to";
    };
  }

  /**
   * Where the damage is.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The damaged block.
   *
   * @return what is known of it
   */
  public BlockReport block() {
    return block;
  }

  /**
   * The first damaged byte.
   *
   * @return its offset from the beginning of the block; negative before it, the block's size just
   *     behind it
   */
  public long offset() {
    return offset;
  }

  /**
   * How far the damage reaches.
   *
   * @return bytes from the first damaged one to the last, both included
   */
  public long length() {
    return length;
  }
}
