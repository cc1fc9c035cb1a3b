package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * A {@code malloc}-shaped allocator of memory outside the Java heap: the interface that embedders
 * implement to bring an allocator of their own, and call to use whichever one was chosen.
 *
 * <p>Blocks are named by their address, a raw {@code long}, because a {@link MemorySegment} that
 * crosses a call which the JIT cannot inline is a Java object for every allocation. Code that
 * prefers segments uses the same allocator as a {@link SegmentAllocator}: {@link #allocate(long,
 * long)} hands out a segment of exactly the requested size and {@link #free(MemorySegment)} takes
 * it back.
 *
 * <h2>Contract</h2>
 *
 * C's and CPython's, with exceptions where C returns null:
 *
 * <ul>
 *   <li>Sizes and alignments are in bytes. A size of 0 gives a distinct block; {@link #usableSize}
 *       tells how much may be written to it, which is nothing where it is exact.
 *   <li>Blocks are aligned to {@value #MIN_ALIGNMENT} bytes, or to what {@link #alignedAlloc} was
 *       asked for. Live blocks never overlap.
 *   <li>The content of a block is undefined, except that {@link #calloc} zeroes it and {@link
 *       #realloc} keeps the first {@code min(old size, new size)} bytes.
 *   <li>A request that cannot be met throws {@link AllocationFailedException} and leaves the
 *       allocator, and the block that was to be resized, as they were.
 *   <li>A negative size or a bad alignment throws {@link IllegalArgumentException}.
 *   <li>{@code free(0)} does nothing. Freeing what is not a live block of this allocator is an
 *       error of the caller: it throws {@link InvalidFreeException} where {@link
 *       Capabilities#detectsInvalidFree()} says so, and is undefined otherwise.
 * </ul>
 *
 * <p>Whether the methods may be called from any thread is told by {@link
 * Capabilities#threadSafe()}; a confined allocator throws {@link WrongThreadException} where that
 * can be told. A block is handed from one thread to another by any action that orders the two (a
 * lock, a volatile write, a queue).
 *
 * <p>After {@link #close()} every method but {@link #name()}, {@link #capabilities()}, {@link
 * #stats()} and {@code close()} itself throws {@link IllegalStateException}.
 */
public interface Allocator extends SegmentAllocator, AutoCloseable {

  /** The alignment of every block, in bytes: that of C's {@code max_align_t} on 64-bit machines. */
  long MIN_ALIGNMENT = 16;

  /**
   * Allocates a block.
   *
   * @param size bytes; 0 gives a distinct block, of which {@link #usableSize} bytes may be written
   * @return the address of the block, never 0
   * @throws AllocationFailedException if there is no memory for it
   * @throws IllegalArgumentException if {@code size} is negative
   */
  long malloc(long size);

  /**
   * Allocates a zeroed block for {@code count} elements of {@code size} bytes.
   *
   * @param count how many elements
   * @param size bytes of one
   * @return the address of the block, never 0
   * @throws AllocationFailedException if there is no memory for it, or {@code count * size}
   *     overflows
   * @throws IllegalArgumentException if either is negative
   */
  long calloc(long count, long size);

  /**
   * Resizes a block, in place or by moving it. If this throws, the old block is still live and
   * unchanged.
   *
   * @param address a live block of this allocator, or 0 to allocate a new one
   * @param size the new size in bytes; 0 does not free the block: a distinct block stays, as of
   *     {@code malloc(0)}
   * @return the address of the block, which may be the old one; if it is not, the old one is freed.
   *     A block that moves keeps {@link #MIN_ALIGNMENT} only
   * @throws AllocationFailedException if there is no memory for it
   * @throws IllegalArgumentException if {@code size} is negative
   * @throws InvalidFreeException if {@code address} is no live block and this is detected
   */
  long realloc(long address, long size);

  /**
   * Frees a block.
   *
   * @param address a live block of this allocator, or 0, which does nothing
   * @throws InvalidFreeException if {@code address} is no live block and this is detected
   */
  void free(long address);

  /**
   * Allocates a block whose address is a multiple of {@code alignment}. It is freed and resized
   * like any other; {@code size} need not be a multiple of {@code alignment}.
   *
   * @param alignment bytes, a power of two; less than {@link #MIN_ALIGNMENT} is served as that
   * @param size bytes; 0 gives a distinct block, of which {@link #usableSize} bytes may be written
   * @return the address of the block, never 0
   * @throws AllocationFailedException if there is no memory for it
   * @throws IllegalArgumentException if {@code alignment} is not a power of two or {@code size} is
   *     negative
   */
  long alignedAlloc(long alignment, long size);

  /**
   * The bytes of a live block that may be used: at least what was asked for. Of a block of size 0
   * that may be 0, and is if sizes are exact.
   *
   * @param address a live block of this allocator
   * @return bytes; exactly what was asked for if {@link Capabilities#exactUsableSize()}
   * @throws InvalidFreeException if {@code address} is no live block and this is detected
   */
  long usableSize(long address);

  /**
   * The short name by which this kind of allocator is chosen, such as {@code ouroboros} or {@code
   * mimalloc}.
   *
   * @return the name, in lower case
   */
  String name();

  /**
   * What this allocator does beyond the contract, or leaves out of it.
   *
   * @return the same value at every call
   */
  Capabilities capabilities();

  /**
   * A reading of this allocator's counters. It may be taken from any thread and at any time; while
   * other threads allocate, its figures need not be of one instant.
   *
   * @return the figures; what an allocator does not know is {@link AllocatorStats#UNKNOWN}
   */
  AllocatorStats stats();

  /**
   * A segment over a live block, of exactly {@code size} bytes, readable and writable from any
   * thread. It is not tied to the block's life: the caller must not use it after {@code free}.
   *
   * @param address a live block of this allocator
   * @param size bytes, not more than {@link #usableSize(long)}
   * @return the segment
   * @throws IndexOutOfBoundsException if the range is known to lie outside this allocator's memory
   */
  MemorySegment segment(long address, long size);

  /**
   * Allocates a block as a segment of exactly {@code byteSize} bytes. Its content is undefined, as
   * {@link SegmentAllocator} allows.
   *
   * @param byteSize bytes; 0 gives an empty segment over a distinct block
   * @param byteAlignment bytes, a power of two
   * @return a segment to be given to {@link #free(MemorySegment)}
   */
  @Override
  default MemorySegment allocate(long byteSize, long byteAlignment) {
    long address =
        byteAlignment <= MIN_ALIGNMENT && Long.bitCount(byteAlignment) == 1 && byteAlignment > 0
            ? malloc(byteSize)
            : alignedAlloc(byteAlignment, byteSize);
    return segment(address, byteSize);
  }

  /**
   * Frees the block that a segment of {@link #allocate(long, long)} stands for.
   *
   * @param block a segment that begins where the block begins
   * @throws InvalidFreeException if there is no live block and this is detected
   */
  default void free(MemorySegment block) {
    free(block.address());
  }

  /**
   * Closes the allocator and gives back what it holds. Whether blocks that are still live stay
   * valid is said by the implementation. Closing twice does nothing.
   */
  @Override
  void close();
}
