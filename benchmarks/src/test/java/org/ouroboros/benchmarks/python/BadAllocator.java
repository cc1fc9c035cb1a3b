package org.ouroboros.benchmarks.python;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.ForwardingAllocator;

/** An allocator of which one call gives what no allocator may. */
final class BadAllocator extends ForwardingAllocator {

  private final String badCall;
  private final long result;

  BadAllocator(Allocator inner, String badCall, long result) {
    super(inner, inner.name() + "_bad");
    this.badCall = badCall;
    this.result = result;
  }

  @Override
  public long malloc(long size) {
    return badCall.equals("malloc") ? result : super.malloc(size);
  }

  @Override
  public long calloc(long count, long size) {
    return badCall.equals("calloc") ? result : super.calloc(count, size);
  }

  @Override
  public long realloc(long address, long size) {
    return badCall.equals("realloc") ? result : super.realloc(address, size);
  }
}
