package org.ouroboros.allocator.page;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.page.HeapRegistry.Stripe;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * The calls of an allocator on an engine: what its shared face, its views, and those who sample
 * either have in common. Whoever calls says who is to serve what is sampled, so that sampling is no
 * layer in between.
 *
 * <p>Thread rule: as the subclasses say.
 */
public abstract class Face {

  /** Every bit that an address can have set. */
  private static final long ADDRESS_BITS = (1L << 62) - 1;

  final Engine engine;

  Face(Engine engine) {
    this.engine = engine;
  }

  /**
   * The same address, known to the JIT to be neither negative nor near overflow. So it leaves out
   * the bounds checks of a caller who writes to the block through a segment over all memory; in a
   * loop it would turn them into some twenty instructions.
   */
  static long address(long address) {
    return address & ADDRESS_BITS;
  }

  /**
   * The engine that serves.
   *
   * @return the same one always
   */
  public final Engine engine() {
    return engine;
  }

  // ----------------------------------------------------------------- allocating

  /**
   * As {@link Allocator#malloc}; the block is not sampled.
   *
   * @param size bytes
   * @return its address
   */
  public abstract long malloc(long size);

  /**
   * As {@link Allocator#malloc}.
   *
   * @param size bytes
   * @param sampler who serves it if it is to be sampled
   * @return its address
   */
  public abstract long malloc(long size, Sampler sampler);

  /**
   * As {@link Allocator#alignedAlloc}; the block is not sampled.
   *
   * @param alignment bytes, a power of two
   * @param size bytes
   * @return its address
   */
  public abstract long alignedAlloc(long alignment, long size);

  /**
   * As {@link Allocator#alignedAlloc}.
   *
   * @param alignment bytes, a power of two
   * @param size bytes
   * @param sampler who serves it if it is to be sampled
   * @return its address
   */
  public abstract long alignedAlloc(long alignment, long size, Sampler sampler);

  /** A large block, see {@link LocalHeap#mallocLarge}. */
  abstract long mallocLarge(long size, boolean zeroed, @Nullable Sampler sampler);

  /**
   * As {@link Allocator#calloc}.
   *
   * @param count how many
   * @param size bytes of each
   * @param sampler who serves it if it is to be sampled; null for nobody
   * @return its address
   */
  public final long calloc(long count, long size, @Nullable Sampler sampler) {
    long bytes = checkedProduct(engine.name(), count, size);
    if (bytes > SizeClasses.MAX_MEDIUM) {
      return mallocLarge(bytes, true, sampler);
    }
    long address = sampler == null ? malloc(bytes) : malloc(bytes, sampler);
    if (sampler == null || engine.isInReservation(address)) {
      engine.zeroNew(address, bytes);
    } else {
      sampler.zero(address, bytes);
    }
    return address;
  }

  /**
   * What {@code calloc} is to allocate.
   *
   * @param name the allocator's, for messages
   * @param count how many
   * @param size bytes of each
   * @return {@code count * size}
   */
  public static long checkedProduct(String name, long count, long size) {
    if (count < 0 || size < 0) {
      throw new IllegalArgumentException(
          name + ": negative count or size: " + count + " * " + size);
    }
    if (Math.multiplyHigh(count, size) != 0 || count * size < 0) {
      throw new AllocationFailedException(
          name, -1, "calloc of " + count + " * " + size + " overflows", null);
    }
    return count * size;
  }

  final void checkAlignment(long alignment, long size) {
    if (alignment <= 0 || (alignment & alignment - 1) != 0 || size < 0) {
      throw new IllegalArgumentException(
          engine.name()
              + ": alignment "
              + alignment
              + " must be a power of two, and size "
              + size
              + " not negative");
    }
  }

  // -------------------------------------------------------------------- freeing

  /**
   * As {@link Allocator#free}.
   *
   * @param address a live block of the same engine, or 0
   */
  public void free(long address) {
    if (!freeOwn(address)) {
      freeOther(address);
    }
  }

  /**
   * Frees a small block of the caller's own pages, the quick case.
   *
   * @param address anything
   * @return false if it is no such block; nothing has been done then
   */
  public abstract boolean freeOwn(long address);

  /**
   * Frees any other block, and finds out what is wrong with it.
   *
   * @param address a live block of the same engine, or 0
   */
  public abstract void freeOther(long address);

  // ------------------------------------------------------------------- resizing

  /**
   * Resizes a small block to a small size: the quick case.
   *
   * @param address a block
   * @param size bytes
   * @param sampler who serves it if it is to be sampled where it moves; null for nobody
   * @return its address; 0 if it is no such case: nothing has been done then
   */
  public abstract long reallocSmall(long address, long size, @Nullable Sampler sampler);

  /**
   * Resizes any block.
   *
   * @param address a live block, or 0
   * @param size bytes
   * @param sampler who serves it if it is to be sampled where it moves; null for nobody
   * @return its address
   */
  public final long reallocOther(long address, long size, @Nullable Sampler sampler) {
    if (address == 0) {
      return sampler == null ? malloc(size) : malloc(size, sampler);
    }
    if (size < 0) {
      throw new IllegalArgumentException(engine.name() + ": negative size " + size);
    }
    long usable = usableSize(address);
    if (engine.resizeInPlace(address, usable, size)) {
      return address;
    }
    long moved = sampler == null ? malloc(size) : malloc(size, sampler);
    engine.copy(address, moved, Math.min(usable, size));
    free(address);
    return moved;
  }

  /**
   * As {@link Allocator#realloc}.
   *
   * @param address a live block, or 0
   * @param size bytes
   * @param sampler who serves it if it is to be sampled where it moves, from the same engine; null
   *     for nobody
   * @return its address
   */
  public final long realloc(long address, long size, @Nullable Sampler sampler) {
    long resized = reallocSmall(address, size, sampler);
    return resized != 0 ? resized : reallocOther(address, size, sampler);
  }

  /**
   * As {@link Allocator#usableSize}.
   *
   * @param address a live block
   * @return bytes
   */
  public abstract long usableSize(long address);

  // ------------------------------------------------------------------- sampling

  /**
   * Allocates a block that no quick free and no quick resize knows: {@link #freeOwn} and {@link
   * #reallocSmall} leave it to the slow ones. For those who must be told of some blocks' end.
   *
   * @param alignment bytes, a power of two
   * @param size bytes, 0 or more
   * @param zeroed whether its content must be zero; of large blocks alone
   * @return its address, in the engine as other blocks are
   */
  public final long mallocHidden(long alignment, long size, boolean zeroed) {
    if (size > SizeClasses.MAX_MEDIUM) {
      return address(engine.mallocLarge(size, Math.max(alignment, Page.SIZE), zeroed));
    }
    Stripe stripe = engine.heaps.hidden();
    LocalHeap heap = stripe.lock();
    try {
      return address(heap.alignedAlloc(alignment, size));
    } finally {
      stripe.unlock();
    }
  }

  /**
   * Begins to sample what is allocated through any face of the engine with this sampler. Threads
   * that have allocated with another before notice with a delay, see {@link SampleClock}; the
   * calling thread at once.
   *
   * @param sampler who is passed with allocations
   */
  public final void startSampling(Sampler sampler) {
    engine.samplers.add(sampler);
    engine.heaps.restartClocks();
  }

  /**
   * Ends it. Threads that are on their way may still let an allocation be served.
   *
   * @param sampler one that was started, or any
   */
  public final void stopSampling(Sampler sampler) {
    engine.samplers.remove(sampler);
  }
}
