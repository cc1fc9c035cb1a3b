package org.ouroboros.benchmarks.replay;

/** A table of the report. */
public final class HtmlTable {

  private final StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>");

  /**
   * A table with a caption.
   *
   * @param title its beginning, bold
   * @param rest its end
   */
  public HtmlTable(String title, String rest) {
    html.append("<caption>").append(Html.text(title));
    html.append(" <span>").append(Html.text(rest)).append("</span></caption>");
  }

  /**
   * Adds the heads of the columns.
   *
   * @param cells their words
   * @return this
   */
  public HtmlTable head(String... cells) {
    html.append("<thead><tr>");
    for (String cell : cells) {
      html.append("<th scope=\"col\">").append(Html.text(cell)).append("</th>");
    }
    html.append("</tr></thead><tbody>");
    return this;
  }

  /**
   * Adds a row.
   *
   * @param ours whether it stands out
   * @param lastClass the class of the last cell, or empty
   * @param cells their words
   * @return this
   */
  public HtmlTable row(boolean ours, String lastClass, String... cells) {
    html.append(ours ? "<tr class=\"ours\">" : "<tr>");
    for (int i = 0; i < cells.length; i++) {
      boolean last = i == cells.length - 1;
      html.append(last ? "<td class=\"" + lastClass + "\">" : "<td>");
      html.append(Html.text(cells[i])).append("</td>");
    }
    html.append("</tr>");
    return this;
  }

  /**
   * Ends the table.
   *
   * @return all of it
   */
  public String end() {
    return html.append("</tbody></table></div>\n").toString();
  }
}
