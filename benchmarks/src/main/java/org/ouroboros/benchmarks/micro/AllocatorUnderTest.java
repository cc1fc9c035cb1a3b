package org.ouroboros.benchmarks.micro;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.budget.Budget;

/**
 * An allocator by its name in the benchmarks, see {@link AllocatorBenchmark}.
 *
 * @param allocator what is called
 * @param owners what is closed with it, in that order
 */
record AllocatorUnderTest(Allocator allocator, List<Allocator> owners) implements AutoCloseable {

  /** The confined view of the default allocator. */
  static final String CONFINED = "ouroboros-confined";

  /** The shared face of the default allocator. */
  static final String SHARED = "ouroboros";

  /** Behind a C library's name: all its functions by critical downcalls. */
  static final String CRITICAL_SUFFIX = "-critical";

  /** Behind a name, and followed by a digit: a budget of that depth over the allocator. */
  static final String BUDGET_SUFFIX = "-budget";

  /**
   * Opens one for the calling thread.
   *
   * @throws org.ouroboros.allocator.AllocatorUnavailableException if it cannot be had
   */
  static AllocatorUnderTest open(String name) {
    int budget = name.lastIndexOf(BUDGET_SUFFIX);
    if (budget > 0) {
      int depth = Integer.parseInt(name.substring(budget + BUDGET_SUFFIX.length()));
      return withBudget(open(name.substring(0, budget)), depth);
    }
    if (name.equals(CONFINED)) {
      OuroborosAllocator shared = OuroborosAllocator.create();
      Allocator view = shared.confined();
      return new AllocatorUnderTest(view, List.of(view, shared));
    }
    Allocator only =
        name.endsWith(CRITICAL_SUFFIX)
            ? CriticalLibrary.open(name.substring(0, name.length() - CRITICAL_SUFFIX.length()))
            : Allocators.of(name);
    return new AllocatorUnderTest(only, List.of(only));
  }

  private static AllocatorUnderTest withBudget(AllocatorUnderTest of, int depth) {
    List<Allocator> owners = new ArrayList<>(of.owners);
    Budget budget = Budget.root(of.allocator, "1").limit(1L << 40).open();
    owners.addFirst(budget);
    for (int level = 2; level <= depth; level++) {
      budget = budget.child(String.valueOf(level)).limit(1L << 40).open();
      owners.addFirst(budget);
    }
    return new AllocatorUnderTest(budget, owners);
  }

  /** Closes the owners. */
  @Override
  public void close() {
    owners.forEach(Allocator::close);
  }
}
