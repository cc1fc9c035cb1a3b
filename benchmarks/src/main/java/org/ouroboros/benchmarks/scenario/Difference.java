package org.ouroboros.benchmarks.scenario;

/**
 * That what was seen is not what the file says.
 *
 * @param field of the expectation, or what else was looked at
 * @param expected what the file says, shortened
 * @param got what was seen, shortened
 */
record Difference(String field, String expected, String got) {

  /** The most characters of each side that are shown. */
  private static final int MAX_TEXT = 400;

  Difference {
    expected = shortened(expected);
    got = shortened(got);
  }

  private static String shortened(String text) {
    String line = text.replace('\n', ' ').replace('\r', ' ');
    return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "...";
  }
}
