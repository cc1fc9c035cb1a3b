package org.ouroboros.benchmarks.scenario;

import java.util.Arrays;

/**
 * Ids as a file lists them: runs from one id to another, up or down, that are not written out, so
 * that a few bytes of a file cannot take all memory. Immutable.
 */
final class IdRuns {

  static final IdRuns EMPTY = new IdRuns(new long[0], 0);

  /** How many ids a message shows. */
  private static final int SHOWN = 20;

  /** Pairs of the first and the last id of a run. */
  private final long[] bounds;

  private final long size;

  private IdRuns(long[] bounds, long size) {
    this.bounds = bounds;
    this.size = size;
  }

  /** How many ids there are. */
  long size() {
    return size;
  }

  /** All ids, in their order. To be called only if the size is known to be that of another list. */
  long[] toArray() {
    return prefix(Math.toIntExact(size));
  }

  private long[] prefix(int length) {
    long[] ids = new long[length];
    int filled = 0;
    for (int run = 0; run < bounds.length && filled < length; run += 2) {
      long step = bounds[run] <= bounds[run + 1] ? 1 : -1;
      long count = Math.abs(bounds[run + 1] - bounds[run]) + 1;
      for (long i = 0; i < count && filled < length; i++) {
        ids[filled++] = bounds[run] + i * step;
      }
    }
    return ids;
  }

  @Override
  public String toString() {
    return text(prefix((int) Math.min(size, SHOWN)), size);
  }

  /** The first ids of a list, for messages. */
  static String text(long[] ids, long size) {
    String shown = Arrays.toString(Arrays.copyOf(ids, Math.min(SHOWN, ids.length)));
    return size <= SHOWN
        ? shown
        : shown.substring(0, shown.length() - 1) + ", ... " + size + " in all]";
  }

  /** Collects runs. */
  static final class Builder {

    private final IdList bounds = new IdList();
    private long size;

    /**
     * Adds all ids from one to another.
     *
     * @throws IllegalArgumentException if an id is not more than 0, or there are too many; the
     *     message is a phrase
     */
    void add(long from, long to) {
      if (from <= 0 || to <= 0) {
        throw new IllegalArgumentException("an id that is not more than 0");
      }
      bounds.add(from);
      bounds.add(to);
      size += Math.abs(to - from) + 1;
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("more than 2,147,483,647 ids");
      }
    }

    IdRuns build() {
      return size == 0 ? EMPTY : new IdRuns(bounds.toArray(), size);
    }
  }
}
