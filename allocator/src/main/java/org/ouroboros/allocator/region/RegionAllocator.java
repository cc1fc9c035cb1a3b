package org.ouroboros.allocator.region;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Capabilities;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.MmapSource;

/**
 * Cuts blocks side by side from large chunks, and gives all of them back when it is closed: for
 * work that allocates much and ends soon, such as a request or a compilation.
 *
 * <p>{@code malloc} moves a pointer. {@code free} moves it back if the block is the last one, so
 * that a buffer on top may come and go; any other block stays until the close ({@link
 * Capabilities#reclaims()} is false). {@code realloc} grows the last block where it is, and others
 * within their room, else moves them.
 *
 * <p>In front of each block stands a header of 16 bytes, drawn in {@link Chunk}: unlike the default
 * allocator this one keeps metadata among the blocks, and writing past the end of a block can spoil
 * its neighbour's. It never reads outside its chunks, whatever it finds there.
 *
 * <p>What is freed is not checked ({@link Capabilities#detectsInvalidFree()} is false), but {@code
 * realloc} and {@code usableSize} of memory that is not this region's throw {@link
 * InvalidFreeException}. {@code usableSize} is exact.
 *
 * <p>Chunks begin at 64 KiB and double up to 4 MiB; a block that is larger than that gets a chunk
 * of its size. What is left of a chunk when the next one is begun stays unused.
 *
 * <p>Thread rule: any thread, if memory comes from a source or from an allocator that is
 * thread-safe; else only the thread that made the region, others get {@link WrongThreadException}.
 * Nobody else may be using the region while it is closed. Cost: one atomic operation for malloc and
 * one for free; it makes no Java object but with a new chunk.
 */
public final class RegionAllocator implements Allocator {

  /** {@link #name()}. */
  public static final String NAME = "region";

  private static final long MAX_BLOCK = 1L << 46;

  private final ChunkList chunks;
  private final Capabilities capabilities;

  /** The thread that may use the region; null if all may. */
  private final @Nullable Thread owner;

  private RegionAllocator(ChunkSupply supply, boolean threadSafe) {
    this.chunks = new ChunkList(supply);
    this.capabilities = new Capabilities(false, threadSafe, true, false, false);
    this.owner = threadSafe ? null : Thread.currentThread();
  }

  /**
   * A region on the operating system's memory: on {@link MmapSource} if there is native access, on
   * {@link MappedFileSource} otherwise.
   *
   * @return a new region, which the caller closes
   */
  public static RegionAllocator create() {
    return over(MmapSource.isSupported() ? MmapSource.create() : MappedFileSource.create());
  }

  /**
   * A region on memory of a source.
   *
   * @param source where chunks are reserved
   * @return a new region, which the caller closes
   */
  public static RegionAllocator over(MemorySource source) {
    return new RegionAllocator(ChunkSupply.of(Objects.requireNonNull(source, "source")), true);
  }

  /**
   * A region whose chunks are blocks of another allocator, to which they go back.
   *
   * @param allocator where chunks come from; open for longer than the region
   * @return a new region, which the caller closes; confined to the calling thread if {@code
   *     allocator} is not thread-safe
   */
  public static RegionAllocator over(Allocator allocator) {
    return new RegionAllocator(
        ChunkSupply.of(Objects.requireNonNull(allocator, "allocator")),
        allocator.capabilities().threadSafe());
  }

  // ----------------------------------------------------------------- allocating

  @Override
  public long malloc(long size) {
    return cut(MIN_ALIGNMENT, size);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    if (alignment <= 0 || (alignment & alignment - 1) != 0) {
      throw new IllegalArgumentException(
          NAME + ": alignment " + alignment + " must be a power of two");
    }
    return cut(Math.max(alignment, MIN_ALIGNMENT), size);
  }

  private long cut(long alignment, long size) {
    check(size);
    if (size > MAX_BLOCK || alignment > MAX_BLOCK) {
      throw new AllocationFailedException(
          NAME, size, "there is not that much address space (alignment " + alignment + ")", null);
    }
    long address = chunks.current().cut(alignment, size);
    return address != 0 ? address : chunks.cutFromNew(alignment, size);
  }

  @Override
  public long calloc(long count, long size) {
    if (count < 0) {
      throw new IllegalArgumentException(NAME + ": negative count " + count);
    }
    check(size);
    if (Math.multiplyHigh(count, size) != 0 || count * size < 0) {
      throw new AllocationFailedException(
          NAME, -1, "calloc of " + count + " * " + size + " overflows", null);
    }
    long address = malloc(count * size);
    chunks.holding(address).segment(address, count * size).fill((byte) 0);
    return address;
  }

  @Override
  public long realloc(long address, long size) {
    if (address == 0) {
      return malloc(size);
    }
    check(size);
    Chunk chunk = find(address);
    if (chunk.resize(address, size)) {
      return address;
    }
    long moved = malloc(size);
    long kept = Math.min(chunk.size(address), size);
    chunks.holding(moved).segment(moved, kept).copyFrom(chunk.segment(address, kept));
    free(address);
    return moved;
  }

  @Override
  public void free(long address) {
    check(0);
    if (address != 0) {
      // A block of an earlier chunk is not the last one, whatever its header says.
      chunks.current().giveBack(address);
    }
  }

  @Override
  public long usableSize(long address) {
    check(0);
    return find(address).size(address);
  }

  @Override
  public MemorySegment segment(long address, long size) {
    chunks.checkOpen();
    Chunk chunk = chunks.containing(address);
    if (chunk == null) {
      throw new IndexOutOfBoundsException(
          NAME + ": 0x" + Long.toHexString(address) + " is not memory of this region");
    }
    return chunk.segment(address, size);
  }

  private Chunk find(long address) {
    Chunk chunk = chunks.containing(address);
    if (chunk == null) {
      throw new InvalidFreeException(NAME, address, InvalidFreeException.Kind.FOREIGN);
    }
    return chunk;
  }

  private void check(long size) {
    if (owner != null && owner != Thread.currentThread()) {
      throw new WrongThreadException(
          NAME + ": this region is confined to " + owner + ", as the allocator below it is");
    }
    chunks.checkOpen();
    if (size < 0) {
      throw new IllegalArgumentException(NAME + ": negative size " + size);
    }
  }

  // ------------------------------------------------------------------- the rest

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  /** The chunks' bytes; blocks are not counted. */
  @Override
  public AllocatorStats stats() {
    long held = chunks.bytes();
    return new AllocatorStats(
        NAME,
        AllocatorStats.UNKNOWN,
        AllocatorStats.UNKNOWN,
        held,
        held,
        chunks.peakBytes(),
        0,
        AllocatorStats.UNKNOWN,
        List.of());
  }

  /** Gives all chunks back, live blocks included: they must not be touched afterwards. */
  @Override
  public void close() {
    if (owner != null && owner != Thread.currentThread() && chunks.isOpen()) {
      check(0);
    }
    chunks.close();
  }
}
