package org.ouroboros.benchmarks.replay;

final class HtmlReport {
  static String of(Results r, RunNotes n) {
    return "";
  }
}
