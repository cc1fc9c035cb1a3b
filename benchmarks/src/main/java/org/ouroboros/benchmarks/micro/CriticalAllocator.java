package org.ouroboros.benchmarks.micro;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Capabilities;

/**
 * A C library at its cheapest: each method is one critical downcall, and nothing is checked, not
 * even for null. Something to compare with, nothing to use: it is not the contract of {@link
 * Allocator}, and freeing a large block this way holds up every safepoint of the JVM.
 *
 * <p>A template of hidden classes, see {@link CriticalLibrary}: it must do without nested classes
 * and lambdas.
 */
final class CriticalAllocator implements Allocator {

  private static final CriticalLibrary.Functions C = functions();

  CriticalAllocator() {}

  private static CriticalLibrary.Functions functions() {
    try {
      return MethodHandles.classData(MethodHandles.lookup(), "_", CriticalLibrary.Functions.class);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public long malloc(long size) {
    try {
      return (long) C.malloc().invokeExact(size);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  @Override
  public void free(long address) {
    try {
      C.free().invokeExact(address);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  @Override
  public long calloc(long count, long size) {
    try {
      return (long) C.calloc().invokeExact(count, size);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  @Override
  public long realloc(long address, long size) {
    try {
      return (long) C.realloc().invokeExact(address, size);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    try {
      return (long) C.memalign().invokeExact(alignment, size);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  @Override
  public long usableSize(long address) {
    try {
      return (long) C.usableSize().invokeExact(address);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  @Override
  @SuppressWarnings("restricted")
  public MemorySegment segment(long address, long size) {
    return MemorySegment.ofAddress(address).reinterpret(size);
  }

  @Override
  public String name() {
    return C.name() + AllocatorUnderTest.CRITICAL_SUFFIX;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, false, false, true);
  }

  @Override
  public AllocatorStats stats() {
    return AllocatorStats.unknown(name());
  }

  /** Does nothing: the library is never closed. */
  @Override
  public void close() {}

  private static AssertionError unexpected(Throwable t) {
    return new AssertionError("a downcall threw", t);
  }
}
