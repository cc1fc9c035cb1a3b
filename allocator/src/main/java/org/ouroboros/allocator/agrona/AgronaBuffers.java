package org.ouroboros.allocator.agrona;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.ouroboros.allocator.Allocator;

/**
 * Agrona's buffers over the blocks of an allocator: a buffer for a block, and the block of a
 * buffer.
 *
 * <p>The JVM must be started with {@value #FLAG} (or {@code =org.agrona} where Agrona is on the
 * module path): without it no {@link UnsafeBuffer} can be made, whoever makes it.
 *
 * <p>A buffer is not tied to the life of its block: like any memory of {@code malloc}, it must not
 * be used after it is freed. {@link #free} makes the buffer that it is given empty, so that
 * Agrona's bounds checks, if they are on, catch a later use through that buffer; other buffers that
 * wrap the same block are not caught.
 *
 * <p>Thread rule: that of the allocator. A buffer itself may be used from any thread, as Agrona's
 * are.
 */
@SuppressWarnings("exports") // callers require Agrona for themselves
public final class AgronaBuffers {

  /** The JVM's option without which Agrona has no buffers. */
  public static final String FLAG = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

  private final Allocator allocator;

  /**
   * Buffers over the blocks of an allocator.
   *
   * @param allocator where blocks come from; it stays the caller's to close
   * @throws IllegalStateException if the JVM was not started with {@value #FLAG}
   */
  public AgronaBuffers(Allocator allocator) {
    this.allocator = Objects.requireNonNull(allocator, "allocator");
    requireFlag();
  }

  private static void requireFlag() {
    try {
      new UnsafeBuffer().wrap(0, 0);
    } catch (IllegalAccessError | ExceptionInInitializerError | NoClassDefFoundError e) {
      throw new IllegalStateException(
          "Agrona's buffers do not work in this JVM: start it with "
              + FLAG
              + " (or =org.agrona where Agrona is on the module path)",
          e);
    }
  }

  // ----------------------------------------------------------------- allocating

  /**
   * Allocates a block and wraps it. Its content is undefined; its address is a multiple of {@link
   * Allocator#MIN_ALIGNMENT}, so all of Agrona's ordered and atomic operations work on its fields.
   *
   * @param capacity bytes; 0 gives an empty buffer over a distinct block
   * @return a new buffer, to be given to {@link #free}
   * @throws org.ouroboros.allocator.AllocationFailedException if there is no memory for it
   * @throws IllegalArgumentException if {@code capacity} is negative
   */
  public UnsafeBuffer allocate(int capacity) {
    return new UnsafeBuffer(allocator.malloc(capacity), capacity);
  }

  /**
   * Allocates a zeroed block and wraps it.
   *
   * @param capacity bytes; 0 gives an empty buffer over a distinct block
   * @return a new buffer, to be given to {@link #free}
   * @throws org.ouroboros.allocator.AllocationFailedException if there is no memory for it
   * @throws IllegalArgumentException if {@code capacity} is negative
   */
  public UnsafeBuffer allocateZeroed(int capacity) {
    return new UnsafeBuffer(allocator.calloc(1, capacity), capacity);
  }

  /**
   * Allocates an aligned block and wraps it, for example at the start of a cache line. Its content
   * is undefined.
   *
   * @param capacity bytes; 0 gives an empty buffer over a distinct block
   * @param alignment bytes, a power of two
   * @return a new buffer, to be given to {@link #free}
   * @throws org.ouroboros.allocator.AllocationFailedException if there is no memory for it
   * @throws IllegalArgumentException if {@code capacity} is negative or {@code alignment} is not a
   *     power of two
   */
  public UnsafeBuffer allocateAligned(int capacity, int alignment) {
    return new UnsafeBuffer(allocator.alignedAlloc(alignment, capacity), capacity);
  }

  /**
   * Resizes the block of a buffer and wraps it again, where it is now. The first {@code min(old
   * capacity, new capacity)} bytes stay. If this throws, the buffer is as it was.
   *
   * @param buffer one that wraps a live block of the allocator from its beginning, or an empty one
   *     that {@link #free} left behind, which gets a new block
   * @param capacity bytes
   * @throws org.ouroboros.allocator.AllocationFailedException if there is no memory for it
   * @throws IllegalArgumentException if {@code capacity} is negative, or the buffer wraps an array
   *     or a byte buffer
   */
  public void reallocate(MutableDirectBuffer buffer, int capacity) {
    buffer.wrap(allocator.realloc(address(buffer), capacity), capacity);
  }

  // -------------------------------------------------------------------- freeing

  /**
   * Frees the block of a buffer, and makes the buffer empty. Freeing it again does nothing.
   *
   * @param buffer one that wraps a live block of the allocator from its beginning
   * @throws IllegalArgumentException if it wraps an array or a byte buffer
   * @throws org.ouroboros.allocator.InvalidFreeException if it does not wrap a live block and the
   *     allocator detects this; the buffer stays as it was
   */
  public void free(DirectBuffer buffer) {
    allocator.free(address(buffer));
    buffer.wrap(0, 0);
  }

  // ------------------------------------------------------------------- wrapping

  /**
   * A buffer over a block that was allocated by address. The block stays the caller's to free,
   * through the buffer or by its address.
   *
   * @param address a live block, of this allocator or any other
   * @param capacity bytes, not more than the block has: this is not checked
   * @return a new buffer
   */
  public static UnsafeBuffer wrap(long address, int capacity) {
    return new UnsafeBuffer(address, capacity);
  }

  /**
   * A buffer over native memory that is known as a segment. The buffer does not keep the segment's
   * arena open, and using it after that is closed is not detected.
   *
   * @param segment a native one, of less than 2 GiB
   * @return a new buffer over all of it
   * @throws IllegalArgumentException if it is a heap segment, or too large for a buffer
   */
  public static UnsafeBuffer wrap(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("a heap segment has no address to wrap");
    }
    if (segment.byteSize() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a buffer holds at most 2 GiB - 1, the segment has " + segment.byteSize() + " bytes");
    }
    return new UnsafeBuffer(segment.address(), (int) segment.byteSize());
  }

  /**
   * The memory of a buffer as a segment, for calls that take one.
   *
   * @param buffer one that wraps a live block of the allocator, or a part of one
   * @return a segment of the buffer's capacity, readable and writable from any thread, as {@link
   *     Allocator#segment} gives it
   * @throws IllegalArgumentException if the buffer wraps an array or a byte buffer
   */
  public MemorySegment segment(DirectBuffer buffer) {
    return allocator.segment(address(buffer), buffer.capacity());
  }

  private static long address(DirectBuffer buffer) {
    if (buffer.byteArray() != null || buffer.byteBuffer() != null) {
      throw new IllegalArgumentException(
          "the buffer wraps "
              + (buffer.byteArray() != null ? "an array" : "a byte buffer")
              + " and no block of an allocator");
    }
    return buffer.addressOffset();
  }
}
