package org.ouroboros.benchmarks.faq;

import java.util.ArrayList;
import java.util.List;

/**
 * What a program says: lines that are the same in every run, lines that are not, and charts. A line
 * that varies begins with a tilde, so that readers and tests know.
 *
 * <p>Thread rule: one thread.
 */
final class Transcript {

  /** What a line that varies begins with. */
  static final String VARIES = "~ ";

  private final List<String> lines = new ArrayList<>();
  private final StringBuilder charts = new StringBuilder();

  /** Says something that is the same in every run. */
  void line(Object what) {
    lines.add(String.valueOf(what));
  }

  /** Says something that differs from run to run, or from machine to machine. */
  void varying(Object what) {
    lines.add(VARIES + what);
  }

  /** Shows a chart in the report. */
  void chart(String html) {
    charts.append(html);
  }

  /** All that was said. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** The charts in HTML; empty if there are none. */
  String charts() {
    return charts.toString();
  }
}
