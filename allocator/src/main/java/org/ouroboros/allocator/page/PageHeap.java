package org.ouroboros.allocator.page;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.jfr.AllocatorEvents;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;

/**
 * The pages of one reservation: hands out single pages and runs of them at the lowest address where
 * they fit, and takes them back.
 *
 * <p>Pages below {@code top} have been handed out at least once; each is either in use or has its
 * bit in {@code free}. Of the free ones, {@code recent} and {@code aged} are dirty: memory may
 * stand behind them. Each purge delay, while there is traffic, the aged ones are purged and the
 * recent ones age; so a page is purged after one to two delays, and one that is used again before
 * is not. Memory in use and dirty memory is <i>committed</i>; address space is kept for good.
 *
 * <p>Thread rule: any thread; methods that change anything hold this object's monitor. They are
 * slow paths: a local heap comes here once a page, not once a block.
 */
final class PageHeap {

  /** How many pages are committed at once while the heap grows, where that costs no memory. */
  private static final int COMMIT_STEP = 16;

  /** Pages of the operating system are not smaller. */
  private static final int TOUCH_STEP = 4096;

  final long base;
  final MemorySegment memory;

  /**
   * What each page serves; {@link Page#NONE} where it serves nothing. Replaced by a longer one as
   * the heap grows; reading a stale one is benign, since a thread that was handed a block sees a
   * map that has its page.
   */
  Page[] map = {Page.NONE};

  /**
   * The bins that blocks of the same pages are freed to, if they are small, so that a free has
   * owner and class in one look; {@link Bin#NONE} of all others. A stale one is benign too: a
   * thread frees to a bin only if it holds its heap, and so dedicated or gave up the page itself.
   */
  Bin[] bins = {Bin.NONE};

  /** The records of the same pages. */
  long[][] records = {Page.NONE.record};

  private final MemorySource source;
  private final Reservation reservation;
  private final int limit;
  private final long purgeDelayNanos;

  private final PageSet free = new PageSet();
  private final PageSet recent = new PageSet();
  private final PageSet aged = new PageSet();

  /** Those that memory was put behind before anybody asked for them; they read as zero. */
  private final PageSet touched = new PageSet();

  private int top;
  private int committedTop;
  private int usedPages;
  private int peakPages;
  private long purgedPages;
  private long nextPurge;
  private boolean released;

  /**
   * Makes a heap over a reservation, which it owns.
   *
   * @param source where the reservation is from
   * @param reservation a multiple of the page size long and aligned to it
   * @param purgeDelayNanos how long free memory is kept; negative: until {@link #purgeAll()}
   */
  PageHeap(MemorySource source, Reservation reservation, long purgeDelayNanos) {
    this.source = source;
    this.reservation = reservation;
    this.base = reservation.address();
    this.memory = reservation.segment();
    this.limit = (int) Math.min(reservation.size() >>> Page.SHIFT, Integer.MAX_VALUE >> 1);
    this.purgeDelayNanos = purgeDelayNanos;
  }

  long address(int page) {
    return base + ((long) page << Page.SHIFT);
  }

  /** The bin of a page's blocks; {@link Bin#NONE} of any other number too. */
  Bin binAt(int number) {
    Bin[] known = bins;
    return Integer.compareUnsigned(number, known.length) < 0 ? known[number] : Bin.NONE;
  }

  /** What a page serves; {@link Page#NONE} of any other number too. */
  Page pageAt(int number) {
    Page[] known = map;
    return Integer.compareUnsigned(number, known.length) < 0 ? known[number] : Page.NONE;
  }

  // ------------------------------------------------------------------ allocating

  /**
   * Dedicates pages to a class.
   *
   * @param owner the heap that will cut blocks from it
   * @param sizeClass the class
   * @return the page, all of its blocks free; null if the reservation has no room
   * @throws SourceException if the source cannot commit it; nothing has changed then
   */
  synchronized @Nullable Page allocate(LocalHeap owner, int sizeClass) {
    checkOpen();
    age();
    int number = Page.pages(sizeClass) == 1 ? free.first() : -1;
    if (number < 0) {
      return allocateRun(owner, sizeClass);
    }
    Page page = Page.ofClass(owner, number, address(number), sizeClass);
    takeOne(number);
    map[number] = page;
    records[number] = page.record;
    bins[number] = owner.binOf(sizeClass);
    return page;
  }

  /** Dedicates several pages, or one that has never been used. */
  private @Nullable Page allocateRun(LocalHeap owner, int sizeClass) {
    int count = Page.pages(sizeClass);
    int number = find(count, Page.SIZE);
    if (number < 0) {
      return null;
    }
    growTo(number + count);
    Page page = Page.ofClass(owner, number, address(number), sizeClass);
    take(number, number + count);
    dedicate(page);
    return page;
  }

  /**
   * Makes one large block.
   *
   * @param count how many pages
   * @param alignment what its address is to be a multiple of; a power of two, in bytes
   * @param clean receives, in its first element, whether all of it reads as zero
   * @return the page, or null if the reservation has no room
   * @throws SourceException if the source cannot commit it; nothing has changed then
   */
  synchronized @Nullable Page allocateLarge(int count, long alignment, boolean[] clean) {
    checkOpen();
    age();
    int number = find(count, alignment);
    if (number < 0) {
      return null;
    }
    growTo(number + count);
    Page page = Page.large(number, count, address(number));
    clean[0] = take(number, number + count);
    dedicate(page);
    return page;
  }

  /**
   * Resizes a large block in place.
   *
   * @return false if it is not possible: what follows is in use, or the reservation ends
   * @throws SourceException if the source cannot commit it; nothing has changed then
   */
  boolean resizeLarge(Page page, int count) {
    return resizeLarge(page, count, new boolean[1]);
  }

  /**
   * The same.
   *
   * @param clean receives, in its first element, whether what was added reads as zero
   */
  synchronized boolean resizeLarge(Page page, int count, boolean[] clean) {
    checkOpen();
    if (map[page.number] != page) {
      return false;
    }
    int oldEnd = page.number + page.pages;
    int end = page.number + count;
    if (end > limit) {
      return false;
    }
    for (int i = oldEnd; i < Math.min(end, top); i++) {
      if (!free.contains(i)) {
        return false;
      }
    }
    growTo(end);
    Page resized = Page.large(page.number, count, page.address());
    if (end > oldEnd) {
      clean[0] = take(oldEnd, end);
    } else {
      giveBack(end, oldEnd);
    }
    dedicate(resized);
    return true;
  }

  private void dedicate(Page page) {
    Arrays.fill(map, page.number, page.number + page.pages, page);
    Arrays.fill(records, page.number, page.number + page.pages, page.record);
    LocalHeap owner = page.owner;
    Bin bin = owner != null && page.pages == 1 ? owner.binOf(page.sizeClass) : Bin.NONE;
    Arrays.fill(bins, page.number, page.number + page.pages, bin);
  }

  /** Makes pages below {@code end} exist; those that are new are free and clean. */
  private void growTo(int end) {
    if (end <= top) {
      return;
    }
    commitTo(end);
    if (end > map.length) {
      int old = map.length;
      Page[] grown = Arrays.copyOf(map, Math.max(end, old * 2));
      Arrays.fill(grown, old, grown.length, Page.NONE);
      long[][] grownRecords = Arrays.copyOf(records, grown.length);
      Arrays.fill(grownRecords, old, grown.length, Page.NONE.record);
      Bin[] grownBins = Arrays.copyOf(bins, grown.length);
      Arrays.fill(grownBins, old, grown.length, Bin.NONE);
      bins = grownBins;
      map = grown;
      records = grownRecords;
    }
    free.grow(end);
    recent.grow(end);
    aged.grow(end);
    touched.grow(end);
    while (top < end) {
      free.add(top++);
    }
  }

  /** Takes free pages into use; returns whether all of them were clean. */
  private boolean take(int page, int end) {
    int dirty = recent.size() + aged.size();
    for (int i = page; i < end; i++) {
      takeOne(i);
    }
    return dirty == recent.size() + aged.size();
  }

  private void takeOne(int page) {
    free.remove(page);
    recent.remove(page);
    aged.remove(page);
    touched.remove(page);
    usedPages++;
    peakPages = Math.max(peakPages, committedPages());
  }

  /**
   * Puts memory behind the first pages of the reservation. What is free of them stays so until it
   * was used, or until {@link #purgeAll()}.
   *
   * @param pages how many
   * @throws SourceException if the source cannot commit them; nothing has changed then
   */
  synchronized void preTouch(int pages) {
    checkOpen();
    int begin = top;
    growTo(Math.min(pages, limit));
    for (int page = begin; page < top; page++) {
      touched.add(page);
    }
    long end = (long) top << Page.SHIFT;
    for (long at = (long) begin << Page.SHIFT; at < end; at += TOUCH_STEP) {
      memory.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
    }
    peakPages = Math.max(peakPages, committedPages());
  }

  private int find(int pages, long alignment) {
    checkOpen();
    age();
    long firstPage = base >>> Page.SHIFT;
    int step = (int) Math.max(1, Math.min(alignment >>> Page.SHIFT, 1 << 30));
    int page = free.firstRun(pages, step, firstPage, top);
    if (page >= 0) {
      return page;
    }
    // The free pages just below the top can be the beginning of a run that grows past it.
    int start = free.startOfTail(top);
    long misaligned = (firstPage + start) & (step - 1);
    long at = misaligned == 0 ? start : start + step - misaligned;
    return at + pages <= limit ? (int) at : -1;
  }

  private void commitTo(int end) {
    if (end <= committedTop) {
      return;
    }
    int wanted = source.purges() ? Math.min(limit, Math.max(end, committedTop + COMMIT_STEP)) : end;
    try {
      commit(committedTop, wanted);
      committedTop = wanted;
    } catch (SourceException e) {
      if (wanted == end) {
        throw e;
      }
      commit(committedTop, end);
      committedTop = end;
    }
  }

  private void commit(int from, int to) {
    long bytes = (long) (to - from) << Page.SHIFT;
    Object event = AllocatorEvents.beginCommit();
    reservation.commit((long) from << Page.SHIFT, bytes);
    AllocatorEvents.endCommit(event, bytes, committedBytes() + bytes);
  }

  // --------------------------------------------------------------------- freeing

  /**
   * Takes pages back from what they served.
   *
   * @return false if they no longer do
   */
  synchronized boolean free(Page page) {
    if (released || map[page.number] != page) {
      return false;
    }
    if (page.pages == 1) {
      giveBackOne(page.number);
    } else {
      giveBack(page.number, page.number + page.pages);
    }
    age();
    return true;
  }

  private void giveBack(int number, int end) {
    for (int i = number; i < end; i++) {
      giveBackOne(i);
    }
  }

  private void giveBackOne(int number) {
    map[number] = Page.NONE;
    records[number] = Page.NONE.record;
    bins[number] = Bin.NONE;
    free.add(number);
    recent.add(number);
    usedPages--;
  }

  private void age() {
    if (purgeDelayNanos >= 0 && recent.size() + aged.size() != 0 && source.purges()) {
      long now = System.nanoTime();
      if (nextPurge == 0) {
        nextPurge = now + purgeDelayNanos;
      } else if (now - nextPurge >= 0) {
        ageNow(now);
      }
    }
  }

  /** Rare, and a method for that: the JIT compiles loops slowly, and would copy them to callers. */
  private void ageNow(long now) {
    try {
      purge(aged);
    } catch (SourceException e) {
      // No reason for a malloc or a free to fail: what is left waits for the next delay.
    }
    aged.takeAll(recent);
    nextPurge = aged.size() == 0 ? 0 : now + purgeDelayNanos;
  }

  /**
   * Purges all free memory now.
   *
   * @throws SourceException if the source refuses; what is left stays dirty
   */
  synchronized void purgeAll() {
    if (released || !source.purges()) {
      return;
    }
    aged.takeAll(recent);
    aged.takeAll(touched);
    purge(aged);
  }

  private void purge(PageSet pages) {
    for (int from = pages.next(0); from >= 0; from = pages.next(from)) {
      int to = from;
      while (pages.contains(to)) {
        to++;
      }
      long bytes = (long) (to - from) << Page.SHIFT;
      Object event = AllocatorEvents.beginPurge();
      reservation.purge((long) from << Page.SHIFT, bytes);
      for (int i = from; i < to; i++) {
        pages.remove(i);
      }
      purgedPages += to - from;
      AllocatorEvents.endPurge(event, bytes, committedBytes());
    }
  }

  /** Gives the reservation back. Every page is foreign from now on. */
  synchronized void release() {
    if (!released) {
      released = true;
      map = new Page[] {Page.NONE};
      records = new long[][] {Page.NONE.record};
      bins = new Bin[] {Bin.NONE};
      reservation.release();
    }
  }

  /**
   * The same, but keeps the address space, of which only the memory is given back.
   *
   * @return what gives the address space back
   */
  synchronized Runnable retire() {
    boolean first = !released;
    released = true;
    map = new Page[] {Page.NONE};
    records = new long[][] {Page.NONE.record};
    bins = new Bin[] {Bin.NONE};
    if (first && source.purges()) {
      try {
        reservation.purge(0, (long) committedTop << Page.SHIFT);
      } catch (SourceException e) {
        // locked memory stays until the address space is given back
      }
    }
    Reservation kept = reservation;
    return kept::release;
  }

  private void checkOpen() {
    if (released) {
      throw new IllegalStateException("the allocator is closed");
    }
  }

  // ------------------------------------------------------------------ statistics

  private int committedPages() {
    return usedPages + recent.size() + aged.size() + touched.size();
  }

  /** From the first byte to the highest that was ever committed. */
  synchronized MemorySegment committed() {
    return memory.asSlice(0, (long) committedTop << Page.SHIFT);
  }

  synchronized int top() {
    return top;
  }

  synchronized long reservedBytes() {
    return released ? 0 : reservation.size();
  }

  synchronized long committedBytes() {
    return released ? 0 : (long) committedPages() << Page.SHIFT;
  }

  synchronized long peakCommittedBytes() {
    return (long) peakPages << Page.SHIFT;
  }

  synchronized long purgedBytes() {
    return purgedPages << Page.SHIFT;
  }

  private long mapBytes() {
    long bytes = 64 + 12L * map.length;
    for (int i = 0; i < top && i < map.length; i += Math.max(1, map[i].pages)) {
      bytes += map[i] == Page.NONE ? 0 : map[i].metadataBytes();
    }
    return bytes;
  }

  synchronized long metadataBytes() {
    return mapBytes() + free.bytes() + recent.bytes() + aged.bytes() + touched.bytes();
  }

  /** Whether memory may stand behind a free page. */
  synchronized boolean isDirty(int page) {
    return recent.contains(page) || aged.contains(page);
  }
}
