package org.ouroboros.allocator.page;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * What a local heap keeps for one size class: a stack of blocks at hand, the current page, and the
 * queue of its other pages that have free blocks.
 *
 * <p>Blocks are allocated from {@link #atHand} alone. When it is empty, it is filled with the
 * lowest free blocks of the current page, the lowest on top. A freed block is pushed if there is
 * room: most blocks are freed soon after they were allocated, and those are not looked up in their
 * page. When it is full, blocks are freed to their pages, where they are bits; so it is never
 * flushed, however many blocks are freed in a row. It holds only blocks of the heap's own pages: a
 * block of another thread's page would bring two threads' blocks into one cache line.
 *
 * <p>Invariants: a block that is not live is at hand in one bin, or its bit is set in its page, or
 * among its page's remote frees. The queue holds the heap's pages of this class that have a free
 * block, but the current one; pages without a free block are in no list at all. The current page's
 * summary has the current word's bit; its USED says nothing and is too large to reach 0, since
 * frees count it down, but allocations do not count it up: it is counted when the page is no longer
 * current.
 *
 * <p>Thread rule: as the {@link LocalHeap} it belongs to.
 */
final class Bin {

  /**
   * How many bytes of blocks are taken from the page at a time. More would mean that a program
   * which frees each block soon touches more memory than it needs, going round; less, more visits
   * to the slow path.
   */
  private static final int BATCH_BYTES = 4096;

  private static final int MAX_BATCH = Long.SIZE;

  /** How many bytes of small blocks are at hand at most, within the following bounds. */
  private static final int LIMIT_BYTES = 4096;

  private static final int LEAST_LIMIT = 4;
  private static final int GREATEST_LIMIT = 256;

  /** How many medium blocks are at hand at most: each may keep a run of pages in use. */
  private static final int MEDIUM_LIMIT = 2;

  /** What pages have that are no heap's, or not small. */
  static final Bin NONE = new Bin(null, 0, true);

  /** The heap it is a part of; null of {@link #NONE}. */
  final @Nullable LocalHeap heap;

  /**
   * The heap's holder if it has the heap through the shared face, and not a view. As racy to read,
   * and as benign, as {@link LocalHeap#holder}.
   */
  @Nullable Thread sharedHolder;

  /**
   * Free blocks that are not in their pages, by address: a stack that begins with 0, which is no
   * block, so that its top can be looked at in any case. Its length is the limit.
   */
  final long[] atHand;

  /** Where in it the top is; how many blocks are at hand. */
  int top;

  /** The current page's record. */
  long[] record = Page.NONE.record;

  /** Where in it the current word is. */
  int word = Page.FREE;

  /** Bytes of a block. */
  final long blockSize;

  /**
   * 2<sup>32</sup> divided by the size of a small block, rounded up: an offset in a page is a
   * multiple of the size if, and only if, the lower half of {@code offset * divisor}, unsigned, is
   * less than this; the upper half is the quotient (Lemire, Kaser, Kurz: Faster remainder by direct
   * computation, 2019; exact because offset times size is below 2<sup>32</sup>).
   */
  final long divisor;

  /** The largest offset in a page at which a block begins. */
  final long lastOffset;

  final int sizeClass;

  /**
   * Whether the pages alone tell which blocks are live: no freed block is kept at hand, and blocks
   * are taken from them one at a time, to be handed out at once.
   */
  final boolean exact;

  /** As many low bits as blocks are taken from the page at a time. */
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
   * @param heap the heap it is a part of
   * @param sizeClass its class
   * @param exact see the field
   */
  Bin(@Nullable LocalHeap heap, int sizeClass, boolean exact) {
    this.heap = heap;
    this.exact = exact;
    this.sizeClass = sizeClass;
    this.blockSize = SizeClasses.blockSize(sizeClass);
    int blocks = exact ? 1 : Math.clamp(BATCH_BYTES / blockSize, 1, MAX_BATCH);
    this.batch = -1L >>> Long.SIZE - blocks;
    boolean small = sizeClass < SizeClasses.SMALL_COUNT;
    int smallLimit = Math.clamp(LIMIT_BYTES / blockSize, LEAST_LIMIT, GREATEST_LIMIT);
    int limit = exact ? 0 : small ? smallLimit : MEDIUM_LIMIT;
    this.atHand = new long[1 + limit];
    this.divisor = 0xFFFF_FFFFL / blockSize + 1;
    this.lastOffset = (Page.SIZE / blockSize - 1) * blockSize;
  }

  /**
   * Frees a block of one of this bin's pages, if one begins there.
   *
   * @param address where the block is to begin
   * @param number the page's
   * @param inPage how far behind the beginning of the page it is; not masked: an offset so large
   *     that its page's number was cut off is beyond the last block
   * @return false if no block begins there; nothing has been done then
   */
  boolean free(long address, int number, long inPage) {
    long product = inPage * divisor;
    if (Integer.compareUnsigned((int) product, (int) divisor) >= 0
        || Long.compareUnsigned(inPage, lastOffset) > 0) {
      return false;
    }
    if (!keep(address)) {
      Objects.requireNonNull(heap).freeToPage(address, number, (int) (product >>> Integer.SIZE));
    }
    return true;
  }

  /** Keeps a freed block at hand; returns false if there is no room. */
  boolean keep(long address) {
    int at = top;
    long[] blocks = atHand;
    if (blocks[at] == address) {
      throw Objects.requireNonNull(heap).invalid(address, InvalidFreeException.Kind.NOT_LIVE);
    }
    if (++at >= blocks.length) {
      return false;
    }
    blocks[at] = address;
    top = at;
    return true;
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

  /**
   * Frees a small block of another heap's page of this class, if a live one begins there.
   *
   * @param page the page that it lies in
   * @param inPage as in {@link #free}
   * @return false if none does, or if that heap must be told at once; nothing has been done then
   */
  boolean freeAway(Page page, long inPage) {
    long product = inPage * divisor;
    if (Integer.compareUnsigned((int) product, (int) divisor) >= 0
        || Long.compareUnsigned(inPage, lastOffset) > 0
        || exact) {
      return false;
    }
    int index = (int) (product >>> Integer.SIZE);
    return page.sizeClass == sizeClass
        && page.owner != heap
        && !page.isFree(index)
        && collectAway(page, index);
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

  /** Whether a block is at hand. */
  boolean holds(long address) {
    for (int i = 1; i <= top; i++) {
      if (atHand[i] == address) {
        return true;
      }
    }
    return false;
  }

  /** How many blocks are neither live nor free in a way that their pages show. */
  int held() {
    return top + Long.bitCount(awayBits);
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
    record[Page.USED] = Page.CURRENT_BIAS;
  }

  /**
   * Takes blocks from the current word, which has some: the lowest for the caller, and those that
   * follow it to have at hand.
   *
   * @return the first block
   */
  long takeFromPage() {
    long free = record[word];
    long bits = Long.expand(batch, free);
    record[word] = free ^ bits;
    long wordAddress = record[Page.ADDRESS] + ((long) (word - Page.FREE) << 6) * blockSize;
    int rest = Long.bitCount(bits) - 1;
    top = rest;
    long[] blocks = atHand;
    long left = bits & bits - 1;
    // counted by an int, not until left is 0: no check of bounds and no safepoint in the loop
    for (int at = rest; at > 0; at--) {
      blocks[at] = wordAddress + Long.numberOfTrailingZeros(left) * blockSize;
      left &= left - 1;
    }
    return wordAddress + Long.numberOfTrailingZeros(bits) * blockSize;
  }

  /** Leaves the bin without a current page. */
  void close() {
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
