package org.ouroboros.benchmarks.replay;

/** A table of the report. */
final class HtmlTable {

  private final StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>");

  /** One with a caption, its beginning bold. */
  HtmlTable(String title, String rest) {
    html.append("<caption>").append(Html.text(title));
    html.append(" <span>").append(Html.text(rest)).append("</span></caption>");
  }

  HtmlTable head(String... cells) {
    html.append("<thead><tr>");
    for (String cell : cells) {
      html.append("<th scope=\"col\">").append(Html.text(cell)).append("</th>");
    }
    html.append("</tr></thead><tbody>");
    return this;
  }

  /** A row; those of the default allocator stand out. The class is that of the last cell. */
  HtmlTable row(boolean ours, String lastClass, String... cells) {
    html.append(ours ? "<tr class=\"ours\">" : "<tr>");
    for (int i = 0; i < cells.length; i++) {
      boolean last = i == cells.length - 1;
      html.append(last ? "<td class=\"" + lastClass + "\">" : "<td>");
      html.append(Html.text(cells[i])).append("</td>");
    }
    html.append("</tr>");
    return this;
  }

  String end() {
    return html.append("</tbody></table></div>\n").toString();
  }
}
