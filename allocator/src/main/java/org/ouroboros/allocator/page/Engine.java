package org.ouroboros.allocator.page;

import java.lang.foreign.Arena;
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
 * <p>Thread rule: any thread.
 */
public final class Engine {

  /** Blocks above this are huge; or above an eighth of the reservation, if that is less. */
  private static final long MAX_LARGE = 32L << 20;

  /** No machine has more bytes of it for one process. */
  private static final long ADDRESS_SPACE = 1L << 47;

  final String name;
  final PageHeap pages;
  final HugeBlocks huge;
  final BlockContent content;
  final boolean exact;
  final Samplers samplers = new Samplers();
  final HeapRegistry heaps;
  private final long maxLarge;
  private final boolean contiguous;
  private volatile boolean closed;

  /**
   * Makes an engine.
   *
   * @param name the allocator's, for messages
   * @param source where memory is from
   * @param reservation of that source, aligned to the page size; the engine owns it
   * @param purgeDelayNanos how long free memory is kept; negative: until it is purged on request
   * @param exact whether every second free is found at once, at some cost
   */
  public Engine(
      String name,
      MemorySource source,
      Reservation reservation,
      long purgeDelayNanos,
      boolean exact) {
    this(name, source, reservation, purgeDelayNanos, exact, false);
  }

  private Engine(
      String name,
      MemorySource source,
      Reservation reservation,
      long purgeDelayNanos,
      boolean exact,
      boolean contiguous) {
    this.exact = exact;
    this.contiguous = contiguous;
    this.name = name;
    this.pages = new PageHeap(source, reservation, purgeDelayNanos);
    this.huge = new HugeBlocks(source);
    this.content = new BlockContent(pages.memory);
    this.heaps = new HeapRegistry(this);
    this.maxLarge = contiguous ? reservation.size() : Math.min(MAX_LARGE, reservation.size() >>> 3);
  }

  /**
   * Makes an engine all of whose blocks, however large, lie in its reservation.
   *
   * @param name the allocator's, for messages
   * @param source where memory is from
   * @param reservation of that source, aligned to the page size; the engine owns it
   * @param purgeDelayNanos how long free memory is kept; negative: until it is purged on request
   * @return a new engine
   */
  public static Engine contiguous(
      String name, MemorySource source, Reservation reservation, long purgeDelayNanos) {
    return new Engine(name, source, reservation, purgeDelayNanos, false, true);
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
    if (size > ADDRESS_SPACE || alignment > ADDRESS_SPACE) {
      throw new AllocationFailedException(
          name, size, "it is larger than the address space (alignment " + alignment + ")", null);
    }
    try {
      if (size <= maxLarge && alignment <= maxLarge) {
        int count = (int) (Math.max(size, 1) + Page.SIZE - 1 >>> Page.SHIFT);
        boolean[] clean = new boolean[1];
        Page page = pages.allocateLarge(count, alignment, clean);
        if (page != null) {
          if (zeroed && !clean[0]) {
            zero(page.address(), size);
          }
          return page.address();
        }
      }
      if (contiguous) {
        throw new AllocationFailedException(name, size, noRoom(), null);
      }
      return huge.allocate(Math.max(size, 1), alignment);
    } catch (SourceException e) {
      throw new AllocationFailedException(name, size, "the memory source failed", e);
    }
  }

  /** A page to be cut into blocks. */
  Page newPage(LocalHeap owner, int sizeClass) {
    try {
      Page page = pages.allocate(owner, sizeClass);
      if (page != null) {
        return page;
      }
    } catch (SourceException e) {
      throw new AllocationFailedException(
          name, SizeClasses.blockSize(sizeClass), "the memory source failed", e);
    }
    throw new AllocationFailedException(name, SizeClasses.blockSize(sizeClass), noRoom(), null);
  }

  private String noRoom() {
    return "all of the reservation of "
        + pages.reservedBytes()
        + " bytes is in use: build the allocator with a larger one";
  }

  // -------------------------------------------------------------------- finding

  /** The page that an address lies in, or {@link Page#NONE}. */
  Page pageOf(long address) {
    long number = address - pages.base >>> Page.SHIFT;
    Page[] map = pages.map;
    return number < map.length ? map[(int) number] : Page.NONE;
  }

  /**
   * The index of a live block.
   *
   * @param address where it begins
   * @param page a page of blocks that the address lies in
   * @return its index
   * @throws InvalidFreeException if no block begins there, or none that is live
   */
  int liveIndex(long address, Page page) {
    int index = page.indexOf(address);
    if (index < 0) {
      throw invalid(address, InvalidFreeException.Kind.UNALIGNED);
    }
    if (page.isFree(index)) {
      throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
    }
    return index;
  }

  /** Frees a block that is in no page of a class. */
  void freeLarge(long address, Page page) {
    checkOpen();
    if (page.isLarge()) {
      if (address != page.address()) {
        throw invalid(address, InvalidFreeException.Kind.UNALIGNED);
      }
      if (!pages.free(page)) {
        throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
      }
    } else if (!huge.free(address)) {
      throw notABlock(address);
    }
  }

  /**
   * The usable bytes of a live block.
   *
   * @param address where it begins
   * @return bytes
   */
  public long usableSize(long address) {
    Page page = pageOf(address);
    if (page.isOfClass()) {
      liveIndex(address, page);
      return page.blockSize();
    }
    checkOpen();
    if (page.isLarge()) {
      if (address != page.address()) {
        throw invalid(address, InvalidFreeException.Kind.UNALIGNED);
      }
      return page.blockSize();
    }
    long size = huge.size(address);
    if (size < 0) {
      throw notABlock(address);
    }
    return size;
  }

  /**
   * What {@link #usableSize} is of a block that is about to be freed: quicker, as the free is going
   * to find out whether it is live.
   *
   * @param address where it begins
   * @return bytes
   */
  public long sizeToFree(long address) {
    Page page = pageOf(address);
    return page.isOfClass() ? page.blockSize() : usableSize(address);
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
    Page page = pageOf(address);
    if (page.isLarge() && size > SizeClasses.MAX_MEDIUM && size <= maxLarge) {
      int count = (int) (size + Page.SIZE - 1 >>> Page.SHIFT);
      try {
        return count == page.pages || pages.resizeLarge(page, count);
      } catch (SourceException e) {
        return false;
      }
    }
    return SizeClasses.staysInPlace(usable, size);
  }

  /**
   * Makes a large block of the reservation longer where it is, if what follows it is free.
   *
   * @param address a live block of whole pages
   * @param size the new size, not less than that of the block
   * @param zeroed whether the pages that are added must read as zero
   * @return whether the block now has room for {@code size} bytes; nothing has changed if not
   */
  public boolean extendInPlace(long address, long size, boolean zeroed) {
    Page page = pageOf(address);
    if (!page.isLarge() || page.address() != address || size > maxLarge) {
      return false;
    }
    int count = (int) (size + Page.SIZE - 1 >>> Page.SHIFT);
    if (count <= page.pages) {
      return count == page.pages;
    }
    boolean[] clean = new boolean[1];
    try {
      if (!pages.resizeLarge(page, count, clean)) {
        return false;
      }
    } catch (SourceException e) {
      return false;
    }
    if (zeroed && !clean[0]) {
      long old = (long) page.pages << Page.SHIFT;
      zero(address + old, size - old);
    }
    return true;
  }

  /**
   * Copies from one block to another.
   *
   * @param from address
   * @param to address
   * @param bytes how many
   */
  public void copy(long from, long to, long bytes) {
    if (isInReservation(from) && isInReservation(to)) {
      content.copy(from - pages.base, to - pages.base, bytes);
    } else {
      MemorySegment.copy(segment(from, bytes), 0, segment(to, bytes), 0, bytes);
    }
  }

  boolean isInReservation(long address) {
    return address >= pages.base && address - pages.base < pages.memory.byteSize();
  }

  /**
   * Zeroes a block.
   *
   * @param address where it begins
   * @param bytes how many
   */
  public void zero(long address, long bytes) {
    if (isInReservation(address)) {
      content.zero(address - pages.base, bytes);
    } else {
      segment(address, bytes).fill((byte) 0);
    }
  }

  /**
   * Zeroes a block that was just allocated and is not larger than the medium ones.
   *
   * @param address where it begins
   * @param bytes how many
   */
  public void zeroNew(long address, long bytes) {
    content.zeroNew(address, bytes);
  }

  /**
   * A segment over memory of this engine.
   *
   * @param address where it begins
   * @param size bytes
   * @return the segment
   */
  public MemorySegment segment(long address, long size) {
    checkOpen();
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

  /**
   * The committed beginning of the reservation. It only grows, and may be read and written for as
   * long as the engine is open, whatever is freed or purged meanwhile.
   *
   * @return a segment from the reservation's first byte to the highest that was ever committed
   */
  public MemorySegment committed() {
    return pages.committed();
  }

  /**
   * A segment over memory of this engine that ends with an arena.
   *
   * @param address where it begins
   * @param size bytes
   * @param arena whose scope it gets; without native access it keeps that of the reservation
   * @return the segment
   */
  @SuppressWarnings("restricted") // the same memory under a narrower scope
  public MemorySegment segment(long address, long size, Arena arena) {
    MemorySegment segment = segment(address, size);
    return Engine.class.getModule().isNativeAccessEnabled()
        ? MemorySegment.ofAddress(segment.address()).reinterpret(size, arena, null)
        : segment;
  }

  /**
   * Memory of the reservation that is in use, or kept for use.
   *
   * @return bytes
   */
  public long committedBytes() {
    return pages.committedBytes();
  }

  /**
   * What the pages' metadata takes on the Java heap. Cost: a look at every page.
   *
   * @return bytes
   */
  public long metadataBytes() {
    return pages.metadataBytes();
  }

  /**
   * Puts memory behind the beginning of the reservation, where blocks are looked for first.
   *
   * @param bytes how much
   * @throws SourceException if the source refuses
   */
  public void preTouch(long bytes) {
    pages.preTouch((int) Math.min(bytes + Page.SIZE - 1 >>> Page.SHIFT, Integer.MAX_VALUE >> 1));
  }

  // --------------------------------------------------------------------- the end

  /** Purges all memory that is free now. */
  public void purge() {
    checkOpen();
    heaps.settle();
    pages.purgeAll();
  }

  /** Gives all memory back. Idempotent. */
  public void close() {
    closed = true;
    heaps.disable();
    pages.release();
    huge.releaseAll();
  }

  /**
   * Ends the engine as {@link #close} does, but keeps the addresses of the reservation: they may
   * still be read and written, and have no meaning.
   *
   * @return what gives the addresses back; it does not refer to the engine
   */
  public Runnable retire() {
    closed = true;
    heaps.disable();
    huge.releaseAll();
    return pages.retire();
  }

  /** Throws if the engine is closed. */
  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException(name + ": the allocator is closed");
    }
  }

  private InvalidFreeException notABlock(long address) {
    if (huge.containing(address, 1) != null) {
      return invalid(address, InvalidFreeException.Kind.UNALIGNED);
    }
    long offset = address - pages.base;
    boolean wasOurs = offset >= 0 && offset >>> Page.SHIFT < pages.top();
    return invalid(
        address, wasOurs ? InvalidFreeException.Kind.NOT_LIVE : InvalidFreeException.Kind.FOREIGN);
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
