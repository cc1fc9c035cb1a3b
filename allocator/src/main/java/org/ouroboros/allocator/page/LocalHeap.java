package org.ouroboros.allocator.page;

import static org.ouroboros.allocator.page.Page.CAPACITY;
import static org.ouroboros.allocator.page.Page.FREE;
import static org.ouroboros.allocator.page.Page.OWNER;
import static org.ouroboros.allocator.page.Page.SUMMARY;
import static org.ouroboros.allocator.page.Page.USED;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * Allocates and frees blocks for one thread at a time: the hot paths of the default allocator.
 *
 * <p>A block that is freed is kept at hand in its class's {@link Bin} if there is room, and is then
 * the next to be allocated. Otherwise its bit is set in its page. When none is at hand, a block
 * comes from the lowest bit that is ready in the bin. When no more are ready, the bin goes on with
 * the word it is at if blocks of it were freed meanwhile, then with the lowest word of the page
 * that has free blocks, then with the page that has waited longest in its queue, then with a new
 * one. (First in, first out: a page that has just regained one block would be used up at once and
 * come back, and so on for ever.) A page whose last block is freed goes back to the {@link
 * PageHeap}, unless it is current.
 *
 * <p>Blocks of pages that belong to another local heap are freed through that heap's {@link
 * RemoteFrees}, unless they are kept at hand; what others have freed of this heap's pages is
 * drained when a page is used up.
 *
 * <p>Thread rule: one thread at a time may call the methods, the heap's holder, as the {@link
 * HeapRegistry} arranges it; but any thread may read for statistics.
 */
public final class LocalHeap {

  /** Every so many new pages, heaps that nobody holds are drained. */
  private static final int PAGES_PER_ORPHAN_DRAIN = 64;

  /**
   * The thread that holds this heap; null if none does, or many do under a lock. Written under the
   * registry's lock. Racy to read, benign: a thread finds itself here only if it wrote that.
   */
  @Nullable Thread holder;

  /** The tag of no heap. */
  static final long NO_TAG = 0;

  /** What the heap's pages name it by. */
  final long tag;

  final RemoteFrees remoteFrees = new RemoteFrees();

  private final PageHeap pageHeap;
  private final long base;

  /** The bin of a small block, by its size in granules of 16 bytes. */
  private final Bin[] smallBins = new Bin[SizeClasses.MAX_SMALL / 16 + 1];

  /** The bins by class, and one more for pages that are not small. */
  private final Bin[] bins = new Bin[SizeClasses.COUNT + 1];

  private final Engine engine;
  private int newPages;

  LocalHeap(Engine engine, long tag) {
    this.tag = tag;
    this.engine = engine;
    this.pageHeap = engine.pages;
    this.base = engine.pages.base;
    for (int i = 0; i < bins.length; i++) {
      bins[i] = new Bin(i, engine.exact);
    }
    for (int i = 0; i < smallBins.length; i++) {
      smallBins[i] = bins[SizeClasses.of(i * 16)];
    }
  }

  // ----------------------------------------------------------------- allocating

  /**
   * Allocates a block.
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
    int count = bin.recentCount - 1;
    if (count < 0) {
      return takeReady(bin);
    }
    bin.recentCount = count;
    return bin.recent[count];
  }

  private long takeReady(Bin bin) {
    long ready = bin.ready;
    if (ready == 0) {
      return refill(bin);
    }
    bin.ready = ready & (ready - 1);
    return bin.wordAddress + (long) Long.numberOfTrailingZeros(ready) * bin.blockSize;
  }

  private long mallocLarger(long size) {
    if (Long.compareUnsigned(size, SizeClasses.MAX_MEDIUM) <= 0) {
      return take(bins[SizeClasses.of((int) size)]);
    }
    return engine.mallocLarge(size, Page.SIZE, false);
  }

  /**
   * Allocates an aligned block.
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

  /** No block is ready: goes on with the same word, another word, another page, or a new page. */
  private long refill(Bin bin) {
    Page page = bin.page;
    if (page == null) {
      return nextPage(bin);
    }
    long[] record = bin.record;
    if (record[bin.word] != 0) {
      bin.openWord(page, bin.word);
      return takeReady(bin);
    }
    long summary = record[SUMMARY] & ~(1L << bin.word - FREE);
    record[SUMMARY] = summary;
    if (summary == 0) {
      return nextPage(bin);
    }
    bin.openWord(page, FREE + Long.numberOfTrailingZeros(summary));
    return takeReady(bin);
  }

  private long nextPage(Bin bin) {
    engine.checkOpen();
    if (bin.page != null) {
      bin.record[USED] = bin.record[CAPACITY];
      bin.close();
    }
    bin.postAway();
    if (remoteFrees.any()) {
      drain();
    }
    bin.open(findPage(bin));
    return takeReady(bin);
  }

  private Page findPage(Bin bin) {
    Page page = bin.first;
    if (page != null) {
      bin.dequeue(page);
      return page;
    }
    if (++newPages % PAGES_PER_ORPHAN_DRAIN == 0) {
      engine.heaps.drainOrphans();
    }
    try {
      return engine.newPage(this, bin.sizeClass);
    } catch (AllocationFailedException e) {
      return findPageAfterAll(bin);
    }
  }

  /** There was no room for a new page: lets go of all that is not live, and tries once more. */
  private Page findPageAfterAll(Bin bin) {
    settle();
    engine.heaps.drainOrphans();
    Page page = bin.first;
    if (page != null) {
      bin.dequeue(page);
      return page;
    }
    return engine.newPage(this, bin.sizeClass);
  }

  // -------------------------------------------------------------------- freeing

  /**
   * Frees a block.
   *
   * @param address a live block of the same allocator, or 0
   */
  public void free(long address) {
    long offset = address - base;
    long number = offset >>> Page.SHIFT;
    byte[] classes = pageHeap.classes;
    if (number >= classes.length) {
      freeElsewhere(address);
      return;
    }
    Bin bin = bins[classes[(int) number]];
    long inPage = offset & Page.SIZE - 1;
    long product = inPage * bin.magic;
    if ((product & Page.FRACTION_MASK) >= bin.magic || inPage > bin.lastOffset) {
      freeElsewhere(address);
      return;
    }
    int count = bin.recentCount;
    if (count == bin.recentLimit) {
      freeToPage(address, (int) number, (int) (product >>> Page.FRACTION));
      return;
    }
    long[] recent = bin.recent;
    if (count > 0 && recent[count - 1] == address) {
      throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
    }
    recent[count] = address;
    bin.recentCount = count + 1;
  }

  /** Frees a small block for which there is no room at hand. */
  private void freeToPage(long address, int number, int index) {
    long[] record = pageHeap.records[number];
    if (record[OWNER] != tag) {
      freeAway(address, pageHeap.map[number], index);
      return;
    }
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
  private void wordRegained(int number, long[] record, int word) {
    long summary = record[SUMMARY];
    record[SUMMARY] = summary | 1L << word - FREE;
    if (summary == 0) {
      Page page = pageHeap.map[number];
      bins[page.sizeClass].enqueue(page);
    }
  }

  /** The last block of a page that is nobody's current one is free: gives the page up. */
  private void pageEmptied(Page page) {
    bins[page.sizeClass].dequeue(page);
    pageHeap.free(page);
  }

  /** Not a block of this heap's pages. */
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
    if (owner == this) {
      checkNotHeld(address, page.sizeClass);
      giveBack(page, index >>> 6, 1L << index);
    } else {
      freeAway(address, page, index);
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
        bin.exact
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
   * @return its address; 0 if this is not a case of small blocks, or no live block: nothing has
   *     been done then
   */
  public long reallocSmall(long address, long size) {
    long offset = address - base;
    long number = offset >>> Page.SHIFT;
    byte[] classes = pageHeap.classes;
    if (number >= classes.length) {
      return 0;
    }
    Bin bin = bins[classes[(int) number]];
    long inPage = offset & Page.SIZE - 1;
    long product = inPage * bin.magic;
    if ((product & Page.FRACTION_MASK) >= bin.magic
        || inPage > bin.lastOffset
        || Long.compareUnsigned(size, SizeClasses.MAX_SMALL) > 0) {
      return 0;
    }
    if (pageHeap.map[(int) number].isFree((int) (product >>> Page.FRACTION))
        || bin.holdsRecent(address)) {
      return 0;
    }
    if (SizeClasses.staysInPlace(bin.blockSize, size)) {
      return address;
    }
    long moved = take(smallBins[(int) size + 15 >>> 4]);
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

  /** Takes in what other threads have freed of this heap's pages. */
  void drain() {
    Page page = remoteFrees.takeAll();
    while (page != null) {
      Page next = RemoteFrees.next(page);
      for (long words = RemoteFrees.takeSummary(page); words != 0; words &= words - 1) {
        int word = Long.numberOfTrailingZeros(words);
        giveBack(page, word, RemoteFrees.takeWord(page, word));
      }
      page = next;
    }
  }

  /** Frees blocks of one word of a page. A block that two threads freed at once counts once. */
  private void giveBack(Page page, int word, long bits) {
    long[] record = page.record;
    long free = record[FREE + word];
    long live = bits & ~free;
    if (live == 0) {
      return;
    }
    record[FREE + word] = free | live;
    if (free == 0) {
      wordRegained(page.number, record, FREE + word);
    }
    record[USED] -= Long.bitCount(live);
    if (record[USED] == 0) {
      pageEmptied(page);
    }
  }

  /** Drains, and lets go of all that is not live, so that pages which are empty are given up. */
  void settle() {
    drain();
    for (Bin bin : bins) {
      while (bin.recentCount > 0) {
        freeRecent(take(bin));
      }
      bin.postAway();
      Page page = bin.page;
      if (page != null) {
        int word = bin.word;
        bin.close();
        long[] record = page.record;
        if (record[word] == 0) {
          record[SUMMARY] &= ~(1L << word - FREE);
        }
        record[USED] = (long) page.capacity() - page.locallyFree();
        if (record[SUMMARY] != 0) {
          bin.enqueue(page);
        }
        if (record[USED] == 0) {
          pageEmptied(page);
        }
      }
    }
  }

  private void freeRecent(long address) {
    Page page = engine.pageOf(address);
    int index = page.indexOf(address);
    if (index < 0) {
      return;
    }
    try {
      freeToPage(address, page.number, index);
    } catch (InvalidFreeException e) {
      // The caller of that free, which was the second of this block, is not the one to be told now.
      return;
    }
  }

  /** Adds to the blocks of each class those that are not live and not free in their pages. */
  void countHeld(long[] blocks) {
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] += bins[i].held();
    }
  }

  /** Makes every call reach a slow path, which finds the allocator closed. */
  void disable() {
    for (Bin bin : bins) {
      bin.recentCount = 0;
      bin.close();
    }
  }

  private InvalidFreeException invalid(long address, InvalidFreeException.Kind kind) {
    return new InvalidFreeException(engine.name, address, kind);
  }
}
