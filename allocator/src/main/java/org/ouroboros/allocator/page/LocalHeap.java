package org.ouroboros.allocator.page;

import static org.ouroboros.allocator.page.Page.FREE;
import static org.ouroboros.allocator.page.Page.SUMMARY;
import static org.ouroboros.allocator.page.Page.USED;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * Allocates and frees blocks for one thread at a time: the hot paths of the default allocator.
 *
 * <p>A block that is freed is kept at hand in its class's {@link Bin} if there is room, and is then
 * the next to be allocated. Otherwise its bit is set in its page. When none is at hand, {@link
 * HeapPages} finds more.
 *
 * <p>Blocks of pages that belong to another local heap are freed through that heap's {@link
 * RemoteFrees}; what others have freed of this heap's pages is drained when a page is used up.
 *
 * <p>Thread rule: one thread at a time may call the methods, the heap's holder, as the {@link
 * HeapRegistry} arranges it; but any thread may read for statistics.
 */
public final class LocalHeap {

  /**
   * The thread that holds this heap; null if none does, or many do under a lock. Written under the
   * registry's lock. Racy to read, benign: a thread finds itself here only if it wrote that.
   */
  @Nullable Thread holder;

  final RemoteFrees remoteFrees = new RemoteFrees();

  private final PageHeap pageHeap;
  private final long base;

  /** The bin of a small block, by its size in granules of 16 bytes. */
  private final Bin[] smallBins = new Bin[SizeClasses.MAX_SMALL / 16 + 1];

  /** Those of {@link #pages}. */
  private final Bin[] bins;

  final HeapPages pages;
  private final Engine engine;
  private final SampleClock clock;

  /**
   * Whether its blocks are to be found by their pages alone, so that whoever frees or resizes one
   * comes to the slow path: those that were sampled.
   */
  private final boolean hidden;

  LocalHeap(Engine engine, boolean hidden) {
    this.engine = engine;
    this.hidden = hidden;
    this.clock = new SampleClock(engine.samplers);
    this.pageHeap = engine.pages;
    this.base = engine.pages.base;
    this.pages = new HeapPages(this, engine);
    this.bins = pages.bins;
    for (int i = 0; i < smallBins.length; i++) {
      smallBins[i] = bins[SizeClasses.of(i * 16)];
    }
  }

  /**
   * Sets the holder.
   *
   * @param thread null if it is to be nobody
   * @param shared whether it is found again through the shared face, whose frees then need not ask
   *     for it
   */
  void hold(@Nullable Thread thread, boolean shared) {
    holder = thread;
    for (Bin bin : bins) {
      bin.sharedHolder = shared ? thread : null;
    }
  }

  /** The bin that the blocks of a page of this heap are freed to. */
  Bin binOf(int sizeClass) {
    return hidden ? Bin.NONE : bins[sizeClass];
  }

  // ----------------------------------------------------------------- allocating

  /**
   * Allocates a block, which is not sampled.
   *
   * @param size bytes; negative sizes are refused
   * @return its address
   */
  public long malloc(long size) {
    if (Long.compareUnsigned(size, SizeClasses.MAX_SMALL) <= 0) {
      return take(smallBins[(int) size + 15 >>> 4]);
    }
    return mallocLarger(size);
  }

  private long take(Bin bin) {
    int top = bin.top;
    long address = bin.atHand[top];
    if (address == 0) {
      return refill(bin);
    }
    bin.top = top - 1;
    return address;
  }

  private long refill(Bin bin) {
    pages.refill(bin);
    return bin.takeFromPage();
  }

  private long mallocLarger(long size) {
    if (Long.compareUnsigned(size, SizeClasses.MAX_MEDIUM) <= 0) {
      return take(bins[SizeClasses.of((int) size)]);
    }
    return engine.mallocLarge(size, Page.SIZE, false);
  }

  /**
   * Allocates an aligned block, which is not sampled.
   *
   * @param alignment bytes, a power of two
   * @param size bytes; negative sizes are refused
   * @return its address
   */
  public long alignedAlloc(long alignment, long size) {
    long rounded = SizeClasses.roundToAlignment(size, alignment);
    if (alignment <= Page.SIZE && Long.compareUnsigned(rounded, SizeClasses.MAX_MEDIUM) <= 0) {
      return malloc(rounded);
    }
    return engine.mallocLarge(size, alignment, false);
  }

  // ----------------------------------------------------------- allocating, sampled

  /**
   * Allocates a block.
   *
   * @param size bytes; negative sizes are refused
   * @param sampler who serves it if it is to be sampled
   * @return its address
   */
  public long malloc(long size, Sampler sampler) {
    if (Long.compareUnsigned(size, SizeClasses.MAX_MEDIUM) > 0) {
      return mallocLarge(size, Allocator.MIN_ALIGNMENT, false, sampler);
    }
    return clock.isDue(size) ? mallocDue(size, sampler) : malloc(size);
  }

  private long mallocDue(long size, Sampler sampler) {
    long sampled = serve(size, Allocator.MIN_ALIGNMENT, sampler);
    return sampled != 0 ? sampled : malloc(size);
  }

  /** Serves a block that is due; returns 0 if it is not sampled. */
  private long serve(long size, long alignment, Sampler sampler) {
    return clock.isAccepted(sampler, size) ? sampler.serve(size, alignment, false) : 0;
  }

  /**
   * Allocates an aligned block.
   *
   * @param alignment bytes, a power of two
   * @param size bytes; negative sizes are refused
   * @param sampler who serves it if it is to be sampled
   * @return its address
   */
  public long alignedAlloc(long alignment, long size, Sampler sampler) {
    long rounded = SizeClasses.roundToAlignment(size, alignment);
    if (alignment > Page.SIZE || Long.compareUnsigned(rounded, SizeClasses.MAX_MEDIUM) > 0) {
      return mallocLarge(size, alignment, false, sampler);
    }
    long sampled = clock.isDue(size) ? serve(size, alignment, sampler) : 0;
    return sampled != 0 ? sampled : malloc(rounded);
  }

  /**
   * Allocates a block above the medium sizes.
   *
   * @param size bytes; negative sizes are refused
   * @param alignment bytes, a power of two
   * @param zeroed whether its content must be zero
   * @param sampler who serves it if it is to be sampled
   * @return its address
   */
  long mallocLarge(long size, long alignment, boolean zeroed, Sampler sampler) {
    if (size >= 0 && clock.draws(sampler, size)) {
      long sampled = sampler.serve(size, alignment, zeroed);
      if (sampled != 0) {
        return sampled;
      }
    }
    return engine.mallocLarge(size, Math.max(alignment, Page.SIZE), zeroed);
  }

  /** Lets the allocations that are sampled be found anew: the rates have changed. */
  void restartClock() {
    clock.restart();
  }

  // -------------------------------------------------------------------- freeing

  /**
   * Frees a block.
   *
   * @param address a live block of the same allocator, or 0
   */
  public void free(long address) {
    if (!freeOwn(address)) {
      freeOther(address);
    }
  }

  /**
   * Frees a small block of this heap's pages.
   *
   * @param address anything
   * @return false if it is no such block; nothing has been done then
   */
  boolean freeOwn(long address) {
    long offset = address - base;
    int number = (int) (offset >>> Page.SHIFT);
    Bin bin = pageHeap.binAt(number);
    return bin.heap == this && bin.free(address, number, offset - ((long) number << Page.SHIFT));
  }

  /** Frees a small block of this heap's pages for which there is no room at hand. */
  void freeToPage(long address, int number, int index) {
    long[] record = pageHeap.records[number];
    int word = FREE + (index >>> 6);
    long bit = 1L << index;
    long free = record[word];
    if ((free & bit) != 0) {
      throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
    }
    record[word] = free | bit;
    if (free == 0) {
      wordRegained(number, record, word);
    }
    if (--record[USED] == 0) {
      pageEmptied(pageHeap.map[number]);
    }
  }

  /** A word that was 0 has a set bit: if the whole page was full, it joins its bin's queue. */
  void wordRegained(int number, long[] record, int word) {
    long summary = record[SUMMARY];
    record[SUMMARY] = summary | 1L << word - FREE;
    if (summary == 0) {
      Page page = pageHeap.map[number];
      bins[page.sizeClass].enqueue(page);
    }
  }

  /** The last block of a page that is nobody's current one is free: gives the page up. */
  void pageEmptied(Page page) {
    bins[page.sizeClass].dequeue(page);
    pageHeap.free(page);
  }

  /**
   * Frees a block that is likely no small one of this heap's pages.
   *
   * @param address a live block of the same allocator, or 0
   */
  public void freeOther(long address) {
    long offset = address - base;
    int number = (int) (offset >>> Page.SHIFT);
    Bin theirs = pageHeap.binAt(number);
    if (theirs != Bin.NONE
        && theirs.heap != this
        && bins[theirs.sizeClass].freeAway(
            pageHeap.pageAt(number), offset - ((long) number << Page.SHIFT))) {
      return;
    }
    freeElsewhere(address);
  }

  /** Frees any block, and finds out what is wrong with it. */
  private void freeElsewhere(long address) {
    if (address == 0) {
      engine.checkOpen();
      return;
    }
    Page page = engine.pageOf(address);
    LocalHeap owner = page.owner;
    if (owner == null) {
      engine.freeLarge(address, page);
      return;
    }
    int index = engine.liveIndex(address, page);
    if (owner != this) {
      freeAway(address, page, index);
      return;
    }
    if (!bins[page.sizeClass].keep(address)) {
      pages.giveBack(page, index >>> 6, 1L << index);
    }
  }

  /** Frees a block of a page of a class that another heap owns. */
  private void freeAway(long address, Page page, int index) {
    LocalHeap owner = page.owner;
    if (owner == null || page.isFree(index)) {
      throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
    }
    Bin bin = bins[page.sizeClass];
    boolean isFirst =
        bin.exact || owner.hidden
            ? owner.remoteFrees.post(page, index >>> 6, 1L << index) == 0
            : bin.collectAway(page, index);
    if (!isFirst) {
      throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
    }
  }

  /**
   * Resizes a small block to a small size, in place or by moving it.
   *
   * @param address a block
   * @param size bytes
   * @param sampler who serves it if it is to be sampled where it moves; null for nobody
   * @return its address; 0 if this is not a case of small blocks, or no live block: nothing has
   *     been done then
   */
  public long reallocSmall(long address, long size, @Nullable Sampler sampler) {
    if (Long.compareUnsigned(size, SizeClasses.MAX_SMALL) > 0) {
      return 0;
    }
    long offset = address - base;
    int number = (int) (offset >>> Page.SHIFT);
    Bin owners = pageHeap.binAt(number);
    if (owners == Bin.NONE) {
      return 0;
    }
    Bin bin = bins[owners.sizeClass];
    long inPage = offset - ((long) number << Page.SHIFT);
    long product = inPage * bin.divisor;
    if (Integer.compareUnsigned((int) product, (int) bin.divisor) >= 0
        || Long.compareUnsigned(inPage, bin.lastOffset) > 0
        || bin.atHand[bin.top] == address
        || pageHeap.map[number].isFree((int) (product >>> Integer.SIZE))) {
      return 0;
    }
    if (SizeClasses.staysInPlace(bin.blockSize, size)) {
      return address;
    }
    long moved = sampler == null ? malloc(size) : malloc(size, sampler);
    engine.content.copy(offset, moved - base, Math.min(bin.blockSize, size));
    free(address);
    return moved;
  }

  /**
   * The usable bytes of a live block, as {@link Engine#usableSize}; finds also that it is not live
   * if this heap holds it.
   *
   * @param address where it begins
   * @return bytes
   */
  public long usableSize(long address) {
    Page page = engine.pageOf(address);
    if (page.isOfClass()) {
      checkNotHeld(address, page.sizeClass);
    }
    return engine.usableSize(address);
  }

  private void checkNotHeld(long address, int sizeClass) {
    if (bins[sizeClass].holds(address)) {
      throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
    }
  }

  InvalidFreeException invalid(long address, InvalidFreeException.Kind kind) {
    return new InvalidFreeException(engine.name, address, kind);
  }
}
