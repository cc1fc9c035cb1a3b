package org.ouroboros.allocator.budget;

import org.ouroboros.allocator.AllocationFailedException;

/**
 * A request that a budget refuses, or one above it. Nothing has changed: all budgets of the chain
 * are charged what they were before.
 */
public final class BudgetExceededException extends AllocationFailedException {

  private static final long serialVersionUID = 1L;

  private final transient AllocationOutcome outcome;

  /**
   * Makes one.
   *
   * @param outcome who refuses what
   */
  public BudgetExceededException(AllocationOutcome outcome) {
    super(outcome.budget(), outcome.requestedBytes(), outcome.toString(), null);
    this.outcome = outcome;
  }

  /**
   * Who refuses what.
   *
   * @return the chain of budgets, with their limits and what was allocated then
   */
  public AllocationOutcome outcome() {
    return outcome;
  }
}
