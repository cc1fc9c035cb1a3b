package org.ouroboros.allocator.management;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.allocator.AllocatorStats.SizeClassStats;
import org.ouroboros.allocator.OuroborosAllocator;

/**
 * The bean of one allocator.
 *
 * <p>Thread rule: any thread.
 */
final class AllocatorBean implements AllocatorMXBean {

  private final Allocator allocator;

  AllocatorBean(Allocator allocator) {
    this.allocator = allocator;
  }

  @Override
  public String getAllocator() {
    return allocator.name();
  }

  @Override
  public long getLiveBlocks() {
    return allocator.stats().liveBlocks();
  }

  @Override
  public long getLiveBytes() {
    return allocator.stats().liveBytes();
  }

  @Override
  public long getReservedBytes() {
    return allocator.stats().reservedBytes();
  }

  @Override
  public long getCommittedBytes() {
    return allocator.stats().committedBytes();
  }

  @Override
  public long getPeakCommittedBytes() {
    return allocator.stats().peakCommittedBytes();
  }

  @Override
  public long getPurgedBytes() {
    return allocator.stats().purgedBytes();
  }

  @Override
  public long getMetadataBytes() {
    return allocator.stats().metadataBytes();
  }

  @Override
  public List<SizeClassStats> getSizeClasses() {
    return allocator.stats().sizeClasses();
  }

  @Override
  public boolean isPurgeable() {
    return allocator.capabilities().purges() && OuroborosAllocator.behind(allocator) != null;
  }

  /** Errors in the JDK's own types: the client need not have this library. */
  @Override
  public void purge() {
    @Nullable OuroborosAllocator serving = OuroborosAllocator.behind(allocator);
    if (serving == null || !isPurgeable()) {
      throw new IllegalStateException(
          allocator.name() + " cannot give memory back before it is closed");
    }
    try {
      serving.purge();
    } catch (AllocatorException e) {
      throw new IllegalStateException(String.valueOf(e.getMessage()));
    }
  }
}
