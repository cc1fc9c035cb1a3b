package org.ouroboros.benchmarks.replay;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;

/**
 * The memory of an allocator whose source is watched: what is resident of the source's mappings,
 * plus all the allocator's own tables, those on the Java heap too.
 */
final class SourceGauge implements MemoryGauge {

  private final Allocator allocator;
  private final WatchedSource source;
  private long metadata;

  SourceGauge(Allocator allocator, WatchedSource source) {
    this.allocator = allocator;
    this.source = source;
  }

  @Override
  public long resident() {
    metadata = Math.max(0, allocator.stats().metadataBytes());
    return residentInside();
  }

  @Override
  public long residentInside() {
    return source.resident() + metadata;
  }

  @Override
  public long committed() {
    return allocator.stats().committedBytes();
  }

  @Override
  public long peakResident() {
    return AllocatorStats.UNKNOWN;
  }

  @Override
  public long peakCommitted() {
    return allocator.stats().peakCommittedBytes();
  }

  @Override
  public void beforeFall(Runnable action) {
    source.beforePurge(action);
  }
}
