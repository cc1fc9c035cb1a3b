package org.ouroboros.allocator.budget;

import java.util.List;

/**
 * Why an allocation was refused: the chain of budgets that it would have been charged to, and which
 * of them has not enough left.
 *
 * @param budget the path of the budget that was asked
 * @param requestedBytes what was asked for
 * @param chargedBytes what would have been charged for it: at least that, as blocks come in sizes
 * @param refusedBy the path of the budget whose limit refuses it: the one that was asked, or one
 *     above it
 * @param levels the budgets, from the one that was asked up to the root, as they were when it was
 *     refused
 */
public record AllocationOutcome(
    String budget, long requestedBytes, long chargedBytes, String refusedBy, List<Level> levels) {

  /** Copies the list. */
  public AllocationOutcome {
    levels = List.copyOf(levels);
  }

  /**
   * A budget of the chain.
   *
   * @param path of the budget
   * @param reservationBytes what is guaranteed to it
   * @param limitBytes what it may have
   * @param allocatedBytes what is allocated in it and below
   */
  public record Level(String path, long reservationBytes, long limitBytes, long allocatedBytes) {}

  /**
   * The budget that refuses.
   *
   * @return its level
   */
  public Level refusing() {
    for (Level level : levels) {
      if (level.path.equals(refusedBy)) {
        return level;
      }
    }
    throw new IllegalStateException("no level has the path " + refusedBy);
  }

  /** A line for each level, without an end of line after the last. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(reason());
    for (Level level : levels) {
      text.append("\n  ").append(level.path).append(": ").append(level.allocatedBytes);
      text.append(" of ").append(Budget.bytes(level.limitBytes)).append(" allocated");
      if (level.reservationBytes > 0) {
        text.append(", ").append(level.reservationBytes).append(" reserved");
      }
      if (level.path.equals(refusedBy)) {
        text.append(", refuses ").append(chargedBytes);
      }
    }
    return text.toString();
  }

  /** One sentence. */
  String reason() {
    Level level = refusing();
    return "the budget "
        + refusedBy
        + " has a limit of "
        + Budget.bytes(level.limitBytes)
        + ", of which "
        + level.allocatedBytes
        + " are allocated: free something, or raise the limit";
  }
}
