package org.ouroboros.allocator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A wrapper whose allocations fail when they are told to: to test what a program does when memory
 * runs out. The counterpart of CPython's {@code set_nomemory}.
 *
 * <p>It shares the blocks of the allocator underneath, so it may be put around one and taken off
 * again at any time.
 *
 * <p>Thread rule: as the inner allocator; {@link #failFrom} and {@link #stopFailing} may be called
 * from any thread.
 */
public final class FailingAllocator extends ForwardingAllocator {

  private final AtomicLong calls = new AtomicLong();
  private volatile Range failing = Range.NONE;

  /**
   * Puts one around an allocator. Nothing fails before it is told to.
   *
   * @param inner the allocator that serves; closing this one closes it
   */
  public FailingAllocator(Allocator inner) {
    super(inner, inner.name() + "_failing");
  }

  /**
   * Lets the allocations from {@code start} on fail, counted from now and from 0; those before it
   * are served. {@code malloc}, {@code calloc}, {@code alignedAlloc} and {@code realloc} count.
   *
   * @param start the first that fails, 0 or more
   * @param stop the first that is served again; 0 for none, else more than {@code start}
   */
  public void failFrom(long start, long stop) {
    if (start < 0 || stop < 0 || stop != 0 && stop <= start) {
      throw new IllegalArgumentException(
          "from " + start + " to " + stop + ": start 0 or more, stop 0 or more than start");
    }
    calls.set(0);
    failing = new Range(start, stop == 0 ? Long.MAX_VALUE : stop);
  }

  /** Serves everything again. Doing so twice does nothing. */
  public void stopFailing() {
    failing = Range.NONE;
  }

  /**
   * How many allocations there were since {@link #failFrom}, failed ones included.
   *
   * @return calls
   */
  public long calls() {
    return calls.get();
  }

  private void count(long size) {
    long call = calls.getAndIncrement();
    Range range = failing;
    if (call >= range.start && call < range.stop) {
      throw new AllocationFailedException(
          name(), Math.max(0, size), "call " + call + " was told to fail", null);
    }
  }

  @Override
  public long malloc(long size) {
    count(size);
    return super.malloc(size);
  }

  @Override
  public long calloc(long count, long size) {
    count(Math.max(0, count) * Math.max(0, size));
    return super.calloc(count, size);
  }

  @Override
  public long realloc(long address, long size) {
    count(size);
    return super.realloc(address, size);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    count(size);
    return super.alignedAlloc(alignment, size);
  }

  /** Calls that fail. */
  private record Range(long start, long stop) {
    static final Range NONE = new Range(0, 0);
  }
}
