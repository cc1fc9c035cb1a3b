package org.ouroboros.allocator.page;

import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * What a local heap keeps for one size class: the word of free bits it allocates from, in its
 * current page, and the queue of its other pages that have free blocks.
 *
 * <p>Invariants: the queue holds the heap's pages of this class that have a free block, but the
 * current one; pages without a free block are in no list at all. The current page's SUMMARY has the
 * bit of the current word set, and its USED is biased.
 *
 * <p>Thread rule: as the {@link LocalHeap} it belongs to.
 */
final class Bin {

  /** What {@link #meta} and {@link #word} of a bin without a page point at: a word without bits. */
  private static final long[] NOTHING = {0};

  /** The chunk of the current page's record. */
  long[] meta = NOTHING;

  /** Where the current word is in it. */
  int word;

  /** Bytes of a block. */
  final int blockSize;

  /** The address of the current word's first block. */
  long wordAddress;

  /** The current page, or -1. */
  int page = -1;

  final int sizeClass;

  /** First and last page of the queue, or -1. */
  int first = -1;

  int last = -1;

  Bin(int sizeClass) {
    this.sizeClass = sizeClass;
    this.blockSize = SizeClasses.blockSize(sizeClass);
  }

  /** Makes a page of this class, in no queue, the current one. It must have a free block. */
  void open(PageTable table, int page, long pageAddress) {
    long[] m = table.chunk(page);
    int h = PageTable.record(page);
    m[h + PageTable.USED] += PageTable.CURRENT_BIAS;
    this.page = page;
    this.meta = m;
    openWord(h, Long.numberOfTrailingZeros(m[h + PageTable.SUMMARY]), pageAddress);
  }

  /** Goes on with another word of the current page, one with a free block. */
  void openWord(int record, int wordIndex, long pageAddress) {
    word = record + PageTable.BITS + wordIndex;
    wordAddress = pageAddress + ((long) wordIndex << 6) * blockSize;
  }

  /** Leaves the bin without a current page. The page's own record is up to the caller. */
  void close() {
    page = -1;
    meta = NOTHING;
    word = 0;
  }

  /** Adds a page at the end of the queue. */
  void enqueue(PageTable table, int page) {
    setLinks(table, page, last, -1);
    if (last < 0) {
      first = page;
    } else {
      setLinks(table, last, PageTable.previous(links(table, last)), page);
    }
    last = page;
  }

  /** Takes a page out of the queue. */
  void dequeue(PageTable table, int page) {
    long links = links(table, page);
    int previous = PageTable.previous(links);
    int next = PageTable.next(links);
    if (previous < 0) {
      first = next;
    } else {
      setLinks(table, previous, PageTable.previous(links(table, previous)), next);
    }
    if (next < 0) {
      last = previous;
    } else {
      setLinks(table, next, previous, PageTable.next(links(table, next)));
    }
  }

  static long links(PageTable table, int page) {
    return table.chunk(page)[PageTable.record(page) + PageTable.LINKS];
  }

  private static void setLinks(PageTable table, int page, int previous, int next) {
    table.chunk(page)[PageTable.record(page) + PageTable.LINKS] = PageTable.links(previous, next);
  }
}
