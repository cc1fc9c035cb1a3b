package org.ouroboros.allocator.budget;

/** What closing a budget does where blocks, charges or children are left. */
public enum LeakPolicy {
  /** {@link BudgetLeakException}: the budget stays as it was, and can be used. */
  THROW,
  /**
   * The children are closed, {@link BudgetListener#leaked} is told, and the budget is closed. What
   * was charged is given back to the budgets above, although the blocks are still there: only the
   * allocator underneath can free them.
   */
  REPORT
}
