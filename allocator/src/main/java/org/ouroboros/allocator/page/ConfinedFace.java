package org.ouroboros.allocator.page;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * The calls of one thread: no table to look up, only the check that the caller is that thread.
 *
 * <p>Thread rule: every method throws {@link WrongThreadException} for other threads than that
 * which made it.
 */
public class ConfinedFace extends Face {

  private final LocalHeap heap;

  /** The thread that may call; null once it is closed. */
  private @Nullable Thread owner = Thread.currentThread();

  /**
   * Makes one for the calling thread.
   *
   * @param engine what serves
   */
  public ConfinedFace(Engine engine) {
    super(engine);
    this.heap = engine.heaps.acquire(Thread.currentThread());
  }

  private LocalHeap heap() {
    if (Thread.currentThread() != owner) {
      throw refused();
    }
    return heap;
  }

  private RuntimeException refused() {
    String name = engine.name();
    return owner == null
        ? new IllegalStateException(name + ": the view is closed")
        : new WrongThreadException(
            name + ": this view is confined to " + owner + ": use the shared face, or a view");
  }

  /** Throws if it is closed. */
  public void checkOpen() {
    if (owner == null) {
      throw refused();
    }
  }

  /** Lets go of its heap; its blocks stay valid. Does nothing if it is closed. */
  public void close() {
    if (owner != null) {
      LocalHeap released = heap();
      owner = null;
      engine.heaps.release(released);
    }
  }

  @Override
  public long malloc(long size) {
    return address(heap().malloc(size));
  }

  @Override
  public long malloc(long size, Sampler sampler) {
    return address(heap().malloc(size, sampler));
  }

  @Override
  public void free(long address) {
    heap().free(address);
  }

  @Override
  public boolean freeOwn(long address) {
    return heap().freeOwn(address);
  }

  @Override
  public void freeOther(long address) {
    heap().freeOther(address);
  }

  @Override
  public long reallocSmall(long address, long size, @Nullable Sampler sampler) {
    return heap().reallocSmall(address, size, sampler);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    checkAlignment(alignment, size);
    return address(heap().alignedAlloc(alignment, size));
  }

  @Override
  public long alignedAlloc(long alignment, long size, Sampler sampler) {
    checkAlignment(alignment, size);
    return address(heap().alignedAlloc(alignment, size, sampler));
  }

  @Override
  long mallocLarge(long size, boolean zeroed, @Nullable Sampler sampler) {
    LocalHeap found = heap();
    return sampler == null
        ? engine.mallocLarge(size, Page.SIZE, zeroed)
        : found.mallocLarge(size, Allocator.MIN_ALIGNMENT, zeroed, sampler);
  }

  @Override
  public long usableSize(long address) {
    return heap().usableSize(address);
  }
}
