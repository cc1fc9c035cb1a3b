package org.ouroboros.allocator.output;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ouroboros.allocator.output.HtmlPage.Swatch;

/**
 * A picture of pages: a cell for each, or for some in a row where there are many. A cell has the
 * colour of what most of it is used for, the stronger the more of that is live.
 *
 * <p>Thread rule: one thread.
 */
public final class PageMap {

  /** What pages are used for. */
  public enum Use {
    BLOCKS("c0", "blocks of a size; faint: few of them live"),
    LARGE("c2", "large blocks or objects"),
    KEPT("free", "free, memory kept"),
    GIVEN_BACK("gone", "free, memory given back or never used");

    private final String style;
    private final String legend;

    Use(String style, String legend) {
      this.style = style;
      this.legend = legend;
    }
  }

  private record Run(long first, long pages, Use use, double live, String text) {}

  private static final int COLUMNS = 64;
  private static final int MOST_ROWS = 40;
  private static final int CELL = 12;
  private static final double PALEST = 0.18;

  private final List<Run> runs = new ArrayList<>();
  private long end;

  /**
   * Adds pages in a row, behind those that were added before.
   *
   * @param live how much of them is live, 0 to 1
   * @param text what they are, for those who point at them
   */
  public void add(long first, long pages, Use use, double live, String text) {
    runs.add(new Run(first, pages, use, live, text));
    end = Math.max(end, first + pages);
  }

  /** How many pages a cell stands for. */
  public long pagesPerCell() {
    long cells = (long) COLUMNS * MOST_ROWS;
    return Math.max(1, (end + cells - 1) / cells);
  }

  /** What the colours stand for. */
  public List<Swatch> legend() {
    List<Swatch> keys = new ArrayList<>();
    for (Use use : Use.values()) {
      keys.add(new Swatch(use.style, use.legend));
    }
    return keys;
  }

  /** The picture. */
  public String svg() {
    long per = pagesPerCell();
    long cells = (end + per - 1) / per;
    long rows = Math.max(1, (cells + COLUMNS - 1) / COLUMNS);
    StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 ");
    svg.append(COLUMNS * CELL).append(' ').append(rows * CELL);
    svg.append("\" role=\"img\" aria-label=\"page map\">\n");
    int run = 0;
    for (long cell = 0; cell < cells; cell++) {
      long from = cell * per;
      while (run < runs.size() && runs.get(run).first() + runs.get(run).pages() <= from) {
        run++;
      }
      draw(svg, cell, from, Math.min(from + per, end), run);
    }
    return svg.append("</svg>").toString();
  }

  /** Draws pages, of which the first are in a run. */
  private void draw(StringBuilder svg, long cell, long from, long to, int firstRun) {
    Map<Use, Double> pages = new EnumMap<>(Use.class);
    Map<Use, Double> live = new EnumMap<>(Use.class);
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (int i = firstRun; i < runs.size() && runs.get(i).first() < to; i++) {
      Run run = runs.get(i);
      double part = Math.min(to, run.first() + run.pages()) - (double) Math.max(from, run.first());
      pages.merge(run.use(), part, Double::sum);
      live.merge(run.use(), part * run.live(), Double::sum);
      if (shown++ < 4) {
        text.append(shown > 1 ? "; " : "").append(run.text());
      }
    }
    Use use = Use.GIVEN_BACK;
    for (Map.Entry<Use, Double> entry : pages.entrySet()) {
      use = entry.getValue() > pages.getOrDefault(use, 0.0) ? entry.getKey() : use;
    }
    boolean used = use == Use.BLOCKS || use == Use.LARGE;
    double share = live.getOrDefault(use, 0.0) / Math.max(1, pages.getOrDefault(use, 1.0));
    svg.append("<rect x=\"").append(cell % COLUMNS * CELL);
    svg.append("\" y=\"").append(cell / COLUMNS * CELL);
    svg.append("\" width=\"10.5\" height=\"10.5\" rx=\"1.5\" class=\"").append(use.style);
    if (used) {
      double opacity = PALEST + (1 - PALEST) * Math.clamp(share, 0, 1);
      svg.append("\" fill-opacity=\"").append(String.format(Locale.ROOT, "%.2f", opacity));
    }
    svg.append("\"><title>page ").append(from);
    svg.append(to - from > 1 ? " to " + (to - 1) : "");
    svg.append(": ").append(Html.text(text.toString())).append(shown > 4 ? "; ..." : "");
    svg.append("</title></rect>\n");
  }
}
