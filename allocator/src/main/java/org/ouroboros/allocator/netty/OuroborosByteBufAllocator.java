package org.ouroboros.allocator.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.Objects;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;

/**
 * Netty's buffers over any {@link Allocator}: each direct buffer is a block of it, given back when
 * the buffer's reference count becomes 0.
 *
 * <p>Direct buffers have a memory address, which is a multiple of {@value Allocator#MIN_ALIGNMENT}
 * until the buffer is sliced; their content is undefined at first, and zeroed nowhere. A buffer
 * that grows beyond its block takes {@code realloc}; one that shrinks keeps its block. Heap buffers
 * are Netty's unpooled ones over Java arrays: arrays belong to the garbage collector, and pooling
 * them gains nothing here.
 *
 * <p>The Java objects of released direct buffers are used again by the thread that released them
 * (platform threads, {@value BufferStack#LIMIT} each), so that allocating and releasing makes no
 * garbage. As with Netty's pooled buffers, who keeps a reference to a released buffer may meet the
 * next one in it; until then every use, a second release too, throws {@link
 * io.netty.util.IllegalReferenceCountException}. Netty's leak detector works as usual.
 *
 * <p>Thread rule: any thread may allocate, and any thread may release, so the allocator underneath
 * must be thread-safe.
 *
 * <p>Failure: {@link OutOfBufferMemoryError}, an {@link OutOfMemoryError}, if there is no memory;
 * {@link IllegalStateException} if the allocator underneath is closed, or gives an address that no
 * block can have. The buffer that was to grow is as it was.
 */
@SuppressWarnings("exports") // callers require Netty for themselves
public final class OuroborosByteBufAllocator extends AbstractByteBufAllocator
    implements ByteBufAllocatorMetricProvider, AutoCloseable {

  /** Bits that are clear in every address of a block. */
  private static final long NEVER_SET = ~MemoryByteBuf.ADDRESS_BITS | Allocator.MIN_ALIGNMENT - 1;

  private final Allocator allocator;
  private final boolean owned;
  private final BufferStacks stacks = new BufferStacks();
  private final BufferMetric metric = new BufferMetric(stacks);

  /**
   * Buffers over an allocator; {@code buffer()} gives direct ones.
   *
   * @param allocator where blocks come from; it stays the caller's to close, after all buffers are
   *     released
   * @throws IllegalArgumentException if the allocator may not be used by any thread
   */
  public OuroborosByteBufAllocator(Allocator allocator) {
    this(allocator, true);
  }

  /**
   * Buffers over an allocator.
   *
   * @param allocator where blocks come from; it stays the caller's to close, after all buffers are
   *     released
   * @param preferDirect whether {@code buffer()} gives direct buffers rather than heap ones
   * @throws IllegalArgumentException if the allocator may not be used by any thread
   */
  public OuroborosByteBufAllocator(Allocator allocator, boolean preferDirect) {
    this(allocator, preferDirect, false);
  }

  private OuroborosByteBufAllocator(Allocator allocator, boolean preferDirect, boolean owned) {
    super(preferDirect);
    this.allocator = Objects.requireNonNull(allocator, "allocator");
    this.owned = owned;
    if (!allocator.capabilities().threadSafe()) {
      throw new IllegalArgumentException(
          allocator.name()
              + " is bound to one thread, and Netty's buffers are allocated and released by any:"
              + " use one whose capabilities say threadSafe");
    }
  }

  /**
   * Buffers over a default allocator of their own.
   *
   * @return a new one, to be closed by the caller
   * @throws org.ouroboros.allocator.source.SourceException if no address space can be reserved
   */
  public static OuroborosByteBufAllocator create() {
    return new OuroborosByteBufAllocator(OuroborosAllocator.create(), true, true);
  }

  /**
   * Buffers over an allocator of their own that is chosen by name.
   *
   * @param name a name as of {@link Allocators#of}, such as {@code mimalloc} or {@code
   *     ouroboros_debug}
   * @return a new one, to be closed by the caller
   * @throws org.ouroboros.allocator.AllocatorUnavailableException if the name is not known, or the
   *     allocator cannot be had
   * @throws IllegalArgumentException if the allocator may not be used by any thread
   */
  public static OuroborosByteBufAllocator of(String name) {
    Allocator made = Allocators.of(name);
    try {
      return new OuroborosByteBufAllocator(made, true, true);
    } catch (IllegalArgumentException e) {
      made.close();
      throw e;
    }
  }

  // ------------------------------------------------------------------- buffers

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    long address = allocate(initialCapacity);
    BufferStack stack = stacks.current();
    if (stack == null) {
      return newDirectElsewhere(address, initialCapacity, maxCapacity);
    }
    stack.count(1, initialCapacity);
    BlockByteBuf buffer = stack.take();
    if (buffer == null) {
      buffer = new BlockByteBuf(this, stack);
      buffer.begin(address, initialCapacity, maxCapacity);
    } else {
      buffer.beginAgain(address, initialCapacity, maxCapacity);
    }
    ByteBuf tracked = toLeakAwareBuffer(buffer);
    if (tracked != buffer) {
      stack.forget(); // or the leak detector would never see it as garbage
    }
    return tracked;
  }

  private ByteBuf newDirectElsewhere(long address, int initialCapacity, int maxCapacity) {
    stacks.count(1, initialCapacity);
    BlockByteBuf buffer = new BlockByteBuf(this, stacks.nobodys);
    buffer.begin(address, initialCapacity, maxCapacity);
    return toLeakAwareBuffer(buffer);
  }

  /** Takes back the block of a buffer whose reference count is 0 now, and the buffer. */
  void release(BlockByteBuf buffer, long address, int size) {
    allocator.free(address);
    BufferStack stack = buffer.home;
    if (stack.owner == Thread.currentThread()) {
      stack.count(-1, -size);
      stack.keep(buffer);
    } else {
      releaseElsewhere(buffer, size);
    }
  }

  private void releaseElsewhere(BlockByteBuf buffer, int size) {
    BufferStack stack = stacks.current();
    if (stack != null) {
      buffer.home = stack;
      stack.count(-1, -size);
      stack.keep(buffer);
    } else {
      stacks.count(-1, -size);
    }
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return toLeakAwareBuffer(new ArrayByteBuf(this, initialCapacity, maxCapacity));
  }

  // -------------------------------------------------------------------- blocks

  private long allocate(int size) {
    try {
      return checked(allocator.malloc(size), size);
    } catch (AllocationFailedException e) {
      throw new OutOfBufferMemoryError(e);
    }
  }

  /** Resizes a buffer's block. */
  long resize(long address, int size, int newSize) {
    try {
      long resized = checked(allocator.realloc(address, newSize), newSize);
      BufferStack stack = stacks.current();
      if (stack != null) {
        stack.count(0, newSize - size);
      } else {
        stacks.count(0, newSize - size);
      }
      return resized;
    } catch (AllocationFailedException e) {
      throw new OutOfBufferMemoryError(e);
    }
  }

  private long checked(long address, int size) {
    if (address == 0 || (address & NEVER_SET) != 0) {
      throw refuse(address, size);
    }
    return address;
  }

  /** Not freed: what is no address of a block is better not given to anybody. */
  private IllegalStateException refuse(long address, int size) {
    return new IllegalStateException(
        allocator.name()
            + " gave 0x"
            + Long.toHexString(address)
            + " for "
            + size
            + " bytes, which is no address of a block: an allocator gives multiples of "
            + Allocator.MIN_ALIGNMENT
            + " other than 0");
  }

  // ------------------------------------------------------------------- the rest

  /**
   * The allocator underneath, for its statistics.
   *
   * @return the allocator
   */
  public Allocator allocator() {
    return allocator;
  }

  /**
   * True: a block costs no system call, so Netty should use direct buffers for input and output.
   *
   * @return true
   */
  @Override
  public boolean isDirectBufferPooled() {
    return true;
  }

  @Override
  public BufferMetric metric() {
    return metric;
  }

  /**
   * Closes the allocator underneath, if {@link #create} or {@link #of} has made it; one that was
   * given is left alone. Shut the event loops down before. Closing twice does nothing.
   *
   * @throws IllegalStateException if direct buffers have not been released: their memory would be
   *     gone. Nothing has changed then
   */
  @Override
  public void close() {
    long live = metric.directBuffers();
    if (live != 0) {
      throw new IllegalStateException(
          "cannot close "
              + allocator.name()
              + ": "
              + live
              + " direct buffers ("
              + metric.usedDirectMemory()
              + " bytes) have not been released");
    }
    if (owned) {
      allocator.close();
    }
  }
}
