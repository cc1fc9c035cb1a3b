package org.ouroboros.benchmarks.replay;

import java.util.ArrayList;
import java.util.List;

/** Rows of words in columns: the first and the last to the left, the others to the right. */
public final class TextTable {

  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  /** A table without rows. */
  public TextTable() {}

  /**
   * Adds a row.
   *
   * @param cells its words, as many as in the other rows
   * @return this
   */
  public TextTable row(String... cells) {
    rows.add(cells);
    return this;
  }

  /**
   * The text of the table.
   *
   * @return its lines, the first of them underlined
   */
  public List<String> lines() {
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String pad = " ".repeat(widths[c] - row[c].length());
        boolean left = c == 0 || c == columns - 1;
        line.append(c == 0 ? "" : GAP).append(left ? row[c] + pad : pad + row[c]);
      }
      lines.add(line.toString().stripTrailing());
    }
    lines.add(1, "-".repeat(lines.stream().mapToInt(String::length).max().orElse(0)));
    return lines;
  }
}
