package org.ouroboros.benchmarks.replay;

import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Capabilities;

/** Passes every call on, for tests that break one of them. */
class DelegatingAllocator implements Allocator {

  private final Allocator allocator;

  DelegatingAllocator(Allocator allocator) {
    this.allocator = allocator;
  }

  @Override
  public long malloc(long size) {
    return allocator.malloc(size);
  }

  @Override
  public long calloc(long count, long size) {
    return allocator.calloc(count, size);
  }

  @Override
  public long realloc(long address, long size) {
    return allocator.realloc(address, size);
  }

  @Override
  public void free(long address) {
    allocator.free(address);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    return allocator.alignedAlloc(alignment, size);
  }

  @Override
  public long usableSize(long address) {
    return allocator.usableSize(address);
  }

  @Override
  public String name() {
    return allocator.name();
  }

  @Override
  public Capabilities capabilities() {
    return allocator.capabilities();
  }

  @Override
  public AllocatorStats stats() {
    return allocator.stats();
  }

  @Override
  public MemorySegment segment(long address, long size) {
    return allocator.segment(address, size);
  }

  @Override
  public void close() {
    allocator.close();
  }
}
