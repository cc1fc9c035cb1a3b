package org.ouroboros.allocator.page;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.page.HeapRegistry.Stripe;

/**
 * The calls of any thread: a platform thread finds its own heap, a virtual one takes a stripe.
 *
 * <p>Thread rule: any thread.
 */
public final class SharedFace extends Face {

  private final HeapRegistry heaps;

  /**
   * Makes one.
   *
   * @param engine what serves
   */
  public SharedFace(Engine engine) {
    super(engine);
    this.heaps = engine.heaps;
  }

  @Override
  public long malloc(long size) {
    LocalHeap heap = heaps.current();
    return address(heap != null ? heap.malloc(size) : mallocStriped(size));
  }

  private long mallocStriped(long size) {
    Stripe stripe = heaps.stripe();
    LocalHeap heap = stripe.lock();
    try {
      return heap.malloc(size);
    } finally {
      stripe.unlock();
    }
  }

  @Override
  public long malloc(long size, Sampler sampler) {
    LocalHeap heap = heaps.current();
    return address(heap != null ? heap.malloc(size, sampler) : mallocStriped(size, sampler));
  }

  private long mallocStriped(long size, Sampler sampler) {
    Stripe stripe = heaps.stripe();
    LocalHeap heap = stripe.lock();
    try {
      return heap.malloc(size, sampler);
    } finally {
      stripe.unlock();
    }
  }

  @Override
  public boolean freeOwn(long address) {
    return heaps.freeOwn(address);
  }

  @Override
  public void freeOther(long address) {
    LocalHeap heap = heaps.current();
    if (heap != null) {
      heap.freeOther(address);
    } else {
      freeStriped(address);
    }
  }

  private void freeStriped(long address) {
    Stripe stripe = heaps.stripe();
    LocalHeap heap = stripe.lock();
    try {
      heap.free(address);
    } finally {
      stripe.unlock();
    }
  }

  @Override
  public long reallocSmall(long address, long size, @Nullable Sampler sampler) {
    LocalHeap heap = heaps.current();
    return heap != null ? heap.reallocSmall(address, size, sampler) : 0;
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    checkAlignment(alignment, size);
    LocalHeap heap = heaps.current();
    return address(
        heap != null ? heap.alignedAlloc(alignment, size) : alignedAllocStriped(alignment, size));
  }

  private long alignedAllocStriped(long alignment, long size) {
    Stripe stripe = heaps.stripe();
    LocalHeap heap = stripe.lock();
    try {
      return heap.alignedAlloc(alignment, size);
    } finally {
      stripe.unlock();
    }
  }

  @Override
  public long alignedAlloc(long alignment, long size, Sampler sampler) {
    checkAlignment(alignment, size);
    LocalHeap heap = heaps.current();
    return address(
        heap != null
            ? heap.alignedAlloc(alignment, size, sampler)
            : alignedAllocStriped(alignment, size, sampler));
  }

  private long alignedAllocStriped(long alignment, long size, Sampler sampler) {
    Stripe stripe = heaps.stripe();
    LocalHeap heap = stripe.lock();
    try {
      return heap.alignedAlloc(alignment, size, sampler);
    } finally {
      stripe.unlock();
    }
  }

  @Override
  long mallocLarge(long size, boolean zeroed, @Nullable Sampler sampler) {
    if (sampler == null) {
      return engine.mallocLarge(size, Page.SIZE, zeroed);
    }
    LocalHeap heap = heaps.current();
    return heap != null
        ? heap.mallocLarge(size, Allocator.MIN_ALIGNMENT, zeroed, sampler)
        : mallocLargeStriped(size, zeroed, sampler);
  }

  private long mallocLargeStriped(long size, boolean zeroed, Sampler sampler) {
    Stripe stripe = heaps.stripe();
    LocalHeap heap = stripe.lock();
    try {
      return heap.mallocLarge(size, Allocator.MIN_ALIGNMENT, zeroed, sampler);
    } finally {
      stripe.unlock();
    }
  }

  @Override
  public long usableSize(long address) {
    LocalHeap heap = heaps.current();
    return heap != null ? heap.usableSize(address) : usableSizeStriped(address);
  }

  private long usableSizeStriped(long address) {
    Stripe stripe = heaps.stripe();
    LocalHeap heap = stripe.lock();
    try {
      return heap.usableSize(address);
    } finally {
      stripe.unlock();
    }
  }
}
