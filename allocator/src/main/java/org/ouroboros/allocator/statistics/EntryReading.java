package org.ouroboros.allocator.statistics;

import org.ouroboros.allocator.AllocatorStats;

/**
 * What was read of one entry of a statistics file. Immutable.
 *
 * <p>Figures are longs by their position; the enum of the {@linkplain #kind() kind}, such as {@link
 * AllocatorFigure}, says which is which.
 */
public final class EntryReading {

  private final long id;
  private final EntryKind kind;
  private final String name;
  private final boolean ended;
  private final boolean torn;
  private final long time;
  private final long[] figures;

  /** Keeps the array. */
  EntryReading(
      long id,
      EntryKind kind,
      String name,
      boolean ended,
      boolean torn,
      long time,
      long[] figures) {
    this.id = id;
    this.kind = kind;
    this.name = name;
    this.ended = ended;
    this.torn = torn;
    this.time = time;
    this.figures = figures;
  }

  /**
   * Tells entries apart that have the same name, or the same place one after the other.
   *
   * @return 1 or more, given in the order in which the process made them
   */
  public long id() {
    return id;
  }

  /**
   * What the entry is about.
   *
   * @return the kind
   */
  public EntryKind kind() {
    return kind;
  }

  /**
   * The name of the allocator or heap.
   *
   * @return at most 88 bytes of UTF-8; what was longer was cut. Any character may be in it
   */
  public String name() {
    return name;
  }

  /**
   * Whether the allocator or heap was closed. The figures are the last ones then.
   *
   * @return false while it is in use
   */
  public boolean ended() {
    return ended;
  }

  /**
   * Whether the figures may be partly older and partly newer ones: the process died, or was held
   * up, while it wrote them.
   *
   * @return false normally
   */
  public boolean torn() {
    return torn;
  }

  /**
   * When the figures were written.
   *
   * @return milliseconds since 1970; 0 if none were yet
   */
  public long time() {
    return time;
  }

  /**
   * How many figures there are.
   *
   * @return 0 if none were written yet
   */
  public int figures() {
    return figures.length;
  }

  /**
   * One figure.
   *
   * @param position from 0
   * @return the figure; {@link AllocatorStats#UNKNOWN} if there is none at that position
   */
  public long figure(int position) {
    return position >= 0 && position < figures.length ? figures[position] : AllocatorStats.UNKNOWN;
  }

  /**
   * One figure of an allocator.
   *
   * @param figure which
   * @return as {@link #figure(int)}
   */
  public long figure(AllocatorFigure figure) {
    return figure(figure.position());
  }

  @Override
  public String toString() {
    return kind + " " + name + (ended ? " (ended)" : "") + (torn ? " (torn)" : "");
  }
}
