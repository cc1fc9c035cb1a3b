package org.ouroboros.allocator.budget;

import org.ouroboros.allocator.leak.LeakReport;

/**
 * Is told of what happens to a budget. A child has its parent's listener, unless it is given its
 * own. Every method does nothing here.
 *
 * <p>Thread rule: called by the thread that allocates, frees or closes; so from any thread, and
 * from several at once. No lock is held meanwhile: a listener may use the budget.
 *
 * <p>Cost: that of the calls, and of asking each new block for its size.
 */
public interface BudgetListener {

  /**
   * Before an allocation, and before a block grows. What this throws reaches the caller, and
   * nothing is allocated: a veto.
   *
   * @param budget that is asked
   * @param bytes what is asked for
   */
  default void beforeAllocation(Budget budget, long bytes) {}

  /**
   * An allocation is refused by a budget. The listener may free something, or raise a limit, and
   * ask for another attempt; after {@value Budget#MAX_RETRIES} of them the allocation fails.
   *
   * @param outcome who refuses what, and why
   * @return whether to try again
   */
  default boolean onFailure(AllocationOutcome outcome) {
    return false;
  }

  /**
   * A block was allocated, taken over from another budget, or resized. If this throws, a new block
   * is freed again and the caller gets what was thrown; a resized one, or one that was taken over,
   * stays as it is, and the exception is passed on.
   *
   * @param budget that is charged
   * @param address the block
   * @param bytes what it is charged with
   */
  default void afterAllocation(Budget budget, long address, long bytes) {}

  /**
   * A block was freed, or handed over to another budget. What this throws reaches the caller; the
   * block is freed all the same.
   *
   * @param budget that was charged
   * @param bytes what it has back
   */
  default void afterRelease(Budget budget, long bytes) {}

  /**
   * A child was made. Told to the parent's listener.
   *
   * @param parent the budget
   * @param child the new one
   */
  default void childAdded(Budget parent, Budget child) {}

  /**
   * A child was closed. Told to the parent's listener.
   *
   * @param parent the budget
   * @param child the closed one
   */
  default void childRemoved(Budget parent, Budget child) {}

  /**
   * A budget with {@link LeakPolicy#REPORT} was closed, and blocks or charges were left. Where this
   * is not overridden it prints the report to the error output.
   *
   * @param budget that was closed
   * @param report what was left
   */
  default void leaked(Budget budget, LeakReport report) {
    System.err.println(report);
  }
}
