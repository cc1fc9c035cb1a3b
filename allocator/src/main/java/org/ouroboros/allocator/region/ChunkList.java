package org.ouroboros.allocator.region;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.AllocatorException;

/**
 * A region's chunks: the one that blocks are cut from, and those before it.
 *
 * <p>Thread rule: any thread. Changes hold the monitor and publish a new array; readers take it as
 * it is. A thread that still cuts from a chunk which has just been replaced does no harm.
 */
final class ChunkList {

  private static final long FIRST_BYTES = 64L << 10;
  private static final long MAX_BYTES = 4L << 20;
  private static final Chunk[] NONE = {};

  private final ChunkSupply supply;
  private volatile Chunk[] all = NONE;
  private volatile Chunk current = Chunk.empty();
  private volatile boolean open = true;
  private long nextBytes = FIRST_BYTES;
  private long bytes;
  private long peakBytes;

  ChunkList(ChunkSupply supply) {
    this.supply = supply;
  }

  Chunk current() {
    return current;
  }

  /** The chunk that an address lies in, newest first: most calls are about young blocks. */
  @Nullable Chunk containing(long address) {
    Chunk[] chunks = all;
    for (int i = chunks.length - 1; i >= 0; i--) {
      if (chunks[i].contains(address)) {
        return chunks[i];
      }
    }
    return null;
  }

  /** The chunk of a block that this region has just handed out. */
  Chunk holding(long address) {
    Chunk chunk = containing(address);
    if (chunk == null) {
      throw new IllegalStateException("the region was closed in the middle of a call");
    }
    return chunk;
  }

  /**
   * Cuts a block from a new chunk, or from one that another thread has begun meanwhile. A block
   * larger than chunks are gets one of its own, and the current one stays.
   */
  synchronized long cutFromNew(long alignment, long size) {
    checkOpen();
    long address = current.cut(alignment, size);
    if (address != 0) {
      return address;
    }
    long least = Chunk.bytesFor(alignment, size);
    Chunk chunk = supplied(Math.max(least, nextBytes), size);
    add(chunk);
    address = chunk.cut(alignment, size);
    if (least < nextBytes || all.length == 1) {
      current = chunk;
      nextBytes = Math.min(nextBytes * 2, MAX_BYTES);
    }
    return address;
  }

  private Chunk supplied(long least, long size) {
    try {
      return supply.chunk(least);
    } catch (AllocatorException e) {
      throw failed(size, e);
    }
  }

  private static AllocationFailedException failed(long size, RuntimeException cause) {
    return new AllocationFailedException(
        RegionAllocator.NAME, size, "there is no memory for another chunk", cause);
  }

  private void add(Chunk chunk) {
    Chunk[] longer = Arrays.copyOf(all, all.length + 1);
    longer[all.length] = chunk;
    all = longer;
    bytes += chunk.bytes();
    peakBytes = Math.max(peakBytes, bytes);
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized long peakBytes() {
    return peakBytes;
  }

  boolean isOpen() {
    return open;
  }

  void checkOpen() {
    if (!open) {
      throw new IllegalStateException(RegionAllocator.NAME + ": the region is closed");
    }
  }

  /** Gives all chunks back, once. */
  synchronized void close() {
    open = false;
    Chunk[] chunks = all;
    all = NONE;
    current = Chunk.empty();
    bytes = 0;
    for (Chunk chunk : chunks) {
      chunk.release.run();
    }
  }
}
