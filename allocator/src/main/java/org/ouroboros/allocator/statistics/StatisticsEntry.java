package org.ouroboros.allocator.statistics;

/**
 * The place of one allocator or heap in a statistics file. Made by {@link StatisticsWriter#add}.
 *
 * <p>Thread rule: any thread; writers of one entry wait for each other. Cost: some nanoseconds a
 * figure, no system call, no Java object that outlives the call. After {@link #end}, and where the
 * file had no room, nothing is written.
 */
public final class StatisticsEntry {

  private final StatisticsWriter writer;

  /** Where it begins in the file; 0 if it has no place there. */
  private final long at;

  private boolean ended;

  StatisticsEntry(StatisticsWriter writer, long at) {
    this.writer = writer;
    this.at = at;
  }

  /**
   * Whether the file has room for this entry.
   *
   * @return false if all entries are in use; only their number is told then
   */
  public boolean isListed() {
    return at != 0;
  }

  /**
   * Writes figures, in the order of the kind's enum. The array is not kept.
   *
   * @param figures at most 48
   * @throws IllegalArgumentException if there are more
   */
  public synchronized void write(long... figures) {
    if (figures.length > StatisticsLayout.MAX_FIGURES) {
      throw new IllegalArgumentException(
          figures.length + " figures: an entry has room for " + StatisticsLayout.MAX_FIGURES);
    }
    if (at != 0 && !ended) {
      long now = System.currentTimeMillis();
      writer.change(file -> StatisticsLayout.write(file, at, now, figures));
    }
  }

  /**
   * Notes that the allocator or heap was closed. The last figures stay in the file until another
   * entry needs the room. A second call does nothing.
   */
  public synchronized void end() {
    if (at != 0 && !ended) {
      ended = true;
      writer.change(file -> StatisticsLayout.end(file, at));
      writer.giveBack(at);
    }
  }
}
