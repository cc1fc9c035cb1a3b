package org.ouroboros.allocator.output;

import java.util.Locale;

/** Text and numbers as they go into a page. What is written is well-formed XML, too. */
public final class Html {

  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

  private Html() {}

  /** Text that may be anything, between tags or in an attribute. */
  public static String text(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  /** XML has neither control characters nor halves of pairs. */
  private static boolean isAllowed(int c) {
    boolean control = c < 0x20 && c != '\t' && c != '\n' || c >= 0x7F && c < 0xA0;
    return !control && !(c >= 0xD800 && c < 0xE000) && c != 0xFFFE && c != 0xFFFF;
  }

  /** An element with text in it. */
  public static String element(String tag, String text) {
    return "<" + tag + ">" + text(text) + "</" + tag + ">";
  }

  /** A coordinate. */
  static String at(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** A whole number with its thousands set apart. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A number of bytes in the unit that suits it. */
  public static String bytes(long bytes) {
    if (bytes < 0) {
      return "unknown";
    }
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, value < 10 ? "%.2f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /** A part of a whole; 0 % of nothing. */
  public static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.1f %%", whole <= 0 ? 0 : 100.0 * part / whole);
  }

  /** A time in the unit that suits it. */
  public static String nanos(double nanos) {
    if (nanos < 1e3) {
      return String.format(Locale.ROOT, "%.0f ns", nanos);
    }
    if (nanos < 1e6) {
      return String.format(Locale.ROOT, nanos < 1e4 ? "%.1f µs" : "%.0f µs", nanos / 1e3);
    }
    return nanos < 1e9
        ? String.format(Locale.ROOT, nanos < 1e7 ? "%.1f ms" : "%.0f ms", nanos / 1e6)
        : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
