package org.ouroboros.benchmarks.host;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.ForwardingAllocator;

/**
 * Counts what goes through an allocator: also for C libraries, which know nothing of themselves.
 * Bytes are usable ones. Calls that throw are not counted.
 *
 * <p>Thread rule: as the inner allocator.
 */
final class CountingAllocator extends ForwardingAllocator {

  private final LongAdder allocations = new LongAdder();
  private final LongAdder resizes = new LongAdder();
  private final LongAdder frees = new LongAdder();
  private final AtomicLong liveBytes = new AtomicLong();
  private final AtomicLong peakBytes = new AtomicLong();

  /**
   * Counts from now on.
   *
   * @param inner serves; closed with this one
   */
  CountingAllocator(Allocator inner) {
    super(inner, inner.name());
  }

  @Override
  public long malloc(long size) {
    return added(super.malloc(size));
  }

  @Override
  public long calloc(long count, long size) {
    return added(super.calloc(count, size));
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    return added(super.alignedAlloc(alignment, size));
  }

  @Override
  public long realloc(long address, long size) {
    if (address == 0) {
      return added(super.realloc(0, size));
    }
    long before = super.usableSize(address);
    long moved = super.realloc(address, size);
    resizes.increment();
    grow(super.usableSize(moved) - before);
    return moved;
  }

  @Override
  public void free(long address) {
    if (address != 0) {
      long size = super.usableSize(address);
      super.free(address);
      frees.increment();
      grow(-size);
    }
  }

  private long added(long block) {
    allocations.increment();
    grow(super.usableSize(block));
    return block;
  }

  private void grow(long bytes) {
    long now = liveBytes.addAndGet(bytes);
    if (bytes > 0 && now > peakBytes.get()) {
      peakBytes.accumulateAndGet(now, Math::max);
    }
  }

  /** The figures now. */
  Counts counts() {
    long freed = frees.sum();
    return new Counts(allocations.sum(), resizes.sum(), freed, liveBytes.get(), peakBytes.get());
  }

  /**
   * Figures.
   *
   * @param allocations blocks that were given
   * @param resizes blocks that were resized, moved or not
   * @param frees blocks that were taken back
   * @param liveBytes usable bytes of those that were not
   * @param peakBytes the most that has been
   */
  record Counts(long allocations, long resizes, long frees, long liveBytes, long peakBytes) {

    /** Blocks that were given and not taken back. */
    long liveBlocks() {
      return allocations - frees;
    }
  }
}
