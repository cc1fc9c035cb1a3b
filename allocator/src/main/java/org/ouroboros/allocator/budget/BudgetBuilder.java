package org.ouroboros.allocator.budget;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/** Makes a {@link Budget}. Thread rule: one thread. */
public final class BudgetBuilder {

  static final BudgetListener NOBODY = new BudgetListener() {};

  final Allocator allocator;
  final @Nullable Budget parent;
  private final String name;
  private long reservation;
  private long limit = Long.MAX_VALUE;
  BudgetListener listener;
  LeakPolicy onLeak;
  int depth;

  BudgetBuilder(Allocator allocator, @Nullable Budget parent, String name) {
    if (name.isBlank() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "a budget cannot be called '" + name + "': a name is not blank and has no slash");
    }
    this.allocator = allocator;
    this.parent = parent;
    this.name = name;
    this.listener = parent == null ? NOBODY : parent.listener;
    this.onLeak = parent == null ? LeakPolicy.THROW : parent.onLeak;
    this.depth = parent == null || parent.noted == null ? 0 : parent.noted.depth();
  }

  String path() {
    return parent == null ? name : parent.name() + "/" + name;
  }

  /**
   * Guarantees memory to the budget: it is charged to the parent at once.
   *
   * @param bytes 0, the default, or more; not more than the limit
   * @return this
   */
  public BudgetBuilder reservation(long bytes) {
    this.reservation = bytes;
    return this;
  }

  /**
   * Sets what the budget may have, its children included.
   *
   * @param bytes 0 or more; by default {@link Long#MAX_VALUE}, which is no limit
   * @return this
   */
  public BudgetBuilder limit(long bytes) {
    this.limit = bytes;
    return this;
  }

  /**
   * Sets who is told of what happens.
   *
   * @param told by default the parent's
   * @return this
   */
  public BudgetBuilder listener(BudgetListener told) {
    this.listener = told;
    return this;
  }

  /**
   * Sets what closing does where something is left.
   *
   * @param policy by default the parent's, of a root {@link LeakPolicy#THROW}
   * @return this
   */
  public BudgetBuilder onLeak(LeakPolicy policy) {
    this.onLeak = policy;
    return this;
  }

  /**
   * Notes each live block with the stack of its allocation: for leak reports, and to find blocks
   * that are freed through the wrong budget. Costs a microsecond or more a call, and some hundred
   * bytes of Java heap a block.
   *
   * @param frames of a stack that are kept; 0 for no notes; by default as the parent
   * @return this
   */
  public BudgetBuilder noteStacks(int frames) {
    if (frames < 0) {
      throw new IllegalArgumentException("stacks of " + frames + " frames: 0 or more");
    }
    this.depth = frames;
    return this;
  }

  /**
   * Makes the budget.
   *
   * @return a new budget, to be closed by the caller
   * @throws BudgetExceededException if there is no room for the reservation; it names the budget
   *     that refuses
   * @throws IllegalArgumentException if the limit is less than the reservation, one is negative, or
   *     the parent has an open child of that name
   * @throws IllegalStateException if the parent is closed
   */
  public Budget open() {
    checkLimit(path(), reservation, limit);
    Account above = parent == null ? null : parent.account;
    Budget made = new Budget(this, new Account(above, reservation, limit));
    if (parent != null) {
      parent.adopt(made, name);
      parent.listener.childAdded(parent, made);
    } else {
      made.updateCredit(Long.MAX_VALUE);
    }
    return made;
  }

  static void checkLimit(String path, long reservation, long limit) {
    if (reservation < 0 || limit < reservation) {
      throw new IllegalArgumentException(
          path
              + ": a reservation of "
              + reservation
              + " bytes and a limit of "
              + limit
              + ": neither may be negative, and the limit not less than the reservation");
    }
  }
}
