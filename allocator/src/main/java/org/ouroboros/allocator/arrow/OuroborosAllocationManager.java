package org.ouroboros.allocator.arrow;

import java.util.Objects;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.ReferenceManager;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;

/**
 * The memory behind an Arrow buffer, as a block of an allocator. Arrow counts references and
 * accounts for the bytes; this allocates the block when a buffer is made and frees it when the last
 * reference to it is released.
 *
 * <p>Thread rule: Arrow buffers may be made on one thread and released on any other.
 *
 * <p>Failures: an {@link AllocationFailedException} reaches the caller as the cause of Arrow's
 * {@link OutOfMemoryException}, with its message; Arrow's accounts are as before. Arrow's {@code
 * AllocationListener} is asked only about Arrow's own limits, not about this. Once the allocator is
 * closed, making a buffer throws {@link IllegalStateException}, and so does releasing one, which
 * Arrow has then accounted for all the same.
 *
 * <p>Cost: that of Arrow's accounting, and one {@link Allocator#alignedAlloc alignedAlloc} and one
 * {@link Allocator#free free} for each buffer that Arrow does not slice from another.
 */
@SuppressWarnings("exports") // callers require Arrow for themselves
public final class OuroborosAllocationManager extends AllocationManager {

  /**
   * The alignment of the blocks in bytes, if no other is asked for: what Arrow's format recommends,
   * a cache line.
   */
  public static final long DEFAULT_ALIGNMENT = 64;

  private final Allocator allocator;
  private final long address;
  private final long size;

  private OuroborosAllocationManager(
      BufferAllocator accounting, Allocator allocator, long address, long size) {
    super(accounting);
    this.allocator = allocator;
    this.address = address;
    this.size = size;
  }

  /**
   * A factory for Arrow's allocators whose buffers are blocks aligned to {@value
   * #DEFAULT_ALIGNMENT} bytes.
   *
   * @param allocator where blocks come from; it stays the caller's to close, after the last of
   *     Arrow's allocators that use it
   * @return a factory, which may serve any number of Arrow's allocators
   * @throws IllegalArgumentException if the allocator is not {@linkplain
   *     org.ouroboros.allocator.Capabilities#threadSafe() safe for all threads}
   */
  public static Factory factory(Allocator allocator) {
    return factory(allocator, DEFAULT_ALIGNMENT);
  }

  /**
   * A factory for Arrow's allocators with another alignment.
   *
   * @param allocator where blocks come from; it stays the caller's to close, after the last of
   *     Arrow's allocators that use it
   * @param alignment of the blocks in bytes, a power of two; up to {@link Allocator#MIN_ALIGNMENT}
   *     it costs nothing, and buffers of less than {@value #DEFAULT_ALIGNMENT} bytes take less
   * @return a factory, which may serve any number of Arrow's allocators
   * @throws IllegalArgumentException if {@code alignment} is not a power of two, or the allocator
   *     is not {@linkplain org.ouroboros.allocator.Capabilities#threadSafe() safe for all threads}
   */
  public static Factory factory(Allocator allocator, long alignment) {
    Objects.requireNonNull(allocator, "allocator");
    if (alignment <= 0 || Long.bitCount(alignment) != 1) {
      throw new IllegalArgumentException("the alignment is not a power of two: " + alignment);
    }
    if (!allocator.capabilities().threadSafe()) {
      throw new IllegalArgumentException(
          allocator.name()
              + ": this allocator serves one thread, and Arrow releases buffers on any: use one"
              + " for all threads, such as OuroborosAllocator itself instead of a confined view");
    }
    return new BlockFactory(allocator, alignment);
  }

  /**
   * The size of the block, as Arrow accounts for it.
   *
   * @return bytes, what Arrow asked for; the block may have more
   */
  @Override
  public long getSize() {
    return size;
  }

  @Override
  protected long memoryAddress() {
    return address;
  }

  @Override
  protected void release0() {
    allocator.free(address);
  }

  /** Makes a manager for each block. */
  private record BlockFactory(Allocator allocator, long alignment) implements Factory {

    /** Without a block behind it, so that nothing has to be freed: it has no byte to address. */
    private static final ArrowBuf EMPTY = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

    /**
     * The block first: a manager without one would stay in the list of live buffers that Arrow
     * keeps in its debug mode.
     */
    @Override
    public AllocationManager create(BufferAllocator accounting, long size) {
      long address = allocate(size);
      try {
        return new OuroborosAllocationManager(accounting, allocator, address, size);
      } catch (RuntimeException | Error e) {
        allocator.free(address);
        throw e;
      }
    }

    private long allocate(long size) {
      try {
        return alignment <= Allocator.MIN_ALIGNMENT
            ? allocator.malloc(size)
            : allocator.alignedAlloc(alignment, size);
      } catch (AllocationFailedException e) {
        throw new OutOfMemoryException(e.getMessage(), e);
      }
    }

    @Override
    public ArrowBuf empty() {
      return EMPTY;
    }
  }
}
