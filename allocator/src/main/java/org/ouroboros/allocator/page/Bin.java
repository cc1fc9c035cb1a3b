package org.ouroboros.allocator.page;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * What a local heap keeps for one size class: a few blocks that were freed last, the blocks that
 * are next in line in its current page, and the queue of its other pages that have free blocks.
 *
 * <p>{@link #recent} is a small stack: most blocks are freed soon after they were allocated, and
 * those go through it alone, without a look at their page. It may hold blocks of other heaps'
 * pages. When it is full, blocks are freed to their pages, where they are bits; when it is empty,
 * they come from there. So it neither grows nor is flushed, however many blocks are freed in a row.
 *
 * <p>{@link #ready} has the lowest bits of the current word of the page, which are cleared there; a
 * block that is freed to the page meanwhile gets its bit in the page only. So where the next blocks
 * are never depends on the frees just before, and the processor need not wait for those.
 *
 * <p>Invariants: a block that is not live is in {@code recent} of one heap, or its bit is set in
 * one bin's {@code ready}, or in its page, or among its page's remote frees. The queue holds the
 * heap's pages of this class that have a free block, but the current one; pages without a free
 * block are in no list at all. The current page's summary has the current word's bit; its USED says
 * nothing and is too large to reach 0, since frees count it down, but allocations do not count it
 * up: it is counted when the page is no longer current.
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

  private static final int MAX_BATCH = Long.SIZE;

  /** How many freed blocks are kept at hand. */
  private static final int RECENT = 4;

  /** Blocks that were freed last, by address. */
  final long[] recent = new long[RECENT];

  /** How many of them there are. */
  int recentCount;

  /** How many there may be. */
  final int recentLimit;

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

  /** {@link Page}'s magic of small blocks; 0, which no offset passes, for others. */
  final long magic;

  /** The largest offset in a page at which a small block begins. */
  final long lastOffset;

  final int sizeClass;

  /**
   * Whether the pages alone tell which blocks are live: no freed block is kept at hand, and blocks
   * are made ready one at a time, to be handed out at once.
   */
  final boolean exact;

  /** As many low bits as blocks are made ready at a time. */
  private final long batch;

  /** The current page, or null. */
  @Nullable Page page;

  /** First and last page of the queue, or null. */
  @Nullable Page first;

  @Nullable Page last;

  /** Where blocks of another heap's page are that were freed and not yet posted to that heap. */
  private Page awayPage = Page.NONE;

  private int awayWord;

  private long awayBits;

  /**
   * Makes a bin without a page.
   *
   * @param sizeClass its class; or one beyond the last, for the bin of pages that are not small
   * @param exact see the field
   */
  Bin(int sizeClass, boolean exact) {
    this.exact = exact;
    this.sizeClass = sizeClass;
    boolean small = sizeClass < SizeClasses.SMALL_COUNT;
    this.blockSize = SizeClasses.blockSize(Math.min(sizeClass, SizeClasses.COUNT - 1));
    int blocks = exact ? 1 : Math.clamp(BATCH_BYTES / blockSize, 1, MAX_BATCH);
    this.batch = -1L >>> Long.SIZE - blocks;
    this.recentLimit = small && !exact ? RECENT : 0;
    this.magic = small ? Page.magic(sizeClass) : 0;
    this.lastOffset = (Page.SIZE / blockSize - 1) * blockSize;
  }

  /**
   * Collects a freed block of another heap's page: blocks that were allocated in a row are often
   * freed in a row, and those of one word are posted at once.
   *
   * @return false if the block has been collected before, and not been posted since
   */
  boolean collectAway(Page page, int index) {
    long bit = 1L << index;
    if (page != awayPage || index >>> 6 != awayWord) {
      postAway();
      awayPage = page;
      awayWord = index >>> 6;
    }
    boolean isNew = (awayBits & bit) == 0;
    awayBits |= bit;
    return isNew;
  }

  /** Posts what has been collected. */
  void postAway() {
    LocalHeap owner = awayPage.owner;
    if (awayBits != 0 && owner != null) {
      owner.remoteFrees.post(awayPage, awayWord, awayBits);
    }
    awayBits = 0;
    awayPage = Page.NONE;
  }

  /** Whether a block is free in a way that its page does not show: recent, or ready. */
  boolean holds(long address) {
    long index = (address - wordAddress) / blockSize;
    boolean isReady = index >= 0 && index < Long.SIZE && (ready & 1L << index) != 0;
    return isReady || holdsRecent(address);
  }

  /** Whether a block is among the recent ones. */
  boolean holdsRecent(long address) {
    for (int i = 0; i < recentCount; i++) {
      if (recent[i] == address) {
        return true;
      }
    }
    return false;
  }

  /** How many blocks {@link #holds} holds for. */
  int held() {
    return recentCount + Long.bitCount(ready) + Long.bitCount(awayBits);
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
    record[at] ^= ready;
    record[Page.USED] = Page.CURRENT_BIAS;
    wordAddress = record[Page.ADDRESS] + ((long) (at - Page.FREE) << 6) * blockSize;
  }

  /** Leaves the bin without a current page; what was ready is free in the page again. */
  void close() {
    record[word] |= ready;
    ready = 0;
    page = null;
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
