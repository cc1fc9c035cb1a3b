package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;

/**
 * An allocator that belongs to the process and not to whoever got hold of it: {@link #close} does
 * nothing, since other users' blocks live in it.
 *
 * <p>A record, because the JIT takes the fields of a constant record for constants: kept in a
 * static final field it costs nothing.
 */
record ProcessAllocator(Allocator delegate) implements Allocator {

  @Override
  public long malloc(long size) {
    return delegate.malloc(size);
  }

  @Override
  public long calloc(long count, long size) {
    return delegate.calloc(count, size);
  }

  @Override
  public long realloc(long address, long size) {
    return delegate.realloc(address, size);
  }

  @Override
  public void free(long address) {
    delegate.free(address);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    return delegate.alignedAlloc(alignment, size);
  }

  @Override
  public long usableSize(long address) {
    return delegate.usableSize(address);
  }

  @Override
  public MemorySegment segment(long address, long size) {
    return delegate.segment(address, size);
  }

  @Override
  public String name() {
    return delegate.name();
  }

  @Override
  public Capabilities capabilities() {
    return delegate.capabilities();
  }

  @Override
  public AllocatorStats stats() {
    return delegate.stats();
  }

  @Override
  public void close() {
    // Not the caller's to close.
  }
}
