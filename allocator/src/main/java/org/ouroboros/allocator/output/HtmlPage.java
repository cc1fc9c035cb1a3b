package org.ouroboros.allocator.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A report: one page that needs nothing else, with its style in it, for light and dark screens.
 *
 * <p>Thread rule: one thread.
 */
public final class HtmlPage {

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --paper: #fbfbf9; --card: #fff; --ink: #1d2126;
        --soft: #5d646d; --rule: #e2e3df; --grid: #eeeeea; --c0: #1f5fd0; --c1: #24936a;
        --c2: #d9822b; --c3: #b2468f; --c4: #8a6a14; --free: #c9ccc4; --gone: #eeefeb; }
      @media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1b1f25;
        --ink: #e6e8ea; --soft: #9aa3ad; --rule: #2d333b; --grid: #282e36; --c0: #62a0ff;
        --c1: #4fc795; --c2: #f0a35c; --c3: #e283c3; --c4: #d8b64a; --free: #59626d;
        --gone: #262b32; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 70rem; padding: 2rem 1.2rem 4rem; color: var(--ink);
        background: var(--paper); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
      h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
      h2 { font-size: 1.12rem; margin: 2.4rem 0 .3rem; }
      p { margin: .3rem 0; max-width: 60rem; }
      .soft { color: var(--soft); }
      .card { background: var(--card); border: 1px solid var(--rule); border-radius: 8px;
        padding: .9rem; margin: .7rem 0; overflow-x: auto; }
      .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.4rem, 1fr));
        gap: .7rem; margin: 1rem 0; padding: 0; }
      .tiles li { list-style: none; background: var(--card); border: 1px solid var(--rule);
        border-radius: 8px; padding: .6rem .8rem; font-size: .85rem; color: var(--soft); }
      .tiles b { display: block; font-size: 1.15rem; color: var(--ink); white-space: nowrap; }
      .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: .6rem 0 0; padding: 0; }
      .legend li { list-style: none; display: flex; align-items: center; gap: .4rem;
        font-size: .85rem; }
      .legend svg { flex: none; width: 12px; height: 12px; display: block; }
      svg { display: block; width: 100%; height: auto; }
      .card > svg { min-width: 32rem; }
      .card > svg.shares { min-width: 0; height: 1.8rem; }
      svg text { fill: var(--soft); font-size: 11px; }
      table { border-collapse: collapse; width: 100%; font-size: .87rem; }
      th, td { padding: .25rem .5rem; text-align: right; border-bottom: 1px solid var(--rule);
        white-space: nowrap; font-variant-numeric: tabular-nums; }
      th { color: var(--soft); font-weight: 600; }
      th:first-child, td:first-child { text-align: left; white-space: pre-line;
        overflow-wrap: anywhere; min-width: 8rem; }
      tr:last-child td { border-bottom: 0; }
      td.bar { width: 9rem; min-width: 6rem; }
      .c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); }
      .c3 { fill: var(--c3); } .c4 { fill: var(--c4); } .free { fill: var(--free); }
      .gone { fill: var(--gone); } .ground { fill: var(--grid); }
      .gridline { stroke: var(--grid); } .axis { stroke: var(--soft); }
      .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
      .s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); }
      """;

  private final String title;
  private final StringBuilder body = new StringBuilder();

  /** Begins a page. */
  public HtmlPage(String title, String about) {
    this.title = title;
    body.append(Html.element("h1", title)).append('\n');
    paragraph(about);
  }

  /** A line of small print. */
  public void paragraph(String text) {
    body.append("<p class=\"soft\">").append(Html.text(text)).append("</p>\n");
  }

  /** Begins a section. */
  public void heading(String text) {
    body.append(Html.element("h2", text)).append('\n');
  }

  /** A figure that is seen at once. */
  public record Tile(String name, String value) {}

  /** Figures side by side. */
  public void tiles(List<Tile> tiles) {
    body.append("<ul class=\"tiles\">");
    for (Tile tile : tiles) {
      body.append("<li>").append(Html.element("b", tile.value()));
      body.append(Html.text(tile.name())).append("</li>");
    }
    body.append("</ul>\n");
  }

  /** What a colour stands for. */
  public record Swatch(String style, String name) {}

  /** A picture, and what its colours stand for. */
  public void card(String svg, List<Swatch> legend) {
    body.append("<div class=\"card\">").append(svg).append('\n');
    if (!legend.isEmpty()) {
      body.append("<ul class=\"legend\">");
      for (Swatch key : legend) {
        body.append("<li><svg viewBox=\"0 0 12 12\"><rect width=\"12\" height=\"12\" rx=\"2\"");
        body.append(" class=\"").append(key.style()).append("\"/></svg>");
        body.append(Html.text(key.name())).append("</li>");
      }
      body.append("</ul>");
    }
    body.append("</div>\n");
  }

  /** A table. */
  public void table(HtmlTable table) {
    body.append("<div class=\"card\">").append(table.html()).append("</div>\n");
  }

  /** All of it. */
  public String html() {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>"
        + Html.element("title", title)
        + "\n<style>\n"
        + STYLE
        + "</style></head>\n<body>\n"
        + body
        + "</body></html>\n";
  }

  /** Writes it to a file, which is there with all of it or not at all. */
  public void write(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(html().getBytes(StandardCharsets.UTF_8));
    WholeFile.write(
        path,
        false,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }
}
