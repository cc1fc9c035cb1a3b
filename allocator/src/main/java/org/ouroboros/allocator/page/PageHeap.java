package org.ouroboros.allocator.page;

import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;

/**
 * The pages of one reservation: hands out single pages and runs of them at the lowest address where
 * they fit, and takes them back.
 *
 * <p>Pages below {@code top} have been handed out at least once; each is either in use or has its bit
 * in {@code free}. Of the free ones, {@code recent} and {@code aged} are dirty: memory may stand
 * behind them. Each purge delay, while there is traffic, the aged ones are purged and the recent ones
 * age; so a page is purged after one to two delays, and one that is used again before is not. Memory
 * in use and dirty memory is <i>committed</i>; address space is kept for good.
 *
 * <p>Thread rule: any thread; methods that change anything hold this object's monitor. They are slow
 * paths: a local heap comes here once a page, not once a block.
 */
final class PageHeap {

  /** How many pages are committed at once while the heap grows, where that costs no memory. */
  private static final int COMMIT_STEP = 16;

  final long base;
  final MemorySegment memory;
  final PageTable table = new PageTable();

  private final MemorySource source;
  private final Reservation reservation;
  private final int limit;
  private final long purgeDelayNanos;

  private final PageSet free = new PageSet();
  private final PageSet recent = new PageSet();
  private final PageSet aged = new PageSet();

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
    this.limit = (int) Math.min(reservation.size() >>> PageTable.PAGE_SHIFT, Integer.MAX_VALUE >> 1);
    this.purgeDelayNanos = purgeDelayNanos;
  }

  long address(int page) {
    return base + ((long) page << PageTable.PAGE_SHIFT);
  }

  // ------------------------------------------------------------------ allocating

  /** Set in the result of {@link #allocate} if all of the run reads as zero. */
  static final long ZERO = 1L << 32;

  /**
   * Takes a run of pages out of the heap. Its records are all clear.
   *
   * @param pages how many
   * @param alignment what the run's address is to be a multiple of; a power of two, in bytes
   * @return the first page, perhaps with {@link #ZERO}; negative if the reservation has no room
   * @throws SourceException if the source cannot commit it; nothing has changed then
   */
  synchronized long allocate(int pages, long alignment) {
    checkOpen();
    age();
    int page = find(pages, alignment);
    if (page < 0) {
      return -1;
    }
    growTo(page + pages);
    return page | (take(page, page + pages) ? ZERO : 0);
  }

  /** Makes one large block of a run. */
  synchronized long allocateLarge(int pages, long alignment) {
    long run = allocate(pages, alignment);
    if (run >= 0) {
      table.dedicateLarge((int) run, pages);
    }
    return run;
  }

  /**
   * Resizes a large block in place.
   *
   * @return false if it is not possible: what follows is in use, or the reservation ends
   * @throws SourceException if the source cannot commit it; nothing has changed then
   */
  synchronized boolean resizeLarge(int page, int newPages) {
    checkOpen();
    int oldPages = (int) table.chunk(page)[PageTable.record(page) + PageTable.RUN];
    int end = page + newPages;
    if (newPages < oldPages) {
      table.clear(end, oldPages - newPages);
      table.dedicateLarge(page, newPages);
      free(end, oldPages - newPages);
      return true;
    }
    if (end > limit) {
      return false;
    }
    for (int i = page + oldPages; i < Math.min(end, top); i++) {
      if (!free.contains(i)) {
        return false;
      }
    }
    growTo(end);
    take(page + oldPages, end);
    table.dedicateLarge(page, newPages);
    return true;
  }

  /** Makes pages below {@code end} exist; those that are new are free and clean. */
  private void growTo(int end) {
    if (end <= top) {
      return;
    }
    commitTo(end);
    table.grow(end);
    free.grow(end);
    recent.grow(end);
    aged.grow(end);
    while (top < end) {
      free.add(top++);
    }
  }

  /** Takes free pages into use; returns whether all of them were clean. */
  private boolean take(int page, int end) {
    int dirty = recent.size() + aged.size();
    for (int i = page; i < end; i++) {
      free.remove(i);
      recent.remove(i);
      aged.remove(i);
    }
    usedPages += end - page;
    peakPages = Math.max(peakPages, committedPages());
    return dirty == recent.size() + aged.size();
  }

  private int find(int pages, long alignment) {
    long firstPage = base >>> PageTable.PAGE_SHIFT;
    int step = (int) Math.max(1, Math.min(alignment >>> PageTable.PAGE_SHIFT, 1 << 30));
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
    reservation.commit(
        (long) from << PageTable.PAGE_SHIFT, (long) (to - from) << PageTable.PAGE_SHIFT);
  }

  // --------------------------------------------------------------------- freeing

  /**
   * Frees a large block.
   *
   * @return false if the page is not the first one of a large block
   */
  synchronized boolean freeLarge(int page) {
    long[] m = table.chunk(page);
    int h = PageTable.record(page);
    if (PageTable.kind(m[h + PageTable.KIND]) != PageTable.LARGE) {
      return false;
    }
    int pages = (int) m[h + PageTable.RUN];
    table.clear(page, pages);
    free(page, pages);
    return true;
  }

  /** Takes a run back. Its records must be clear. */
  synchronized void free(int page, int pages) {
    if (released) {
      return;
    }
    for (int i = page; i < page + pages; i++) {
      free.add(i);
      recent.add(i);
    }
    usedPages -= pages;
    age();
  }

  private void age() {
    if (purgeDelayNanos < 0 || recent.size() + aged.size() == 0 || !source.purges()) {
      return;
    }
    long now = System.nanoTime();
    if (nextPurge == 0) {
      nextPurge = now + purgeDelayNanos;
    } else if (now - nextPurge >= 0) {
      purge(aged);
      aged.takeAll(recent);
      nextPurge = aged.size() == 0 ? 0 : now + purgeDelayNanos;
    }
  }

  /** Purges all free memory now. */
  synchronized void purgeAll() {
    if (released || !source.purges()) {
      return;
    }
    aged.takeAll(recent);
    purge(aged);
  }

  private void purge(PageSet pages) {
    for (int from = pages.next(0); from >= 0; from = pages.next(from)) {
      int to = from;
      while (pages.contains(to)) {
        pages.remove(to++);
      }
      reservation.purge(
          (long) from << PageTable.PAGE_SHIFT, (long) (to - from) << PageTable.PAGE_SHIFT);
      purgedPages += to - from;
    }
  }

  /** Gives the reservation back. Every page is foreign from now on. */
  synchronized void release() {
    if (!released) {
      released = true;
      table.forget();
      reservation.release();
    }
  }

  private void checkOpen() {
    if (released) {
      throw new IllegalStateException("the allocator is closed");
    }
  }

  // ------------------------------------------------------------------ statistics

  private int committedPages() {
    return usedPages + recent.size() + aged.size();
  }

  synchronized int top() {
    return top;
  }

  synchronized long reservedBytes() {
    return released ? 0 : reservation.size();
  }

  synchronized long committedBytes() {
    return released ? 0 : (long) committedPages() << PageTable.PAGE_SHIFT;
  }

  synchronized long peakCommittedBytes() {
    return (long) peakPages << PageTable.PAGE_SHIFT;
  }

  synchronized long purgedBytes() {
    return purgedPages << PageTable.PAGE_SHIFT;
  }

  synchronized long metadataBytes() {
    return table.bytes() + free.bytes() + recent.bytes() + aged.bytes();
  }

  /** Whether memory may stand behind a free page. */
  synchronized boolean isDirty(int page) {
    return recent.contains(page) || aged.contains(page);
  }
}
