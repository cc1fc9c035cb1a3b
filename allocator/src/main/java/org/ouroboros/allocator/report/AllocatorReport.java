package org.ouroboros.allocator.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.AllocatorStats.SizeClassStats;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.PageRun;
import org.ouroboros.allocator.output.Html;
import org.ouroboros.allocator.output.HtmlPage;
import org.ouroboros.allocator.output.HtmlPage.Tile;
import org.ouroboros.allocator.output.HtmlTable;
import org.ouroboros.allocator.output.PageMap;
import org.ouroboros.allocator.output.ShareBar;
import org.ouroboros.allocator.trace.GroupBy;
import org.ouroboros.allocator.trace.TracingAllocator;

/**
 * An allocator's memory as a page in HTML, for people: what is live, kept and given back, where it
 * lies, which sizes lose how much, and who allocated it where a tracer knows.
 *
 * <pre>{@code
 * AllocatorReport.of(allocator).write(Path.of("allocator.html"));
 * }</pre>
 *
 * <p>The map of pages is drawn of {@link OuroborosAllocator}; of others what their {@link
 * Allocator#stats} tell. Blocks that come and go meanwhile may or may not be counted.
 *
 * <p>Immutable. Thread rule: any thread that may use the allocator.
 */
public final class AllocatorReport {

  private static final int SITES = 30;

  private final Allocator allocator;
  private final @Nullable AllocationSites sites;

  private AllocatorReport(Allocator allocator, @Nullable AllocationSites sites) {
    this.allocator = allocator;
    this.sites = sites;
  }

  /**
   * A report on an allocator. Its pages are those of the {@link OuroborosAllocator} that serves in
   * the end, its sites those of a {@link TracingAllocator} on the way there that is tracing.
   *
   * @param allocator any
   * @return the report, of what is when it is written
   */
  public static AllocatorReport of(Allocator allocator) {
    return new AllocatorReport(allocator, null);
  }

  /**
   * The same with another list of places that blocks were allocated at.
   *
   * @param from the figures, such as those of a {@linkplain AllocationSites#of snapshot}
   * @return another report
   */
  public AllocatorReport withSites(AllocationSites from) {
    return new AllocatorReport(allocator, from);
  }

  /**
   * Writes the page to a file. One that is there is replaced when the page is complete.
   *
   * @param path where
   * @throws IOException if it cannot be written; nothing is left of it then
   */
  public void write(Path path) throws IOException {
    page().write(path);
  }

  /**
   * The page.
   *
   * @return HTML that is well-formed XML too
   */
  public String html() {
    return page().html();
  }

  private HtmlPage page() {
    AllocatorStats stats = allocator.stats();
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    HtmlPage page = new HtmlPage("Allocator " + stats.allocator(), "As it was at " + now + ".");
    page.tiles(
        List.of(
            new Tile("live blocks", count(stats.liveBlocks())),
            new Tile("live bytes", Html.bytes(stats.liveBytes())),
            new Tile("committed", Html.bytes(stats.committedBytes())),
            new Tile("committed at most", Html.bytes(stats.peakCommittedBytes())),
            new Tile("given back so far", Html.bytes(stats.purgedBytes())),
            new Tile("tables", Html.bytes(stats.metadataBytes())),
            new Tile("of committed not live", lost(stats))));
    if (serving(OuroborosAllocator.class) instanceof OuroborosAllocator pages) {
      pages(page, pages.pages(), pages.stats());
    }
    sizes(page, stats.sizeClasses());
    AllocationSites known = sites != null ? sites : traced();
    if (known != null) {
      sites(page, known.top(SITES));
    }
    return page;
  }

  private @Nullable AllocationSites traced() {
    return serving(TracingAllocator.class) instanceof TracingAllocator tracer && tracer.isTracing()
        ? AllocationSites.of(tracer.snapshot(), GroupBy.STACK)
        : null;
  }

  /** The allocator of a kind, on the way from decorator to decorator; null if there is none. */
  private @Nullable Allocator serving(Class<? extends Allocator> kind) {
    Allocator at = allocator;
    while (!kind.isInstance(at)) {
      if (!(at instanceof ForwardingAllocator decorator)) {
        return null;
      }
      at = decorator.inner();
    }
    return at;
  }

  private static String count(long value) {
    return value < 0 ? "unknown" : Html.count(value);
  }

  private static String lost(AllocatorStats stats) {
    return stats.committedBytes() < 0 || stats.liveBytes() < 0
        ? "unknown"
        : Html.percent(stats.committedBytes() - stats.liveBytes(), stats.committedBytes());
  }

  private static void pages(HtmlPage page, List<PageRun> runs, AllocatorStats stats) {
    PageMap map = new PageMap();
    for (PageRun run : runs) {
      map.add(run.firstPage(), run.pages(), use(run.use()), run.liveShare(), run.describe());
    }
    page.heading("What memory is used for");
    long inBlocks = bytes(runs, PageRun.Use.BLOCKS);
    long liveInBlocks = 0;
    for (SizeClassStats row : stats.sizeClasses()) {
      liveInBlocks += row.liveBlocks() * row.blockSize();
    }
    long large = bytes(runs, PageRun.Use.LARGE);
    ShareBar bar =
        new ShareBar()
            .add("c0", "live blocks of a size", liveInBlocks)
            .add("c1", "free blocks of their pages", inBlocks - liveInBlocks)
            .add("c2", "large blocks", large)
            .add("c3", "huge blocks, mapped on their own", stats.liveBytes() - liveInBlocks - large)
            .add("free", "free pages kept", bytes(runs, PageRun.Use.FREE_KEPT));
    page.card(bar.svg(), bar.legend());
    page.heading("Pages");
    page.paragraph(
        "Pages of 64 KiB in the order of their addresses, "
            + map.pagesPerCell()
            + " in each cell. Blocks that a thread keeps at hand count as live here.");
    page.card(map.svg(), map.legend());
  }

  private static long bytes(List<PageRun> runs, PageRun.Use use) {
    long pages = 0;
    for (PageRun run : runs) {
      pages += run.use() == use ? run.pages() : 0;
    }
    return pages * PageRun.PAGE_BYTES;
  }

  private static PageMap.Use use(PageRun.Use use) {
    return switch (use) {
      case BLOCKS -> PageMap.Use.BLOCKS;
      case LARGE -> PageMap.Use.LARGE;
      case FREE_KEPT -> PageMap.Use.KEPT;
      case FREE_GIVEN_BACK -> PageMap.Use.GIVEN_BACK;
    };
  }

  private static void sizes(HtmlPage page, List<SizeClassStats> classes) {
    page.heading("Sizes");
    if (classes.isEmpty()) {
      page.paragraph("This allocator tells nothing of its size classes, or has none in use.");
      return;
    }
    HtmlTable table =
        new HtmlTable(
            "block", "pages", "live", "free", "live bytes", "free bytes", "live part", "");
    for (SizeClassStats row : classes) {
      long all = row.liveBlocks() + row.freeBlocks();
      table.barRow(
          all == 0 ? 0 : (double) row.liveBlocks() / all,
          Html.count(row.blockSize()) + " bytes",
          Html.count(row.pages()),
          Html.count(row.liveBlocks()),
          Html.count(row.freeBlocks()),
          Html.bytes(row.liveBlocks() * row.blockSize()),
          Html.bytes(row.freeBlocks() * row.blockSize()),
          Html.percent(row.liveBlocks(), all));
    }
    page.table(table);
  }

  private static void sites(HtmlPage page, List<AllocationSites.Site> top) {
    page.heading("Where live blocks were allocated");
    if (top.isEmpty()) {
      page.paragraph("The tracer knows of none.");
      return;
    }
    long most = 1;
    for (AllocationSites.Site site : top) {
      most = Math.max(most, site.bytes());
    }
    HtmlTable table = new HtmlTable("site", "blocks", "bytes", "");
    for (AllocationSites.Site site : top) {
      table.barRow(
          (double) site.bytes() / most,
          site.where(),
          Html.count(site.blocks()),
          Html.bytes(site.bytes()));
    }
    page.table(table);
  }
}
