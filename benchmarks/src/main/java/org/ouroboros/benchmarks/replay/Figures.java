package org.ouroboros.benchmarks.replay;

import java.util.Locale;

/** How figures are written in tables; {@value #NONE} for what is not known. */
public final class Figures {

  /** What is not known. */
  public static final String NONE = "-";

  private static final double MEBIBYTE = 1 << 20;

  private Figures() {}

  /**
   * A time.
   *
   * @param nanos nanoseconds, negative or NaN if not known
   * @return its text
   */
  public static String nanos(double nanos) {
    return nanos < 0 || Double.isNaN(nanos) ? NONE : fixed(nanos, 1);
  }

  /**
   * A ratio.
   *
   * @param ratio the ratio, NaN if not known
   * @return its text
   */
  public static String ratio(double ratio) {
    return Double.isNaN(ratio) ? NONE : fixed(ratio, 2);
  }

  /**
   * A number of bytes, in MiB.
   *
   * @param bytes negative if not known
   * @return its text
   */
  public static String mebibytes(long bytes) {
    return bytes < 0 ? NONE : fixed(bytes / MEBIBYTE, bytes < 100 << 20 ? 2 : 1);
  }

  /**
   * The 95 % bound of an estimate.
   *
   * @param value the estimate
   * @return {@code low..high}
   */
  public static String bound(Statistics.Bounded value) {
    return Double.isNaN(value.value()) ? NONE : ratio(value.low()) + ".." + ratio(value.high());
  }

  /**
   * A number of things.
   *
   * @param count how many
   * @return its text
   */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /**
   * A number.
   *
   * @param value the number
   * @param digits how many behind the point
   * @return its text
   */
  public static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
