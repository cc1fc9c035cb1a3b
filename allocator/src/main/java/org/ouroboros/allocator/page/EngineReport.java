package org.ouroboros.allocator.page;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.AllocatorStats.SizeClassStats;
import org.ouroboros.allocator.PageRun;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * Reads an engine's metadata for statistics and for the page map. The hot paths keep no counters
 * for this: everything is counted here, from the bits.
 *
 * <p>Thread rule: any thread. Blocks that others allocate or free meanwhile may or may not be
 * counted; a block freed remotely counts as free at once.
 */
public final class EngineReport {

  /** Bytes of a local heap with its bins, roughly: two objects with their headers a class. */
  private static final long HEAP_BYTES = 128 + SizeClasses.COUNT * 76L + SizeClasses.MAX_SMALL / 4;

  private static final int PAGES_PER_LINE = 64;

  private final Engine engine;
  private final long[] pages = new long[SizeClasses.COUNT];
  private final long[] free = new long[SizeClasses.COUNT];
  private final int[] capacity = new int[SizeClasses.COUNT];
  private long largeBlocks;
  private long largeBytes;

  EngineReport(Engine engine) {
    this.engine = engine;
    // While heaps are settled, blocks go from one place that is counted to another.
    synchronized (engine.heaps) {
      count();
    }
  }

  private void count() {
    engine.heaps.countHeld(free);
    Page[] map = engine.pages.map;
    int top = Math.min(engine.pages.top(), map.length);
    for (int i = 0; i < top; i += Math.max(1, map[i].pages)) {
      Page page = map[i];
      if (page.isOfClass()) {
        pages[page.sizeClass]++;
        free[page.sizeClass] += page.freeBlocks();
        capacity[page.sizeClass] = page.capacity();
      } else if (page.isLarge()) {
        largeBlocks++;
        largeBytes += page.blockSize();
      }
    }
  }

  /**
   * The figures.
   *
   * @return a reading
   */
  public AllocatorStats stats() {
    List<SizeClassStats> classes = new ArrayList<>();
    long liveBlocks = largeBlocks + engine.huge.count();
    long liveBytes = largeBytes + engine.huge.bytes();
    for (int c = 0; c < pages.length; c++) {
      if (pages[c] > 0) {
        long live = pages[c] * capacity[c] - free[c];
        liveBlocks += live;
        liveBytes += live * SizeClasses.blockSize(c);
        classes.add(new SizeClassStats(SizeClasses.blockSize(c), pages[c], live, free[c]));
      }
    }
    PageHeap heap = engine.pages;
    return new AllocatorStats(
        engine.name,
        liveBlocks,
        liveBytes,
        heap.reservedBytes() + engine.huge.bytes(),
        heap.committedBytes() + engine.huge.bytes(),
        heap.peakCommittedBytes() + engine.huge.peakBytes(),
        heap.purgedBytes(),
        heap.metadataBytes() + engine.heaps.count() * HEAP_BYTES,
        classes);
  }

  /**
   * The pages as text: a character a page, a line for every {@value #PAGES_PER_LINE}, and a legend.
   *
   * @return several lines
   */
  public String pageMap() {
    Page[] map = engine.pages.map;
    int top = Math.min(engine.pages.top(), map.length);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < top; i++) {
      if (i % PAGES_PER_LINE == 0) {
        text.append(String.format("%s%7d ", i == 0 ? "" : "\n", i));
      }
      text.append(symbol(map[i], i));
    }
    return text.append(
            """

            A page is 64 KiB. 0-9: small blocks, tenths of them live; M: medium blocks; m: its run;
            L: a large block; l: its run; -: free, dirty; .: free, given back or never used
            """)
        .toString();
  }

  /**
   * The pages as runs: a run for each page or block that serves something, free ones put together.
   *
   * @return in the order of their addresses
   */
  public List<PageRun> runs() {
    Page[] map = engine.pages.map;
    int top = Math.min(engine.pages.top(), map.length);
    List<PageRun> runs = new ArrayList<>();
    for (int i = 0; i < top; ) {
      Page page = map[i];
      int pages = Math.max(1, page.pages);
      if (page.isLarge()) {
        runs.add(new PageRun(i, pages, PageRun.Use.LARGE, page.blockSize(), 1, 1));
      } else if (page.isOfClass()) {
        int capacity = page.capacity();
        long live = Math.max(0, capacity - page.freeBlocks());
        runs.add(new PageRun(i, pages, PageRun.Use.BLOCKS, page.blockSize(), live, capacity));
      } else {
        pages = freePages(map, i, top);
        boolean dirty = engine.pages.isDirty(i);
        PageRun.Use use = dirty ? PageRun.Use.FREE_KEPT : PageRun.Use.FREE_GIVEN_BACK;
        runs.add(new PageRun(i, pages, use, 0, 0, 0));
      }
      i += pages;
    }
    return runs;
  }

  private int freePages(Page[] map, int first, int top) {
    boolean dirty = engine.pages.isDirty(first);
    int end = first + 1;
    while (end < top
        && !map[end].isLarge()
        && !map[end].isOfClass()
        && engine.pages.isDirty(end) == dirty) {
      end++;
    }
    return end - first;
  }

  private char symbol(Page page, int number) {
    if (page.isLarge()) {
      return number == page.number ? 'L' : 'l';
    }
    if (!page.isOfClass()) {
      return engine.pages.isDirty(number) ? '-' : '.';
    }
    if (page.pages > 1) {
      return number == page.number ? 'M' : 'm';
    }
    int live = page.capacity() - page.freeBlocks();
    return (char) ('0' + Math.min(9, live * 10 / page.capacity()));
  }
}
