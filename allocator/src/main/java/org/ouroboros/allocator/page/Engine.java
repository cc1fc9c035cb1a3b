package org.ouroboros.allocator.page;

import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.sizeclass.SizeClasses;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;

/**
 * What all local heaps of one allocator share: the page heap, the huge blocks and the registry, and
 * the slow paths that need no local heap.
 *
 * <p>A block that is found is named by one {@code long}: the page that holds its record in the high
 * half, its index in the page in the low half; -1 where the address is not in a page of blocks.
 *
 * <p>Thread rule: any thread.
 */
public final class Engine {

  /** Blocks above this are huge; or above an eighth of the reservation, if that is less. */
  private static final long MAX_LARGE = 32L << 20;

  final String name;
  final PageHeap pages;
  final HugeBlocks huge;
  final HeapRegistry heaps;
  private final long maxLarge;
  private volatile boolean closed;

  /**
   * Makes an engine.
   *
   * @param name the allocator's, for messages
   * @param source where memory is from
   * @param reservation of that source, aligned to the page size; the engine owns it
   * @param purgeDelayNanos how long free memory is kept; negative: until it is purged on request
   */
  public Engine(String name, MemorySource source, Reservation reservation, long purgeDelayNanos) {
    this.name = name;
    this.pages = new PageHeap(source, reservation, purgeDelayNanos);
    this.huge = new HugeBlocks(source);
    this.heaps = new HeapRegistry(this);
    this.maxLarge = Math.min(MAX_LARGE, reservation.size() >>> 3);
  }

  /**
   * The registry of local heaps.
   *
   * @return the same one always
   */
  public HeapRegistry heaps() {
    return heaps;
  }

  /**
   * The allocator's name.
   *
   * @return for messages
   */
  public String name() {
    return name;
  }

  // ----------------------------------------------------------------- allocating

  long mallocLarge(long size, long alignment) {
    return mallocLarge(size, alignment, false);
  }

  /**
   * Allocates a large or huge block.
   *
   * @param size bytes
   * @param alignment bytes, a power of two
   * @param zeroed whether its content must be zero
   * @return its address
   */
  public long mallocLarge(long size, long alignment, boolean zeroed) {
    if (size < 0) {
      throw new IllegalArgumentException(name + ": negative size " + size);
    }
    checkOpen();
    try {
      if (size <= maxLarge && alignment <= maxLarge) {
        int count = (int) (Math.max(size, 1) + PageTable.PAGE_SIZE - 1 >>> PageTable.PAGE_SHIFT);
        long run = pages.allocateLarge(count, alignment);
        if (run >= 0) {
          long address = pages.address((int) run);
          if (zeroed && (run & PageHeap.ZERO) == 0) {
            zero(address, size);
          }
          return address;
        }
      }
      return huge.allocate(Math.max(size, 1), alignment);
    } catch (SourceException e) {
      throw new AllocationFailedException(name, size, "the memory source failed", e);
    }
  }

  /** A run of pages to be cut into blocks. */
  int allocatePages(int count, long blockSize) {
    try {
      long run = pages.allocate(count, PageTable.PAGE_SIZE);
      if (run >= 0) {
        return (int) run;
      }
    } catch (SourceException e) {
      throw new AllocationFailedException(name, blockSize, "the memory source failed", e);
    }
    throw new AllocationFailedException(
        name,
        blockSize,
        "all of the reservation of "
            + pages.reservedBytes()
            + " bytes is in use: build the allocator with a larger one",
        null);
  }

  // -------------------------------------------------------------------- finding

  static int pageOf(long block) {
    return (int) (block >>> 32);
  }

  static int indexOf(long block) {
    return (int) block;
  }

  /**
   * Finds the live small or medium block at an address.
   *
   * @return the block, or -1 if the address is not in a page of blocks
   * @throws InvalidFreeException if no block begins there, or none that is live
   */
  long find(long address) {
    long offset = address - pages.base;
    long[][] chunks = pages.table.chunks;
    long chunk = offset >>> PageTable.PAGE_SHIFT + PageTable.CHUNK_SHIFT;
    if (chunk >= chunks.length) {
      return -1;
    }
    int page = (int) (offset >>> PageTable.PAGE_SHIFT);
    long kind = chunks[(int) chunk][PageTable.record(page) + PageTable.KIND];
    int head = PageTable.head(kind);
    long[] m = pages.table.chunk(head);
    int h = PageTable.record(head);
    int headKind = PageTable.kind(m[h + PageTable.KIND]);
    if (PageTable.kind(kind) == PageTable.FREE
        || headKind != PageTable.SMALL && headKind != PageTable.MEDIUM) {
      return -1;
    }
    int inRun = (int) (offset - ((long) head << PageTable.PAGE_SHIFT));
    int sizeClass = PageTable.sizeClass(kind);
    int index = inRun / SizeClasses.blockSize(sizeClass);
    if (index * SizeClasses.blockSize(sizeClass) != inRun
        || index >= PageTable.capacity(sizeClass)) {
      throw invalid(address, InvalidFreeException.Kind.UNALIGNED);
    }
    if ((m[h + PageTable.BITS + (index >>> 6)] & 1L << index) != 0) {
      throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
    }
    return (long) head << 32 | index;
  }

  /** The first page of the large block at an address, or -1. */
  private int findLarge(long address) {
    long offset = address - pages.base;
    int page = (int) (offset >>> PageTable.PAGE_SHIFT);
    if (offset >>> PageTable.PAGE_SHIFT + PageTable.CHUNK_SHIFT >= pages.table.chunks.length) {
      return -1;
    }
    long kind = pages.table.chunk(page)[PageTable.record(page) + PageTable.KIND];
    int head = PageTable.head(kind);
    if (PageTable.kind(kind) == PageTable.FREE) {
      throw invalid(
          address,
          page < pages.top()
              ? InvalidFreeException.Kind.NOT_LIVE
              : InvalidFreeException.Kind.FOREIGN);
    }
    if (address != pages.address(head)) {
      throw invalid(address, InvalidFreeException.Kind.UNALIGNED);
    }
    return head;
  }

  void freeLarge(long address) {
    checkOpen();
    int page = findLarge(address);
    if (page >= 0 ? !pages.freeLarge(page) : !huge.free(address)) {
      throw invalid(
          address,
          page >= 0 ? InvalidFreeException.Kind.NOT_LIVE : InvalidFreeException.Kind.FOREIGN);
    }
  }

  /**
   * The usable bytes of a live block.
   *
   * @param address where it begins
   * @return bytes
   */
  public long usableSize(long address) {
    checkOpen();
    long block = find(address);
    if (block >= 0) {
      int page = pageOf(block);
      long kind = pages.table.chunk(page)[PageTable.record(page) + PageTable.KIND];
      return SizeClasses.blockSize(PageTable.sizeClass(kind));
    }
    int page = findLarge(address);
    if (page >= 0) {
      return pages.table.chunk(page)[PageTable.record(page) + PageTable.RUN]
          << PageTable.PAGE_SHIFT;
    }
    long size = huge.size(address);
    if (size < 0) {
      throw invalid(address, InvalidFreeException.Kind.FOREIGN);
    }
    return size;
  }

  // -------------------------------------------------------------------- content

  /**
   * Resizes a block where it is, if its class, or what follows it, allows that.
   *
   * @param address a live block
   * @param usable its usable size
   * @param size the new size
   * @return whether the block now has room for {@code size} bytes, and not far too much
   */
  public boolean resizeInPlace(long address, long usable, long size) {
    if (usable <= SizeClasses.MAX_MEDIUM || address - pages.base >= pages.reservedBytes()
        || address < pages.base) {
      return size <= usable && size >= usable >>> 1 || size <= usable && usable <= 32;
    }
    if (size <= SizeClasses.MAX_MEDIUM || size > maxLarge) {
      return false;
    }
    int page = (int) (address - pages.base >>> PageTable.PAGE_SHIFT);
    int count = (int) (size + PageTable.PAGE_SIZE - 1 >>> PageTable.PAGE_SHIFT);
    if (count == usable >>> PageTable.PAGE_SHIFT) {
      return true;
    }
    try {
      return pages.resizeLarge(page, count);
    } catch (SourceException e) {
      return false;
    }
  }

  /**
   * Copies from one block to another.
   *
   * @param from address
   * @param to address
   * @param bytes how many
   */
  public void copy(long from, long to, long bytes) {
    long size = pages.memory.byteSize();
    if (from - pages.base >= 0
        && to - pages.base >= 0
        && from - pages.base < size
        && to - pages.base < size) {
      MemorySegment.copy(
          pages.memory, from - pages.base, pages.memory, to - pages.base, bytes);
    } else {
      MemorySegment.copy(segment(from, bytes), 0, segment(to, bytes), 0, bytes);
    }
  }

  /**
   * Zeroes a block.
   *
   * @param address where it begins
   * @param bytes how many
   */
  public void zero(long address, long bytes) {
    long offset = address - pages.base;
    if (offset >= 0 && offset < pages.memory.byteSize()) {
      pages.memory.asSlice(offset, bytes).fill((byte) 0);
    }
  }

  /**
   * A segment over memory of this engine.
   *
   * @param address where it begins
   * @param size bytes
   * @return the segment
   */
  public MemorySegment segment(long address, long size) {
    long offset = address - pages.base;
    if (offset >= 0 && offset < pages.memory.byteSize()) {
      return pages.memory.asSlice(offset, size);
    }
    MemorySegment segment = huge.containing(address, size);
    if (segment == null) {
      throw new IndexOutOfBoundsException(
          name + ": 0x" + Long.toHexString(address) + " is not memory of this allocator");
    }
    return segment;
  }

  /** Blocks of a page or run that are free, by its own bits. */
  static int freeBlocks(long[] m, int h, int sizeClass) {
    int words = PageTable.capacity(sizeClass) + 63 >>> 6;
    int free = 0;
    for (int i = 0; i < words; i++) {
      free += Long.bitCount(m[h + PageTable.BITS + i]);
    }
    return free;
  }

  // --------------------------------------------------------------------- the end

  /** Purges all memory that is free now. */
  public void purge() {
    checkOpen();
    pages.purgeAll();
  }

  /** Gives all memory back. Idempotent. */
  public void close() {
    closed = true;
    heaps.disable();
    pages.release();
    huge.releaseAll();
  }

  /** Throws if the engine is closed. */
  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException(name + ": the allocator is closed");
    }
  }

  private InvalidFreeException invalid(long address, InvalidFreeException.Kind kind) {
    return new InvalidFreeException(name, address, kind);
  }

  /**
   * The pages, for reports.
   *
   * @return a report of this engine
   */
  public EngineReport report() {
    return new EngineReport(this);
  }
}
