package org.ouroboros.allocator;

/**
 * Pages of 64 KiB in a row that serve the same purpose: a part of {@link OuroborosAllocator#pages}.
 *
 * @param firstPage the first one's number, from 0 at the reservation's beginning
 * @param pages how many, 1 or more
 * @param use what they serve
 * @param blockSize bytes of a block, for blocks and large blocks; else 0
 * @param liveBlocks blocks that are not free in their page: handed out, or kept at hand by a thread
 * @param capacity blocks that the pages have room for; else 0
 */
public record PageRun(
    long firstPage, long pages, Use use, long blockSize, long liveBlocks, long capacity) {

  /** The bytes of a page. */
  public static final long PAGE_BYTES = 64 << 10;

  /** What pages serve. */
  public enum Use {
    /** Blocks of one size class. */
    BLOCKS,
    /** One large block. */
    LARGE,
    /** Nothing; memory stands behind them. */
    FREE_KEPT,
    /** Nothing; their memory was given back, or was never used. */
    FREE_GIVEN_BACK
  }

  /**
   * How much of the pages is in use.
   *
   * @return 0 to 1
   */
  public double liveShare() {
    return switch (use) {
      case BLOCKS -> (double) liveBlocks * blockSize / (pages * PAGE_BYTES);
      case LARGE -> 1;
      default -> 0;
    };
  }

  /**
   * The run in words.
   *
   * @return for reports
   */
  public String describe() {
    return switch (use) {
      case BLOCKS -> liveBlocks + " of " + capacity + " blocks of " + blockSize + " bytes";
      case LARGE -> "a block of " + blockSize + " bytes";
      case FREE_KEPT -> "free, memory kept";
      case FREE_GIVEN_BACK -> "free, memory given back or never used";
    };
  }
}
