package org.ouroboros.allocator.trace;

import java.util.Comparator;
import java.util.Locale;

/**
 * What the blocks of one place take together.
 *
 * @param traceback the place: one frame, or a stack if it was grouped by that
 * @param size bytes that were asked for; of sampled traces an estimate
 * @param count blocks; of sampled traces an estimate
 */
public record Statistic(Traceback traceback, long size, long count) {

  /** The largest first. */
  static final Comparator<Statistic> LARGEST_FIRST =
      Comparator.comparingLong(Statistic::size)
          .thenComparingLong(Statistic::count)
          .thenComparing(Statistic::traceback)
          .reversed();

  private static final long FEW = 10;
  private static final int KIBI = 1024;

  /**
   * The mean size of a block.
   *
   * @return bytes; 0 if there is no block
   */
  public long average() {
    return count == 0 ? 0 : size / count;
  }

  /** One line. */
  @Override
  public String toString() {
    return traceback
        + ": size="
        + bytes(size)
        + ", count="
        + count
        + ", average="
        + bytes(average());
  }

  /** Bytes as text, with a unit that leaves few digits. */
  static String bytes(long size) {
    return bytes(size, "%d B", "%.1f %s");
  }

  /** The same with a sign. */
  static String signedBytes(long size) {
    return bytes(size, "%+d B", "%+.1f %s");
  }

  private static String bytes(long size, String small, String large) {
    if (Math.abs(size) < FEW * KIBI) {
      return String.format(Locale.ROOT, small, size);
    }
    double scaled = size;
    String unit = "B";
    for (String next : new String[] {"KiB", "MiB", "GiB", "TiB"}) {
      if (Math.abs(scaled) < FEW * KIBI) {
        break;
      }
      scaled /= KIBI;
      unit = next;
    }
    return String.format(Locale.ROOT, large, scaled, unit);
  }
}
