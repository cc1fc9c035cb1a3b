package org.ouroboros.allocator.leak;

import java.util.List;

/** An allocator, mostly a decorator, that knows its live blocks one by one. */
public interface BlockLedger {

  /**
   * The blocks that were handed out and not freed. While other threads allocate, they need not be
   * those of one instant.
   *
   * @return the blocks, in no order; empty if none is live, or this one was made not to note them
   */
  List<LiveBlock> liveBlocks();
}
