package org.ouroboros.allocator.page;

import static org.ouroboros.allocator.page.PageTable.BITS;
import static org.ouroboros.allocator.page.PageTable.INFO;
import static org.ouroboros.allocator.page.PageTable.KIND;
import static org.ouroboros.allocator.page.PageTable.PAGE_SHIFT;
import static org.ouroboros.allocator.page.PageTable.PAGE_SIZE;
import static org.ouroboros.allocator.page.PageTable.SUMMARY;
import static org.ouroboros.allocator.page.PageTable.USED;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * Allocates and frees blocks for one thread at a time: the hot paths of the default allocator.
 *
 * <p>A block comes from the lowest set bit of the current word of its class's {@link Bin}; freeing it
 * sets the bit again. A drained word is followed by the lowest other word of the page with a set bit,
 * a drained page by the page that has waited longest in the bin's queue, or by a new one. (First in,
 * first out: a page that has just regained one block would drain at once and come back, and so on
 * for ever.) A page whose last block is freed goes back to the {@link PageHeap}, unless it is
 * current.
 *
 * <p>Blocks of pages that belong to another local heap are freed through {@link RemoteFrees}; what
 * others have freed of this heap's pages is drained when a page is used up.
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

  final int tag;
  final RemoteFrees remoteFrees = new RemoteFrees();

  private final PageTable table;
  private final long base;
  private final Bin[] bins = new Bin[SizeClasses.COUNT];
  private final Engine engine;
  private int newPages;

  LocalHeap(Engine engine, int tag) {
    this.engine = engine;
    this.table = engine.pages.table;
    this.base = engine.pages.base;
    this.tag = tag;
    for (int i = 0; i < bins.length; i++) {
      bins[i] = new Bin(i);
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
      return take(bins[SizeClasses.ofSmall((int) size)]);
    }
    return mallocLarger(size);
  }

  private long take(Bin bin) {
    long[] meta = bin.meta;
    int word = bin.word;
    long free = meta[word];
    if (free == 0) {
      return refill(bin);
    }
    meta[word] = free & (free - 1);
    return bin.wordAddress + (long) Long.numberOfTrailingZeros(free) * bin.blockSize;
  }

  private long mallocLarger(long size) {
    if (Long.compareUnsigned(size, SizeClasses.MAX_MEDIUM) <= 0) {
      return take(bins[SizeClasses.of((int) size)]);
    }
    return engine.mallocLarge(size, PAGE_SIZE);
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
    if (alignment <= PAGE_SIZE && Long.compareUnsigned(rounded, SizeClasses.MAX_MEDIUM) <= 0) {
      return malloc(rounded);
    }
    return engine.mallocLarge(size, alignment);
  }

  /** The current word is empty: goes on with another word, another page, or a new page. */
  private long refill(Bin bin) {
    engine.checkOpen();
    if (bin.page >= 0) {
      long[] m = bin.meta;
      int h = PageTable.record(bin.page);
      long summary = m[h + SUMMARY] & ~(1L << (bin.word - h - BITS));
      m[h + SUMMARY] = summary;
      if (summary != 0) {
        bin.openWord(h, Long.numberOfTrailingZeros(summary), engine.pages.address(bin.page));
        return take(bin);
      }
      m[h + USED] = PageTable.capacity(bin.sizeClass);
      bin.close();
    }
    if (remoteFrees.any()) {
      drain();
    }
    if (bin.first >= 0) {
      int page = bin.first;
      bin.dequeue(table, page);
      bin.open(table, page, engine.pages.address(page));
    } else {
      newPage(bin);
    }
    return take(bin);
  }

  private void newPage(Bin bin) {
    if (++newPages % PAGES_PER_ORPHAN_DRAIN == 0) {
      engine.heaps.drainOrphans();
    }
    int page = engine.allocatePages(PageTable.pages(bin.sizeClass), bin.blockSize);
    table.dedicate(page, bin.sizeClass, tag);
    bin.open(table, page, engine.pages.address(page));
  }

  // -------------------------------------------------------------------- freeing

  /**
   * Frees a block.
   *
   * @param address a live block of the same allocator, or 0
   */
  public void free(long address) {
    long offset = address - base;
    long[][] chunks = table.chunks;
    long chunk = offset >>> PAGE_SHIFT + PageTable.CHUNK_SHIFT;
    if (chunk >= chunks.length) {
      freeElsewhere(address);
      return;
    }
    long[] m = chunks[(int) chunk];
    int h = PageTable.record((int) (offset >>> PAGE_SHIFT));
    long info = m[h + INFO];
    if (PageTable.tagOf(info) != tag) {
      freeElsewhere(address);
      return;
    }
    long magic = PageTable.magicOf(info);
    long product = (offset & PAGE_SIZE - 1) * magic;
    int index = (int) (product >>> 32);
    if ((product & 0xFFFF_FFFFL) >= magic || index >= PageTable.capacityOf(info)) {
      throw invalid(address, InvalidFreeException.Kind.UNALIGNED);
    }
    int word = h + BITS + (index >>> 6);
    long bit = 1L << index;
    long free = m[word];
    if ((free & bit) != 0) {
      throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
    }
    m[word] = free | bit;
    if (free == 0) {
      wordRegained((int) (offset >>> PAGE_SHIFT), m, h, index >>> 6);
    }
    if (--m[h + USED] == 0) {
      pageEmptied((int) (offset >>> PAGE_SHIFT));
    }
  }

  /** A word that was 0 has a set bit: if the whole page was full, it joins its bin's queue. */
  private void wordRegained(int page, long[] m, int h, int word) {
    long summary = m[h + SUMMARY];
    m[h + SUMMARY] = summary | 1L << word;
    if (summary == 0) {
      bins[PageTable.sizeClass(m[h + KIND])].enqueue(table, page);
    }
  }

  /** The last block of a page that is nobody's current one is free: gives the page up. */
  private void pageEmptied(int page) {
    long kind = table.chunk(page)[PageTable.record(page) + KIND];
    int sizeClass = PageTable.sizeClass(kind);
    bins[sizeClass].dequeue(table, page);
    table.clear(page, PageTable.pages(sizeClass));
    engine.pages.free(page, PageTable.pages(sizeClass));
  }

  /** Not a block of this heap's small pages. */
  private void freeElsewhere(long address) {
    if (address == 0) {
      return;
    }
    long block = engine.find(address);
    if (block < 0) {
      engine.freeLarge(address);
      return;
    }
    int page = Engine.pageOf(block);
    int index = Engine.indexOf(block);
    long[] m = table.chunk(page);
    int h = PageTable.record(page);
    if (PageTable.owner(m[h + KIND]) != tag) {
      if (!RemoteFrees.post(table, engine.heaps, page, index)) {
        throw invalid(address, InvalidFreeException.Kind.NOT_LIVE);
      }
      return;
    }
    giveBack(page, m, h, index >>> 6, 1L << index);
  }

  /** Frees blocks of one word of one of this heap's pages; all must be live. */
  private void giveBack(int page, long[] m, int h, int word, long bits) {
    long free = m[h + BITS + word];
    m[h + BITS + word] = free | bits;
    if (free == 0) {
      wordRegained(page, m, h, word);
    }
    m[h + USED] -= Long.bitCount(bits);
    if (m[h + USED] == 0) {
      pageEmptied(page);
    }
  }

  /** Takes in what other threads have freed of this heap's pages. */
  void drain() {
    int next = remoteFrees.take();
    while (next != 0) {
      int page = next - 1;
      long[] records = table.remote(page);
      int record = PageTable.remoteRecord(page);
      next = RemoteFrees.next(records, record);
      long summary = RemoteFrees.takeSummary(records, record);
      if (isMine(page)) {
        drain(page, records, record, summary);
      } else {
        RemoteFrees.handOn(table, engine.heaps, records, page, summary);
      }
    }
  }

  private void drain(int page, long[] records, int record, long summary) {
    long[] m = table.chunk(page);
    int h = PageTable.record(page);
    for (long words = summary; words != 0; words &= words - 1) {
      int word = Long.numberOfTrailingZeros(words);
      long bits = RemoteFrees.takeWord(records, record, word);
      // A bit that is set on both sides is a block freed twice by two threads at once: once counts.
      long live = bits & ~m[h + BITS + word];
      if (live != 0 && isMine(page)) {
        giveBack(page, m, h, word, live);
      }
    }
  }

  private boolean isMine(int page) {
    return PageTable.owner(table.chunk(page)[PageTable.record(page) + KIND]) == tag;
  }

  /** Drops the current pages, so that those which are empty can be given up. */
  void settle() {
    drain();
    for (Bin bin : bins) {
      int page = bin.page;
      if (page >= 0) {
        long[] m = bin.meta;
        int h = PageTable.record(page);
        if (m[bin.word] == 0) {
          m[h + SUMMARY] &= ~(1L << (bin.word - h - BITS));
        }
        m[h + USED] = PageTable.capacity(bin.sizeClass) - Engine.freeBlocks(m, h, bin.sizeClass);
        bin.close();
        if (m[h + SUMMARY] != 0) {
          bin.enqueue(table, page);
          if (m[h + USED] == 0) {
            pageEmptied(page);
          }
        }
      }
    }
  }

  /** Makes every call reach a slow path, which finds the allocator closed. */
  void disable() {
    for (Bin bin : bins) {
      bin.close();
    }
  }

  private InvalidFreeException invalid(long address, InvalidFreeException.Kind kind) {
    return new InvalidFreeException(engine.name, address, kind);
  }
}
