package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.page.Engine;
import org.ouroboros.allocator.page.LocalHeap;

/**
 * A view of the default allocator that one thread may use: no table to look up, only the check that
 * the caller is that thread.
 *
 * <p>Thread rule: every method throws {@link WrongThreadException} for other threads, but {@link
 * #name}, {@link #capabilities}, {@link #stats} and {@link #segment}.
 */
final class ConfinedView implements Allocator {

  private final OuroborosAllocator allocator;
  private final Engine engine;
  private final LocalHeap heap;

  /** The thread that may use the view; null once it is closed. */
  private @Nullable Thread owner = Thread.currentThread();

  ConfinedView(OuroborosAllocator allocator, Engine engine) {
    this.allocator = allocator;
    this.engine = engine;
    this.heap = engine.heaps().acquire(Thread.currentThread());
  }

  Engine engine() {
    return engine;
  }

  @Override
  public long malloc(long size) {
    return Blocks.address(heap().malloc(size));
  }

  @Override
  public void free(long address) {
    heap().free(address);
  }

  @Override
  public long calloc(long count, long size) {
    heap();
    return Blocks.calloc(this, engine, count, size);
  }

  @Override
  public long realloc(long address, long size) {
    long resized = heap().reallocSmall(address, size);
    return resized != 0 ? resized : Blocks.realloc(this, engine, address, size);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    Blocks.checkAlignment(engine, alignment, size);
    return Blocks.address(heap().alignedAlloc(alignment, size));
  }

  @Override
  public long usableSize(long address) {
    return heap().usableSize(address);
  }

  private LocalHeap heap() {
    if (Thread.currentThread() != owner) {
      throw refused();
    }
    return heap;
  }

  /** What this is a view of. */
  OuroborosAllocator allocator() {
    return allocator;
  }

  private RuntimeException refused() {
    return owner == null
        ? new IllegalStateException(name() + ": the view is closed")
        : new WrongThreadException(
            name() + ": this view is confined to " + owner + ": use the shared face, or a view");
  }

  @Override
  public MemorySegment segment(long address, long size) {
    if (owner == null) {
      throw refused();
    }
    return engine.segment(address, size);
  }

  @Override
  public String name() {
    return allocator.name();
  }

  @Override
  public Capabilities capabilities() {
    Capabilities shared = allocator.capabilities();
    return new Capabilities(true, false, false, true, shared.purges());
  }

  @Override
  public AllocatorStats stats() {
    return allocator.stats();
  }

  @Override
  public void close() {
    if (owner != null) {
      LocalHeap released = heap();
      owner = null;
      engine.heaps().release(released);
    }
  }
}
