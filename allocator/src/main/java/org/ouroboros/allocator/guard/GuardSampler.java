package org.ouroboros.allocator.guard;

import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.page.Sampler;

/**
 * Guards those allocations of the default allocator that its local heaps have counted to.
 *
 * <p>Thread rule: as the guarded allocator.
 */
final class GuardSampler implements Sampler {

  private final DebugAllocator checked;
  private final double perBlock;
  private final long least;

  /**
   * Makes one.
   *
   * @param checked where guarded blocks come from
   * @param every one in so many
   * @param least bytes of the smallest block
   */
  GuardSampler(DebugAllocator checked, long every, long least) {
    this.checked = checked;
    this.perBlock = -Math.log1p(-1.0 / every);
    this.least = least;
  }

  @Override
  public double perBlock() {
    return perBlock;
  }

  @Override
  public double perByte() {
    return 0;
  }

  @Override
  public long serve(long size, long alignment, boolean zeroed) {
    return GuardedPool.allocate(checked, alignment, Math.max(size, least), zeroed);
  }

  @Override
  public void zero(long address, long size) {
    checked.segment(address, size).fill((byte) 0);
  }
}
