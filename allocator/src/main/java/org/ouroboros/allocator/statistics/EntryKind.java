package org.ouroboros.allocator.statistics;

/** What an entry of a statistics file is about: which figures it has. */
public enum EntryKind {
  /** Nothing that this version knows. */
  OTHER(0),
  /** An allocator; its figures are those of {@link AllocatorFigure}. */
  ALLOCATOR(1),
  /** A heap of the collector, whose figures that module names. */
  HEAP(2);

  private final int number;

  EntryKind(int number) {
    this.number = number;
  }

  /**
   * The number that stands in the file.
   *
   * @return 1 or more; 0 for {@link #OTHER}
   */
  public int number() {
    return number;
  }

  static EntryKind of(int number) {
    for (EntryKind kind : values()) {
      if (kind.number == number) {
        return kind;
      }
    }
    return OTHER;
  }
}
