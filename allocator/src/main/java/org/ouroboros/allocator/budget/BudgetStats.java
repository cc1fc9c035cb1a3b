package org.ouroboros.allocator.budget;

import java.util.List;

/**
 * A budget and those below it, at one moment. While others allocate, the figures need not be of one
 * instant. All sizes are in bytes.
 *
 * @param path the names from the root down, with slashes between
 * @param reservation what is guaranteed to it, and charged to the parent while it is open
 * @param limit what it may have, the children included
 * @param allocated what it has: its own blocks and charges, and of each child what is allocated
 *     there, but at least its reservation
 * @param peak the most that {@code allocated} has been; see {@link Budget#peak}
 * @param headroom what could be allocated now before this budget, or one above, refuses
 * @param ownBytes of {@code allocated}, what is not the children's
 * @param liveBlocks blocks of its own that are not freed
 * @param children the budgets below, in the order in which they were made
 */
public record BudgetStats(
    String path,
    long reservation,
    long limit,
    long allocated,
    long peak,
    long headroom,
    long ownBytes,
    long liveBlocks,
    List<BudgetStats> children) {

  /** Copies the list. */
  public BudgetStats {
    children = List.copyOf(children);
  }

  /** The tree as text: a line for each budget, children indented below their parent. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    append(text, 0);
    return text.toString();
  }

  private void append(StringBuilder text, int depth) {
    text.append("  ".repeat(depth)).append(path);
    text.append(": ").append(allocated).append(" of ").append(Budget.bytes(limit));
    text.append(", peak ").append(peak);
    if (reservation > 0) {
      text.append(", reserved ").append(reservation);
    }
    text.append(", own ").append(ownBytes).append(" in ").append(liveBlocks).append(" blocks");
    for (BudgetStats child : children) {
      child.append(text.append('\n'), depth + 1);
    }
  }
}
