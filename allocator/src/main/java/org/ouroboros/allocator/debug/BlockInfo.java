package org.ouroboros.allocator.debug;

import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.debug.BlockReport.State;

/**
 * The word that {@link BlockTable} has of a block. This class owns its bits:
 *
 * <pre>
 *   |63  58|  57  |56   51|50 49|48 47|46            0|
 *   | low  | told | front | dom | st  | size          |
 *
 *   size    bytes that were asked for
 *   st      0 no block, 1 live, 2 quarantined, 3 freed
 *   dom     ordinal of the domain
 *   front   the binary logarithm of the bytes between the inner block's beginning and this one
 *   told    whether a periodic check has told of its damage
 *   low     the lowest bits of the block's address, as many as its index in the table leaves open
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // the words never leave the process
final class BlockInfo {

  /** What is known of an address where no block begins, nor began lately. */
  static final long NONE = 0;

  private static final int STATE_SHIFT = 47;
  private static final int DOMAIN_SHIFT = 49;
  private static final int FRONT_SHIFT = 51;
  private static final int LOW_SHIFT = 58;

  /** The largest size that fits. */
  static final long MAX_SIZE = (1L << STATE_SHIFT) - 1;

  private static final long STATE_MASK = 3L << STATE_SHIFT;
  private static final long TOLD = 1L << 57;
  private static final long LIVE = 1L << STATE_SHIFT;
  private static final long QUARANTINED = 2L << STATE_SHIFT;
  private static final long FREED = STATE_MASK;

  /** What tells whose a live block is. */
  private static final long LIVE_MASK = STATE_MASK | 3L << DOMAIN_SHIFT;

  private static final State[] STATES = State.values();
  private static final Domain[] DOMAINS = Domain.values();

  private BlockInfo() {}

  /** Of a live block. */
  static long live(int low, long size, long front, Domain domain) {
    return size
        | LIVE
        | (long) domain.ordinal() << DOMAIN_SHIFT
        | (long) Long.numberOfTrailingZeros(front) << FRONT_SHIFT
        | (long) low << LOW_SHIFT;
  }

  /** The lowest bits of its address. */
  static int low(long info) {
    return (int) (info >>> LOW_SHIFT);
  }

  static long size(long info) {
    return info & MAX_SIZE;
  }

  /** Bytes between the inner block's beginning and this one. */
  static long front(long info) {
    return 1L << (info >>> FRONT_SHIFT & 63);
  }

  static Domain domain(long info) {
    return DOMAINS[(int) (info >>> DOMAIN_SHIFT) & 3];
  }

  static State state(long info) {
    return STATES[((int) (info >>> STATE_SHIFT) & 3) - 1];
  }

  static boolean isLive(long info) {
    return (info & STATE_MASK) == LIVE;
  }

  /** Whether it is a live block of that domain. */
  static boolean isLive(long info, Domain domain) {
    return (info & LIVE_MASK) == (LIVE | (long) domain.ordinal() << DOMAIN_SHIFT);
  }

  /** Whether the block's memory is still the debugger's: it is live, or in quarantine. */
  static boolean isHeld(long info) {
    long state = info & STATE_MASK;
    return state == LIVE || state == QUARANTINED;
  }

  static boolean isTold(long info) {
    return (info & TOLD) != 0;
  }

  static long told(long info) {
    return info | TOLD;
  }

  static long resized(long info, long size) {
    return info & ~MAX_SIZE | size;
  }

  static long quarantined(long info) {
    return info & ~STATE_MASK | QUARANTINED;
  }

  static long freed(long info) {
    return info | FREED;
  }
}
