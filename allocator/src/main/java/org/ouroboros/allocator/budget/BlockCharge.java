package org.ouroboros.allocator.budget;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.page.Engine;
import org.ouroboros.allocator.page.EngineAccess;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * What a block of an allocator is charged with: its usable bytes. Those are known when the block is
 * there; what can be told before, so that it has to be charged once only, depends on the allocator.
 *
 * <p>Thread rule: as the allocator.
 */
final class BlockCharge {

  /** Beyond any block; what is asked for above it is refused by the allocator. */
  private static final long HUGE = 1L << 47;

  /** Larger blocks of the default allocator may have mappings, with granules, of their own. */
  private static final long MOST_CERTAIN = 1 << 20;

  private static final long LARGE_GRANULE = 64 << 10;

  /** A block that is resized has at most twice what was asked for, and this. */
  private static final long SLACK = 64 << 10;

  private final Allocator allocator;

  /** Of the default allocator; null if it is another, or decorators are in between. */
  private final @Nullable Engine engine;

  /** Whether blocks are sized as the default allocator sizes them. */
  private final boolean classes;

  private final boolean exact;

  BlockCharge(Allocator allocator) {
    this.allocator = allocator;
    this.exact = allocator.capabilities().exactUsableSize();
    Allocator innermost = allocator;
    while (innermost instanceof ForwardingAllocator decorator && decorator.sharesBlocks()) {
      innermost = decorator.inner();
    }
    this.engine = EngineAccess.of(allocator);
    this.classes = EngineAccess.of(innermost) != null;
  }

  /** What a new block is going to be charged with: that, or more. */
  long expected(long size) {
    if (!classes) {
      return size;
    }
    return size <= SizeClasses.MAX_MEDIUM
        ? SizeClasses.blockSize(SizeClasses.of((int) size))
        : expectedLarge(size);
  }

  private static long expectedLarge(long size) {
    return size < HUGE ? size + LARGE_GRANULE - 1 & -LARGE_GRANULE : size;
  }

  /** Whether {@link #expected} is what a new block without special alignment has. */
  boolean isCertain(long size) {
    return exact || classes && size <= SizeClasses.MAX_MEDIUM;
  }

  /** The charge of a live block. */
  long of(long address) {
    return allocator.usableSize(address);
  }

  /** The same of one that is about to be freed, which finds out whether it is live. */
  long toFree(long address) {
    Engine known = engine;
    return known != null ? known.sizeToFree(address) : allocator.usableSize(address);
  }

  /** The most that a block may have after it was resized. */
  long mostAfterRealloc(long before, long size) {
    if (exact || size >= HUGE) {
      return size;
    }
    return Math.max(before, isCertainAfterRealloc(size) ? expected(size) : 2 * size + SLACK);
  }

  /** Whether that is what it is going to have, or had. */
  boolean isCertainAfterRealloc(long size) {
    return exact || classes && size <= MOST_CERTAIN;
  }
}
