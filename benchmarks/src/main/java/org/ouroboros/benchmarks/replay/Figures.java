package org.ouroboros.benchmarks.replay;

import java.util.Locale;

/** How figures are written in tables; {@value #NONE} for what is not known. */
final class Figures {

  static final String NONE = "-";

  private static final double MEBIBYTE = 1 << 20;

  private Figures() {}

  static String nanos(double nanos) {
    return nanos < 0 || Double.isNaN(nanos) ? NONE : fixed(nanos, 1);
  }

  static String ratio(double ratio) {
    return Double.isNaN(ratio) ? NONE : fixed(ratio, 2);
  }

  static String mebibytes(long bytes) {
    return bytes < 0 ? NONE : fixed(bytes / MEBIBYTE, bytes < 100 << 20 ? 2 : 1);
  }

  /** The 95 % bound as {@code low..high}. */
  static String bound(Statistics.Bounded value) {
    return Double.isNaN(value.value()) ? NONE : ratio(value.low()) + ".." + ratio(value.high());
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
