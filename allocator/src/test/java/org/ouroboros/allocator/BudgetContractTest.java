package org.ouroboros.allocator;

import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.ouroboros.allocator.budget.Budget;
import org.ouroboros.allocator.budget.BudgetListener;
import org.ouroboros.allocator.budget.LeakPolicy;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.region.RegionAllocator;

/** The contract on budgets over everything there is; blocks may be left when they are closed. */
class BudgetContractTest {

  /** Says nothing of blocks that are left: the contract closes with live blocks. */
  private static final BudgetListener QUIET =
      new BudgetListener() {
        @Override
        public void leaked(Budget budget, LeakReport report) {}
      };

  private static Budget root(Allocator allocator) {
    return Budget.root(allocator, "root").listener(QUIET).onLeak(LeakPolicy.REPORT).open();
  }

  private static Allocator available(String name) {
    try {
      return Allocators.of(name);
    } catch (AllocatorUnavailableException e) {
      return abort(e.getMessage());
    }
  }

  /** Without a listener, so that the short cuts are taken. */
  abstract static class Quick extends AllocatorContractTest {

    private Budget root;

    abstract Allocator underneath();

    @Override
    protected Allocator create() {
      root = Budget.root(underneath(), "root").onLeak(LeakPolicy.REPORT).open();
      return root.child("a").open().child("b").limit(1L << 40).open();
    }

    @AfterEach
    void closeRoot() {
      root.close();
    }
  }

  @Nested
  class RootOverOuroboros extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return root(OuroborosAllocator.create());
    }
  }

  @Nested
  class GrandchildOverOuroboros extends Quick {
    @Override
    Allocator underneath() {
      return OuroborosAllocator.create();
    }
  }

  @Nested
  class GrandchildOverLibc extends Quick {
    @Override
    Allocator underneath() {
      return available("libc");
    }
  }

  @Nested
  class GrandchildOverMimalloc extends Quick {
    @Override
    Allocator underneath() {
      return available("mimalloc");
    }
  }

  @Nested
  class GrandchildOverDebug extends Quick {
    @Override
    Allocator underneath() {
      return Allocators.of("ouroboros_debug");
    }
  }

  @Nested
  class GrandchildOverRegion extends Quick {
    @Override
    Allocator underneath() {
      return RegionAllocator.create();
    }
  }

  @Nested
  class OverConfinedView extends Quick {
    private OuroborosAllocator shared;

    @Override
    Allocator underneath() {
      shared = OuroborosAllocator.create();
      return shared.confined();
    }

    @AfterEach
    void closeShared() {
      shared.close();
    }
  }

  @Nested
  class WithReservationsAndLimits extends AllocatorContractTest {
    private Budget root;

    @Override
    protected Allocator create() {
      root = root(OuroborosAllocator.create());
      Budget middle = root.child("a").reservation(1 << 20).limit(161 << 20).open();
      return middle.child("b").reservation(1 << 16).limit(160 << 20).open();
    }

    @AfterEach
    void closeRoot() {
      root.close();
    }
  }

  @Nested
  class WithNotedBlocks extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return Budget.root(OuroborosAllocator.create(), "root")
          .listener(QUIET)
          .onLeak(LeakPolicy.REPORT)
          .noteStacks(4)
          .open();
    }
  }

  @Nested
  class DebugAround extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return DebugAllocator.wrap(root(OuroborosAllocator.create()));
    }
  }
}
