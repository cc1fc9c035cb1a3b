package org.ouroboros.allocator.page;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * What a local heap keeps for one size class: the blocks that are next in line, in its current
 * page, and the queue of its other pages that have free blocks.
 *
 * <p>{@link #ready} is a copy of some bits of the current word of the page, the lowest, which
 * allocations take bits from; a block that is freed meanwhile gets its bit in the page only. So
 * where the next blocks are never depends on the frees just before, and the processor need not wait
 * for those.
 *
 * <p>Invariants: the bits of {@code ready} are set in the current word. The queue holds the heap's
 * pages of this class that have a free block, but the current one; pages without a free block are
 * in no list at all. The current page's summary has the current word's bit; its USED says nothing
 * and is too large to reach 0, since frees count it down, but allocations do not count it up: it is
 * counted when the page is no longer current.
 *
 * <p>Thread rule: as the {@link LocalHeap} it belongs to.
 */
final class Bin {

  /**
   * How many bytes of blocks are made ready at a time. More would mean that a program which frees
   * each block soon touches more memory than it needs, going round; less, more visits to the slow
   * path.
   */
  private static final int BATCH_BYTES = 4096;

  private static final int MAX_BATCH = 32;

  /** Blocks that are next in line. */
  long ready;

  /** The address of the current word's first block. */
  long wordAddress;

  /** The current page's record. */
  long[] record = Page.NONE.record;

  /** Where in it the current word is. */
  int word = Page.FREE;

  /** Bytes of a block. */
  final long blockSize;

  final int sizeClass;

  /** As many low bits as blocks are made ready at a time. */
  private final long batch;

  /** The current page, or null. */
  @Nullable Page page;

  /** First and last page of the queue, or null. */
  @Nullable Page first;

  @Nullable Page last;

  Bin(int sizeClass) {
    this.sizeClass = sizeClass;
    this.blockSize = SizeClasses.blockSize(sizeClass);
    this.batch = (1L << Math.clamp(BATCH_BYTES / blockSize, 1, MAX_BATCH)) - 1;
  }

  /** Makes a page of this class, in no queue, the current one. It must have a free block. */
  void open(Page page) {
    this.page = page;
    record = page.record;
    openWord(page, Page.FREE + Long.numberOfTrailingZeros(record[Page.SUMMARY]));
  }

  /**
   * Goes on with a word of the current page that has a free block. What other threads have freed in
   * it is taken in first: a block that was freed by them and by this thread must not be handed out
   * while their free is pending, which would free it once more.
   */
  void openWord(Page current, int at) {
    word = at;
    if (current.remoteSummary != 0) {
      record[at] |= RemoteFrees.takeWord(current, at - Page.FREE);
    }
    ready = Long.expand(batch, record[at]);
    record[Page.USED] = Page.CURRENT_BIAS;
    wordAddress = record[Page.ADDRESS] + ((long) (at - Page.FREE) << 6) * blockSize;
  }

  /** Leaves the bin without a current page. */
  void close() {
    page = null;
    ready = 0;
    record = Page.NONE.record;
    word = Page.FREE;
  }

  /** Adds a page at the end of the queue. */
  void enqueue(Page page) {
    Page before = last;
    page.previous = before;
    page.next = null;
    if (before == null) {
      first = page;
    } else {
      before.next = page;
    }
    last = page;
  }

  /** Takes a page out of the queue. */
  void dequeue(Page page) {
    Page before = page.previous;
    Page after = page.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    page.previous = null;
    page.next = null;
  }
}
