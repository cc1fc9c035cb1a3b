package org.ouroboros.allocator.page;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.AllocatorStats.SizeClassStats;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * Reads an engine's metadata for statistics and for the page map. The hot paths keep no counters for
 * this: everything is counted here, from the bits.
 *
 * <p>Thread rule: any thread. Blocks that others allocate or free meanwhile may or may not be
 * counted; a block freed remotely counts as free at once.
 */
public final class EngineReport {

  /** Bytes of a local heap with its bins, roughly: two objects with their headers a class. */
  private static final long HEAP_BYTES = 128 + SizeClasses.COUNT * 72L;

  private static final int PAGES_PER_LINE = 64;

  private final Engine engine;
  private final long[] pages = new long[SizeClasses.COUNT];
  private final long[] free = new long[SizeClasses.COUNT];
  private long largeBlocks;
  private long largeBytes;

  EngineReport(Engine engine) {
    this.engine = engine;
    PageTable table = engine.pages.table;
    int top = Math.min(engine.pages.top(), table.chunks.length << PageTable.CHUNK_SHIFT);
    for (int page = 0; page < top; page++) {
      long[] m = table.chunk(page);
      int h = PageTable.record(page);
      long kind = m[h + PageTable.KIND];
      switch (PageTable.kind(kind)) {
        case PageTable.SMALL, PageTable.MEDIUM -> countPage(page, m, h, PageTable.sizeClass(kind));
        case PageTable.LARGE -> {
          largeBlocks++;
          largeBytes += m[h + PageTable.RUN] << PageTable.PAGE_SHIFT;
        }
        default -> {}
      }
    }
  }

  private void countPage(int page, long[] m, int h, int sizeClass) {
    pages[sizeClass]++;
    free[sizeClass] +=
        Engine.freeBlocks(m, h, sizeClass) + engine.pages.table.remoteFrees(page);
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
        long live = pages[c] * PageTable.capacity(c) - free[c];
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
    PageTable table = engine.pages.table;
    int top = Math.min(engine.pages.top(), table.chunks.length << PageTable.CHUNK_SHIFT);
    StringBuilder text = new StringBuilder();
    for (int page = 0; page < top; page++) {
      if (page % PAGES_PER_LINE == 0) {
        text.append(String.format("%s%7d ", page == 0 ? "" : "\n", page));
      }
      text.append(symbol(page));
    }
    return text.append(
            """

            A page is 64 KiB. 0-9: small blocks, tenths of them live; m: medium; M: its run;
            L: large; l: its run; -: free, dirty; .: free, given back or never used
            """)
        .toString();
  }

  private char symbol(int page) {
    PageTable table = engine.pages.table;
    long[] m = table.chunk(page);
    int h = PageTable.record(page);
    long kind = m[h + PageTable.KIND];
    int sizeClass = PageTable.sizeClass(kind);
    return switch (PageTable.kind(kind)) {
      case PageTable.SMALL -> {
        int capacity = PageTable.capacity(sizeClass);
        int live = capacity - Engine.freeBlocks(m, h, sizeClass);
        yield (char) ('0' + Math.min(9, live * 10 / capacity));
      }
      case PageTable.MEDIUM -> 'm';
      case PageTable.LARGE -> 'L';
      case PageTable.INTERIOR -> {
        int head = PageTable.head(kind);
        long headKind = table.chunk(head)[PageTable.record(head) + PageTable.KIND];
        yield PageTable.kind(headKind) == PageTable.LARGE ? 'l' : 'M';
      }
      default -> engine.pages.isDirty(page) ? '-' : '.';
    };
  }
}
