package org.ouroboros.allocator.output;

/** A table whose first column is text and whose others are figures. Thread rule: one thread. */
public final class HtmlTable {

  private final StringBuilder html = new StringBuilder("<table><thead><tr>");

  /** Begins a table. */
  public HtmlTable(String... heads) {
    for (String head : heads) {
      html.append(Html.element("th", head));
    }
    html.append("</tr></thead><tbody>\n");
  }

  /** Adds a row. */
  public HtmlTable row(String... cells) {
    begin(cells);
    html.append("</tr>\n");
    return this;
  }

  /** Adds a row that ends in a bar, of a share of its cell. */
  public HtmlTable barRow(double share, String... cells) {
    begin(cells);
    html.append("<td class=\"bar\"><svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\">");
    html.append("<rect width=\"100\" height=\"8\" class=\"ground\"/><rect width=\"");
    html.append(Html.at(100 * Math.clamp(share, 0, 1)));
    html.append("\" height=\"8\" class=\"c0\"/></svg></td></tr>\n");
    return this;
  }

  private void begin(String... cells) {
    html.append("<tr>");
    for (String cell : cells) {
      html.append(Html.element("td", cell));
    }
  }

  String html() {
    return html + "</tbody></table>";
  }
}
