package org.ouroboros.allocator.arena;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Capabilities;

/** Counts what is allocated and freed. All its blocks are the same few bytes. */
final class CountingAllocator implements Allocator {

  private static final MemorySegment BLOCK = Arena.global().allocate(64, 16);

  final AtomicInteger allocated = new AtomicInteger();
  final AtomicInteger freed = new AtomicInteger();

  @Override
  public long malloc(long size) {
    allocated.incrementAndGet();
    return BLOCK.address();
  }

  @Override
  public void free(long address) {
    freed.incrementAndGet();
  }

  @Override
  public long calloc(long count, long size) {
    return malloc(size);
  }

  @Override
  public long realloc(long address, long size) {
    return address;
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    return malloc(size);
  }

  @Override
  public long usableSize(long address) {
    return BLOCK.byteSize();
  }

  @Override
  public MemorySegment segment(long address, long size) {
    return BLOCK.asSlice(0, size);
  }

  @Override
  public String name() {
    return "counting";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, false, false, false);
  }

  @Override
  public AllocatorStats stats() {
    return AllocatorStats.unknown(name());
  }

  @Override
  public void close() {}
}
