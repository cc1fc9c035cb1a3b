package org.ouroboros.allocator.trace;

import java.util.Comparator;

/**
 * What the blocks of one place take, and how that differs from an older snapshot.
 *
 * @param traceback the place
 * @param size bytes in the newer snapshot; 0 if it has none there
 * @param sizeDiff bytes more than in the older one; negative if less
 * @param count blocks in the newer snapshot
 * @param countDiff blocks more than in the older one; negative if less
 */
public record StatisticDiff(
    Traceback traceback, long size, long sizeDiff, long count, long countDiff) {

  /** The largest difference first. */
  static final Comparator<StatisticDiff> LARGEST_FIRST =
      Comparator.<StatisticDiff>comparingLong(diff -> Math.abs(diff.sizeDiff))
          .thenComparingLong(StatisticDiff::size)
          .thenComparingLong(diff -> Math.abs(diff.countDiff))
          .thenComparingLong(StatisticDiff::count)
          .thenComparing(StatisticDiff::traceback)
          .reversed();

  /** One line. */
  @Override
  public String toString() {
    return traceback
        + ": size="
        + Statistic.bytes(size)
        + " ("
        + Statistic.signedBytes(sizeDiff)
        + "), count="
        + count
        + " ("
        + (countDiff >= 0 ? "+" : "")
        + countDiff
        + "), average="
        + Statistic.bytes(count == 0 ? 0 : size / count);
  }
}
