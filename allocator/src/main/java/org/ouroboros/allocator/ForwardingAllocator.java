package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.leak.LeakWatch;

/**
 * An allocator that serves through another: the base of decorators, which override what they watch
 * or change. As it stands it only changes the name.
 *
 * <p>Thread rule: as the inner allocator.
 */
public abstract class ForwardingAllocator implements Allocator {

  private final Allocator inner;
  private final String name;

  /**
   * For the subclasses.
   *
   * @param inner the allocator that serves
   * @param name the name of the whole, such as {@code inner.name() + "_debug"}
   */
  @SuppressWarnings("this-escape") // is asked only when it is made
  protected ForwardingAllocator(Allocator inner, String name) {
    this.inner = inner;
    this.name = name;
    LeakWatch.made(this, inner, () -> LeakReport.of(this));
  }

  /**
   * The allocator that serves.
   *
   * @return the same one at every call
   */
  public final Allocator inner() {
    return inner;
  }

  /**
   * Whether blocks of the inner allocator may be freed, resized and measured through this one, and
   * the other way round. Only then may this be put around an allocator, or be taken off it, while
   * blocks are live.
   *
   * @return true here; a decorator that changes sizes or addresses says false
   */
  public boolean sharesBlocks() {
    return true;
  }

  @Override
  public long malloc(long size) {
    return inner.malloc(size);
  }

  @Override
  public long calloc(long count, long size) {
    return inner.calloc(count, size);
  }

  @Override
  public long realloc(long address, long size) {
    return inner.realloc(address, size);
  }

  @Override
  public void free(long address) {
    inner.free(address);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    return inner.alignedAlloc(alignment, size);
  }

  @Override
  public long usableSize(long address) {
    return inner.usableSize(address);
  }

  @Override
  public MemorySegment segment(long address, long size) {
    return inner.segment(address, size);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public Capabilities capabilities() {
    return inner.capabilities();
  }

  @Override
  public AllocatorStats stats() {
    return inner.stats().withAllocator(name);
  }

  @Override
  public void close() {
    LeakWatch.closing(this);
    inner.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
