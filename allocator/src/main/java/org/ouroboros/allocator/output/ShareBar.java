package org.ouroboros.allocator.output;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.allocator.output.HtmlPage.Swatch;

/** A bar of parts of a whole, in bytes. Thread rule: one thread. */
public final class ShareBar {

  private record Part(String style, String name, long bytes) {}

  private static final int WIDTH = 768;
  private static final int HEIGHT = 26;

  private final List<Part> parts = new ArrayList<>();
  private long whole;

  /** Adds a part; one that is negative counts as nothing. */
  public ShareBar add(String style, String name, long bytes) {
    long size = Math.max(0, bytes);
    parts.add(new Part(style, name, size));
    whole += size;
    return this;
  }

  /** The picture. */
  public String svg() {
    StringBuilder svg = new StringBuilder("<svg class=\"shares\" viewBox=\"0 0 ");
    svg.append(WIDTH).append(' ').append(HEIGHT).append("\" preserveAspectRatio=\"none\"");
    svg.append(" role=\"img\" aria-label=\"shares\">");
    double x = 0;
    for (Part part : parts) {
      double width = whole == 0 ? 0 : (double) WIDTH * part.bytes() / whole;
      svg.append("<rect x=\"").append(Html.at(x)).append("\" width=\"").append(Html.at(width));
      svg.append("\" height=\"").append(HEIGHT).append("\" class=\"").append(part.style());
      svg.append("\">").append(Html.element("title", text(part))).append("</rect>");
      x += width;
    }
    return svg.append("</svg>").toString();
  }

  private String text(Part part) {
    return part.name() + ": " + Html.bytes(part.bytes()) + ", " + Html.percent(part.bytes(), whole);
  }

  /** The parts by their colours, with their figures. */
  public List<Swatch> legend() {
    List<Swatch> keys = new ArrayList<>();
    for (Part part : parts) {
      keys.add(new Swatch(part.style(), text(part)));
    }
    return keys;
  }
}
