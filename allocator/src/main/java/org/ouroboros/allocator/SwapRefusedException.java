package org.ouroboros.allocator;

/**
 * A domain's allocator that was to be replaced while blocks of the old one are live: the new one
 * could not free them. Nothing has changed.
 */
public final class SwapRefusedException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /** The domain. */
  private final Domain domain;

  /** How many are in the way. */
  private final long liveBlocks;

  SwapRefusedException(Domain domain, String from, String to, long liveBlocks) {
    super(
        "domain "
            + domain
            + " keeps "
            + from
            + " and does not go over to "
            + to
            + ": "
            + liveBlocks
            + (liveBlocks == 1 ? " block is live" : " blocks are live")
            + "; free them first, or set a wrapper around the current allocator that shares its"
            + " blocks (ForwardingAllocator)",
        null);
    this.domain = domain;
    this.liveBlocks = liveBlocks;
  }

  /**
   * The domain that keeps its allocator.
   *
   * @return the domain
   */
  public Domain domain() {
    return domain;
  }

  /**
   * How many blocks are in the way.
   *
   * @return blocks that are live, those that another thread is just allocating counted
   */
  public long liveBlocks() {
    return liveBlocks;
  }
}
