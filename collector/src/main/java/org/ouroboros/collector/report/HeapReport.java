package org.ouroboros.collector.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.output.Html;
import org.ouroboros.allocator.output.HtmlPage;
import org.ouroboros.allocator.output.HtmlPage.Swatch;
import org.ouroboros.allocator.output.HtmlPage.Tile;
import org.ouroboros.allocator.output.HtmlTable;
import org.ouroboros.allocator.output.ShareBar;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.SharedHeap;
import org.ouroboros.collector.inspect.Census;
import org.ouroboros.collector.space.PagedSpace;
import org.ouroboros.collector.space.SpaceMap;

/**
 * A heap as a page in HTML, for people: what is live and what its memory is used for, which sizes
 * lose how much, the types with the most objects and bytes, generations, and collections over time.
 *
 * <pre>{@code
 * CollectionRecorder recorder = CollectionRecorder.attach(heap);
 * // ...
 * HeapReport.of(heap).withRecorder(recorder).write(Path.of("heap.html"));
 * }</pre>
 *
 * <p>May be asked for wherever the heap may be read. Cost: a look at every object; memory for the
 * types, and on the Java heap some tens of bytes for each page of 64 KiB.
 *
 * <p>Immutable. Thread rule: as the heap.
 */
public final class HeapReport {

  private static final int TYPES = 25;

  private static final String[] GENERATIONS = {"0", "1", "2", "permanent", "untracked"};

  private final Heap reported;
  private final @Nullable CollectionRecorder recorder;

  private HeapReport(Heap heap, @Nullable CollectionRecorder recorder) {
    this.reported = heap;
    this.recorder = recorder;
  }

  /**
   * A report on a heap.
   *
   * @param heap any
   * @return the report, of what is when it is written
   */
  public static HeapReport of(Heap heap) {
    return new HeapReport(heap, null);
  }

  /**
   * Writes a report on a heap to a file.
   *
   * @param heap any
   * @param path where; one that is there is replaced when the page is complete
   * @throws IOException if it cannot be written; nothing is left of it then
   */
  public static void write(Heap heap, Path path) throws IOException {
    of(heap).write(path);
  }

  /**
   * The same with charts of collections over time.
   *
   * @param from a recorder of this heap
   * @return another report
   */
  public HeapReport withRecorder(CollectionRecorder from) {
    return new HeapReport(reported, from);
  }

  /**
   * Writes the page to a file. One that is there is replaced when the page is complete.
   *
   * @param path where
   * @throws IOException if it cannot be written; nothing is left of it then
   * @throws IllegalStateException if the heap is closed
   */
  public void write(Path path) throws IOException {
    page().write(path);
  }

  /**
   * The page.
   *
   * @return HTML that is well-formed XML too
   * @throws IllegalStateException if the heap is closed
   */
  public String html() {
    return page().html();
  }

  private HtmlPage page() {
    return switch (reported) {
      case ConfinedHeap confined -> page(confined);
      case SharedHeap shared -> shared.inStoppedWorld(this::page);
    };
  }

  private HtmlPage page(ConfinedHeap heap) {
    heap.checkReadable();
    HeapStats stats = heap.stats();
    List<Census.Count> types = Census.of(heap);
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    HtmlPage page =
        new HtmlPage(
            "Heap " + heap.options().name(),
            "As it was at "
                + now
                + ". "
                + heap.store().space.name()
                + ", mode "
                + heap.options().mode().name().toLowerCase(Locale.ROOT));
    page.tiles(
        List.of(
            new Tile("live objects", Html.count(stats.liveObjects())),
            new Tile("live bytes, rounded", Html.bytes(stats.liveBytes())),
            new Tile("committed", Html.bytes(stats.committedBytes())),
            new Tile("side tables", Html.bytes(stats.metadataBytes())),
            new Tile("types with objects", Html.count(types.size())),
            new Tile("objects made so far", Html.count(stats.allocations())),
            new Tile(
                "of committed not live",
                Html.percent(stats.committedBytes() - stats.liveBytes(), stats.committedBytes()))));
    SpaceMap map = heap.store().space instanceof PagedSpace space ? space.map() : null;
    if (map != null) {
      memory(page, map, types);
    } else {
      page.heading("Memory");
      page.paragraph("The objects are blocks of an allocator, which has a report of its own.");
    }
    generations(heap, page, stats);
    if (recorder != null) {
      RecordedCharts.add(page, recorder);
    }
    types(page, types);
    if (map != null) {
      sizes(page, map);
    }
    return page;
  }

  // ------------------------------------------------------------------------- space

  private static void memory(HtmlPage page, SpaceMap map, List<Census.Count> types) {
    long asked = 0;
    long rounded = 0;
    for (Census.Count type : types) {
      asked += type.bytes();
      rounded += type.blockBytes();
    }
    long spans = 0;
    for (SpaceMap.Size size : map.sizes()) {
      spans += size.spanBytes() - size.live() * size.blockBytes();
    }
    page.heading("What memory is used for");
    ShareBar bar =
        new ShareBar()
            .add("c0", "objects", asked)
            .add("c3", "rounding of their sizes", rounded - asked)
            .add("c1", "free blocks", spans)
            .add("c4", "free parts of pages", map.freeUnitBytes())
            .add("free", "free pages kept", map.keptBytes());
    page.card(bar.svg(), bar.legend());
    page.heading("Pages");
    page.paragraph(
        "Pages of 64 KiB in the order of their addresses, "
            + map.picture().pagesPerCell()
            + " in each cell.");
    page.card(map.picture().svg(), map.picture().legend());
  }

  private static void sizes(HtmlPage page, SpaceMap map) {
    page.heading("Sizes");
    page.paragraph(
        "Objects of up to 4 KiB are blocks of one size in a span. Larger ones take "
            + Html.bytes(map.runBytes())
            + " in pages that they share, and "
            + Html.bytes(map.largeBytes())
            + " in pages of their own.");
    if (map.sizes().isEmpty()) {
      return;
    }
    HtmlTable table =
        new HtmlTable(
            "block", "spans", "live", "free", "live bytes", "spans' bytes", "live part", "");
    for (SpaceMap.Size size : map.sizes()) {
      table.barRow(
          (double) size.live() / size.capacity(),
          Html.count(size.blockBytes()) + " bytes",
          Html.count(size.spans()),
          Html.count(size.live()),
          Html.count(size.capacity() - size.live()),
          Html.bytes(size.live() * size.blockBytes()),
          Html.bytes(size.spanBytes()),
          Html.percent(size.live(), size.capacity()));
    }
    page.table(table);
  }

  // ------------------------------------------------------------------------- types

  private static void types(HtmlPage page, List<Census.Count> types) {
    page.heading("Types by bytes");
    if (types.isEmpty()) {
      page.paragraph("The heap is empty.");
      return;
    }
    table(page, types, Comparator.comparingLong(Census.Count::blockBytes), true);
    if (types.size() > 1) {
      page.heading("Types by objects");
      table(page, types, Comparator.comparingLong(Census.Count::objects), false);
    }
  }

  private static void table(
      HtmlPage page, List<Census.Count> types, Comparator<Census.Count> order, boolean bytes) {
    List<Census.Count> sorted = types.stream().sorted(order.reversed()).toList();
    double most = bytes ? sorted.getFirst().blockBytes() : sorted.getFirst().objects();
    HtmlTable table = new HtmlTable("type", "objects", "bytes", "rounded", "each", "");
    for (Census.Count type : sorted.subList(0, Math.min(TYPES, sorted.size()))) {
      table.barRow(
          (bytes ? type.blockBytes() : type.objects()) / most,
          type.info.type.name(),
          Html.count(type.objects()),
          Html.bytes(type.bytes()),
          Html.bytes(type.blockBytes()),
          Html.bytes(type.bytes() / type.objects()));
    }
    page.table(table);
    if (sorted.size() > TYPES) {
      page.paragraph("And " + Html.count(sorted.size() - TYPES) + " more types.");
    }
  }

  // ------------------------------------------------------------------- generations

  private static void generations(ConfinedHeap heap, HtmlPage page, HeapStats stats) {
    page.heading("Generations");
    HtmlTable table =
        new HtmlTable(
            "generation",
            "objects",
            "collections",
            "collected",
            "uncollectable",
            "time",
            "each",
            "");
    List<GenerationStats> collections = heap.collector().stats();
    for (int g = 0; g < GENERATIONS.length; g++) {
      long objects =
          g <= Collector.PERMANENT
              ? heap.store().sides.population(g)
              : stats.liveObjects() - stats.trackedObjects();
      double share = stats.liveObjects() == 0 ? 0 : (double) objects / stats.liveObjects();
      if (g < Collector.GENERATIONS) {
        GenerationStats row = collections.get(g);
        table.barRow(
            share,
            GENERATIONS[g],
            Html.count(objects),
            Html.count(row.collections()),
            Html.count(row.collected()),
            Html.count(row.uncollectable()),
            Html.nanos((double) row.durationNanos()),
            Html.nanos((double) row.durationNanos() / Math.max(1, row.collections())));
      } else {
        table.barRow(share, GENERATIONS[g], Html.count(objects), "", "", "", "", "");
      }
    }
    page.table(table);
  }

  static List<Swatch> generationKeys() {
    return List.of(
        new Swatch("c0", "generation 0"),
        new Swatch("c1", "generation 1"),
        new Swatch("c2", "generation 2"));
  }
}
