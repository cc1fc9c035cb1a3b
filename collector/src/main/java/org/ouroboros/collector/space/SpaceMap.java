package org.ouroboros.collector.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ouroboros.allocator.PageRun;
import org.ouroboros.allocator.output.PageMap;

/**
 * What the memory of a paged space is used for, page by page and size by size: read from the bits,
 * for reports. Places of dying objects and those in quarantine count as free.
 *
 * <p>The side bits are exact. Thread rule: as the heap. Used once.
 */
public final class SpaceMap {

  /**
   * The blocks of a size.
   *
   * @param blockBytes bytes of one
   * @param spans spans that are cut into such blocks
   * @param spanBytes what these take
   * @param live blocks with an object
   * @param capacity blocks there are
   */
  public record Size(int blockBytes, long spans, long spanBytes, long live, long capacity) {}

  private static final long PAGE_BYTES = PageRun.PAGE_BYTES;

  private final PageMap picture = new PageMap();
  private final long[] units = new long[BlockSizes.COUNT];
  private final long[] live = new long[BlockSizes.COUNT];
  private long runBytes;
  private long largeBytes;
  private long freeUnitBytes;
  private long keptBytes;

  SpaceMap(List<PageRun> pages, Spans spans, SideTables sides) {
    for (PageRun run : pages) {
      switch (run.use()) {
        case FREE_KEPT -> {
          keptBytes += run.pages() * PAGE_BYTES;
          picture.add(run.firstPage(), run.pages(), PageMap.Use.KEPT, 0, run.describe());
        }
        case FREE_GIVEN_BACK ->
            picture.add(run.firstPage(), run.pages(), PageMap.Use.GIVEN_BACK, 0, run.describe());
        default -> addUsed(run, spans, sides);
      }
    }
  }

  private void addUsed(PageRun run, Spans spans, SideTables sides) {
    int first = (int) run.firstPage();
    if (spans.kinds[first * Spans.PAGE_UNITS] == Spans.PAGES) {
      SidePage page = sides.find((long) first << SidePage.SHIFT);
      boolean exists = page != null && page.has(SidePage.LIVE, first << SidePage.SHIFT);
      long bytes = run.pages() * PAGE_BYTES;
      largeBytes += bytes;
      String text = "an object of up to " + bytes + " bytes";
      picture.add(first, run.pages(), PageMap.Use.LARGE, exists ? 1 : 0, text);
      return;
    }
    for (int page = first; page < first + run.pages(); page++) {
      addUnits(page, spans, sides);
    }
  }

  private void addUnits(int number, Spans spans, SideTables sides) {
    SidePage page = sides.find((long) number << SidePage.SHIFT);
    long liveBytes = 0;
    int ofBlocks = 0;
    int ofRuns = 0;
    for (int u = 0; u < Spans.PAGE_UNITS; u++) {
      byte kind = spans.kinds[number * Spans.PAGE_UNITS + u];
      if (Spans.isOfBlocks(kind)) {
        int sizeClass = Spans.sizeClass(kind);
        int objects = page == null ? 0 : Long.bitCount(page.bits[SidePage.LIVE + u]);
        units[sizeClass]++;
        live[sizeClass] += objects;
        liveBytes += (long) objects * BlockSizes.granules(sizeClass) << 4;
        ofBlocks++;
      } else if (kind == Spans.RUN || kind == Spans.REST) {
        ofRuns++;
      }
    }
    liveBytes += (long) ofRuns * BlockSizes.UNIT_BYTES;
    int free = Spans.PAGE_UNITS - ofBlocks - ofRuns;
    runBytes += (long) ofRuns * BlockSizes.UNIT_BYTES;
    freeUnitBytes += (long) free * BlockSizes.UNIT_BYTES;
    String text =
        String.format(
            Locale.ROOT,
            "%d KiB of blocks, %d of objects above 4 KiB, %d free; %.0f %% live",
            ofBlocks,
            ofRuns,
            free,
            100.0 * liveBytes / PAGE_BYTES);
    PageMap.Use use = ofRuns > ofBlocks ? PageMap.Use.LARGE : PageMap.Use.BLOCKS;
    picture.add(number, 1, use, (double) liveBytes / PAGE_BYTES, text);
  }

  /** The pages as a picture. */
  public PageMap picture() {
    return picture;
  }

  /** The sizes that have spans, smallest first. */
  public List<Size> sizes() {
    List<Size> sizes = new ArrayList<>();
    for (int c = 0; c < units.length; c++) {
      if (units[c] > 0) {
        int blocks = 0;
        for (long starts : BlockSizes.starts(c)) {
          blocks += Long.bitCount(starts);
        }
        long spans = units[c] / BlockSizes.spanUnits(c);
        long bytes = units[c] * BlockSizes.UNIT_BYTES;
        sizes.add(new Size(BlockSizes.granules(c) << 4, spans, bytes, live[c], spans * blocks));
      }
    }
    return sizes;
  }

  /** What objects above 4 KiB take, up to a page each, with rounding. */
  public long runBytes() {
    return runBytes;
  }

  /** What larger ones take. */
  public long largeBytes() {
    return largeBytes;
  }

  /** What is free in pages that are in use, but for blocks. */
  public long freeUnitBytes() {
    return freeUnitBytes;
  }

  /** What is free in whole pages whose memory is kept. */
  public long keptBytes() {
    return keptBytes;
  }
}
