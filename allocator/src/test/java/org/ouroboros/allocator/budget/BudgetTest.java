package org.ouroboros.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.leak.LeakReport;

/** Reservations, limits, refusals, leaks and listeners of a tree of budgets. */
class BudgetTest {

  private final OuroborosAllocator allocator = OuroborosAllocator.create();
  private final Budget root = Budget.root(allocator, "app").limit(64 << 10).open();
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void closeAllocator() {
    allocator.close();
  }

  // ------------------------------------------------------------------- charging

  @Test
  void chargesWhatABlockTakes() {
    long block = root.malloc(100);
    assertThat(root.allocated()).isEqualTo(112);
    long larger = root.realloc(block, 1000);
    assertThat(root.allocated()).isEqualTo(1024);
    long zeroed = root.calloc(10, 16);
    long aligned = root.alignedAlloc(4096, 1);
    long least = 1024 + 160 + root.usableSize(aligned);
    assertThat(root.allocated()).isEqualTo(least);
    MemorySegment segment = root.allocate(30, 8);
    assertThat(root.allocated()).isEqualTo(least + 32);
    assertThat(root.stats().liveBlocks()).isEqualTo(4);
    assertThat(root.stats().liveBytes()).isEqualTo(least + 32);

    root.free(segment);
    root.free(aligned);
    root.free(zeroed);
    root.free(larger);
    assertThat(root.allocated()).isZero();
    assertThat(root.peak()).isEqualTo(least + 32);
    root.close();
  }

  @Test
  void chargesTheReservationFirstAndThenTheParent() {
    Budget child = root.child("a").reservation(1024).limit(4096).open();
    assertThat(root.allocated()).isEqualTo(1024);
    assertThat(child.allocated()).isZero();
    assertThat(child.headroom()).isEqualTo(4096);

    long within = child.malloc(1024);
    assertThat(root.allocated()).isEqualTo(1024);
    long beyond = child.malloc(512);
    assertThat(root.allocated()).isEqualTo(1536);
    assertThat(child.allocated()).isEqualTo(1536);
    child.free(within);
    assertThat(root.allocated()).isEqualTo(1024);
    child.free(beyond);
    child.close();
    assertThat(root.allocated()).isZero();
    root.close();
  }

  @Test
  void headroomIsTheLeastOfTheChainAndTheReservation() {
    Budget child = root.child("a").reservation(8 << 10).limit(1 << 20).open();
    Budget sibling = root.child("b").open();
    assertThat(child.headroom()).isEqualTo(64 << 10);
    long block = sibling.malloc(48 << 10);
    assertThat(child.headroom()).isEqualTo(16 << 10);
    assertThat(sibling.headroom()).isEqualTo(8 << 10);
    sibling.free(block);
  }

  @Test
  void aChargeWithoutABlockCounts() {
    root.charge(1000);
    assertThat(root.allocated()).isEqualTo(1000);
    assertThatExceptionOfType(BudgetLeakException.class).isThrownBy(root::close);
    assertThatExceptionOfType(BudgetExceededException.class)
        .isThrownBy(() -> root.charge(64 << 10));
    assertThatIllegalStateException().isThrownBy(() -> root.release(1001));
    assertThatIllegalArgumentException().isThrownBy(() -> root.charge(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> root.release(-1));
    assertThat(root.allocated()).isEqualTo(1000);
    root.release(1000);
    root.close();
  }

  // -------------------------------------------------------------------- refusal

  @Test
  void aRefusalNamesTheAncestorAndChangesNothing() {
    Budget middle = root.child("m").limit(8 << 10).open();
    Budget leaf = middle.child("leaf").reservation(1024).limit(1 << 20).open();
    long block = leaf.malloc(4096);
    String before = root.snapshot().toString();

    assertThatExceptionOfType(BudgetExceededException.class)
        .isThrownBy(() -> leaf.malloc(5000))
        .satisfies(
            e -> {
              AllocationOutcome outcome = e.outcome();
              assertThat(e.requestedBytes()).isEqualTo(5000);
              assertThat(e.allocator()).isEqualTo("app/m/leaf");
              assertThat(outcome.refusedBy()).isEqualTo("app/m");
              assertThat(outcome.refusing().limitBytes()).isEqualTo(8 << 10);
              assertThat(outcome.refusing().allocatedBytes()).isEqualTo(4096);
              assertThat(outcome.chargedBytes()).isEqualTo(5120);
              assertThat(outcome.levels()).hasSize(3);
            })
        .withMessageContaining("app/m/leaf: cannot allocate 5000 bytes")
        .withMessageContaining("the budget app/m has a limit of 8192 bytes, of which 4096");

    assertThat(root.snapshot().toString()).isEqualTo(before);
    long fits = leaf.malloc(4096);
    leaf.free(fits);
    leaf.free(block);
  }

  @Test
  void aFailureUnderneathChangesNothing() {
    Budget free = Budget.root(allocator, "free").open();
    long block = free.malloc(100);
    assertThatExceptionOfType(AllocationFailedException.class)
        .isThrownBy(() -> free.malloc(1L << 50))
        .isNotInstanceOf(BudgetExceededException.class)
        .satisfies(e -> assertThat(e.allocator()).isEqualTo("free"));
    assertThatExceptionOfType(AllocationFailedException.class)
        .isThrownBy(() -> free.realloc(block, 1L << 50));
    assertThat(free.allocated()).isEqualTo(112);
    assertThat(free.stats().liveBlocks()).isEqualTo(1);
    free.free(block);
    assertThat(free.allocated()).isZero();
  }

  @Test
  void creditOfOthersIsTakenBackBeforeARefusal() throws Exception {
    Budget large = Budget.root(allocator, "large").limit(1L << 30).open();
    Budget one = large.child("one").open();
    Budget other = large.child("other").limit(1L << 30).open();
    one.free(one.malloc(100)); // leaves credit there
    Thread thread = Thread.ofPlatform().start(() -> one.free(one.malloc(100)));
    thread.join();
    assertThat(large.account.charged()).as("credit").isPositive();
    assertThat(large.allocated()).isZero();

    long all = other.malloc(1L << 30);
    assertThat(large.headroom()).isZero();
    assertThatExceptionOfType(BudgetExceededException.class)
        .isThrownBy(() -> one.malloc(1))
        .satisfies(e -> assertThat(e.outcome().refusedBy()).isEqualTo("large"));
    other.free(all);
    one.close();
    other.close();
    assertThat(large.allocated()).isZero();
  }

  @Test
  void aLimitCanBeChanged() {
    long block = root.malloc(32 << 10);
    root.setLimit(16 << 10);
    assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> root.malloc(1));
    assertThat(root.headroom()).isZero();
    root.setLimit(1L << 40);
    root.free(root.malloc(1 << 20));
    Budget child = root.child("a").reservation(100).open();
    assertThatIllegalArgumentException().isThrownBy(() -> child.setLimit(99));
    root.free(block);
  }

  @Test
  void aReallocThatIsRefusedLeavesTheBlock() {
    for (String name : List.of("ouroboros", "libc", "ouroboros_debug")) {
      Budget budget = Budget.root(Allocators.of(name), name).limit(10_000).open();
      long block = budget.malloc(4000);
      budget.segment(block, 4000).fill((byte) 7);
      long before = budget.allocated();
      assertThatExceptionOfType(BudgetExceededException.class)
          .isThrownBy(() -> budget.realloc(block, 20_000));
      assertThat(budget.allocated()).isEqualTo(before);
      assertThat(budget.segment(block, 4000).get(ValueLayout.JAVA_BYTE, 3999)).isEqualTo((byte) 7);
      long shrunk = budget.realloc(block, 10);
      budget.free(shrunk);
      assertThat(budget.allocated()).as(name).isZero();
      budget.close();
    }
  }

  /** Hands out more than is asked for, as no library does. */
  private static final class Generous extends ForwardingAllocator {
    private long factor = 1;

    Generous() {
      super(OuroborosAllocator.create(), "generous");
    }

    @Override
    public boolean sharesBlocks() {
      return false;
    }

    @Override
    public long malloc(long size) {
      return super.malloc(size * factor);
    }

    @Override
    public long realloc(long address, long size) {
      return super.realloc(address, size * factor);
    }
  }

  @Test
  void whatABlockTakesBeyondWhatWasAskedForIsRefusedToo() {
    Generous generous = new Generous();
    Budget budget = Budget.root(generous, "b").limit(4096).open();
    generous.factor = 8;
    assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> budget.malloc(1024));
    assertThat(budget.allocated()).isZero();
    assertThat(generous.stats().liveBlocks()).isZero();
    long block = budget.malloc(128);
    assertThat(budget.allocated()).isEqualTo(1024);

    // There is no room for what it may become: so a new block is taken, that is refused in time.
    assertThatExceptionOfType(BudgetExceededException.class)
        .isThrownBy(() -> budget.realloc(block, 512));
    assertThat(budget.allocated()).isEqualTo(1024);
    long moved = budget.realloc(block, 256);
    assertThat(budget.allocated()).isEqualTo(2048);
    budget.free(moved);

    // Where there seems to be room, what is more than twice as large is charged all the same.
    budget.setLimit(1 << 20);
    generous.factor = 1000;
    long huge = budget.realloc(budget.malloc(16), 500);
    assertThat(budget.allocated()).isGreaterThanOrEqualTo(500_000);
    budget.free(huge);
    assertThat(budget.allocated()).isZero();
    budget.close();
  }

  // -------------------------------------------------------------------- closing

  @Test
  void aBudgetWithBlocksCannotBeClosed() {
    Budget child = root.child("a").reservation(2048).noteStacks(8).open();
    long block = child.malloc(100);
    assertThatExceptionOfType(BudgetLeakException.class)
        .isThrownBy(child::close)
        .withMessageContaining("app/a: the budget cannot be closed, and stays open")
        .withMessageContaining("1 block (112 bytes) live")
        .withMessageContaining("BudgetTest.aBudgetWithBlocksCannotBeClosed")
        .satisfies(e -> assertThat(e.report().groups()).hasSize(1));
    assertThatExceptionOfType(BudgetLeakException.class)
        .isThrownBy(root::close)
        .satisfies(e -> assertThat(e.openChildren()).containsExactly("app/a"));
    child.free(child.malloc(10));
    assertThat(child.allocated()).isEqualTo(112);
    child.free(block);
    child.close();
    assertThatCode(child::close).doesNotThrowAnyException();
    assertThat(root.children()).isEmpty();
    root.close();
    assertThatIllegalStateException().isThrownBy(() -> allocator.malloc(1));
  }

  @Test
  void anEmptyBlockIsABlock() {
    Budget exact = Budget.root(Allocators.of("ouroboros_debug"), "exact").open();
    long empty = exact.malloc(0);
    assertThat(exact.allocated()).isZero();
    assertThatExceptionOfType(BudgetLeakException.class).isThrownBy(exact::close);
    exact.free(empty);
    exact.close();
  }

  @Test
  void aReportingBudgetClosesAndGivesBack() {
    BudgetListener listener =
        new BudgetListener() {
          @Override
          public void leaked(Budget budget, LeakReport report) {
            told.add(report.owner() + " " + report.count() + " " + report.bytes());
          }
        };
    Budget child =
        root.child("a").reservation(2048).listener(listener).onLeak(LeakPolicy.REPORT).open();
    Budget below = child.child("b").open();
    long left = below.malloc(4096);
    long other = child.malloc(16);
    assertThat(root.allocated()).isEqualTo(4112);

    child.close();
    assertThat(told).containsExactly("app/a/b 1 4096", "app/a 1 16");
    assertThat(root.allocated()).isZero();
    assertThatIllegalStateException().isThrownBy(() -> below.free(left));
    assertThatIllegalStateException().isThrownBy(() -> child.free(other));
    assertThatIllegalStateException().isThrownBy(() -> child.malloc(1));
    assertThatIllegalStateException()
        .isThrownBy(() -> child.child("c").open())
        .withMessageContaining("app/a is closed");
    allocator.free(left);
    allocator.free(other);
    root.close();
  }

  @Test
  void badChildrenAreRefused() {
    Budget child = root.child("a").open();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> root.child("a").open())
        .withMessageContaining("app/a already");
    assertThatIllegalArgumentException().isThrownBy(() -> root.child("b").limit(-1).open());
    assertThatIllegalArgumentException().isThrownBy(() -> root.child("b").reservation(-1).open());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> root.child("b").reservation(10).limit(9).open());
    assertThatIllegalArgumentException().isThrownBy(() -> root.child(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> root.child("x/y"));
    assertThatExceptionOfType(BudgetExceededException.class)
        .isThrownBy(() -> root.child("b").reservation(65 << 10).open())
        .satisfies(e -> assertThat(e.outcome().refusedBy()).isEqualTo("app"));
    assertThat(root.children()).containsExactly(child);
    assertThat(root.allocated()).isZero();
    child.close();
    root.child("a").open().close();
    root.close();
  }

  // ------------------------------------------------------------------- transfer

  @Test
  void aBlockIsTransferred() {
    Budget one = root.child("one").reservation(1024).open();
    Budget other = root.child("other").limit(2048).noteStacks(4).open();
    long block = one.malloc(1000);
    one.transfer(block, other);
    assertThat(one.allocated()).isZero();
    assertThat(other.allocated()).isEqualTo(1024);
    assertThat(other.liveBlocks()).hasSize(1);
    long large = one.malloc(4096);
    assertThatExceptionOfType(BudgetExceededException.class)
        .isThrownBy(() -> one.transfer(large, other))
        .satisfies(e -> assertThat(e.outcome().refusedBy()).isEqualTo("app/other"));
    assertThat(one.allocated()).isEqualTo(4096);
    assertThatExceptionOfType(InvalidFreeException.class).isThrownBy(() -> other.free(large));
    Budget stranger = Budget.root(allocator, "stranger").open();
    assertThatIllegalArgumentException().isThrownBy(() -> one.transfer(large, stranger));
    other.free(block);
    one.free(large);
    one.close();
    other.close();
    root.close();
  }

  // ------------------------------------------------------------------ listeners

  @Test
  void aListenerIsToldAndMayVeto() {
    boolean[] veto = new boolean[1];
    BudgetListener listener =
        new BudgetListener() {
          @Override
          public void beforeAllocation(Budget budget, long bytes) {
            told.add("before " + budget.name() + " " + bytes);
            if (veto[0]) {
              throw new UnsupportedOperationException("veto");
            }
          }

          @Override
          public void afterAllocation(Budget budget, long address, long bytes) {
            told.add("after " + bytes);
            if (bytes == 48) {
              throw new UnsupportedOperationException("after");
            }
          }

          @Override
          public void afterRelease(Budget budget, long bytes) {
            told.add("release " + bytes);
          }

          @Override
          public void childAdded(Budget parent, Budget child) {
            told.add("added " + child.name());
          }

          @Override
          public void childRemoved(Budget parent, Budget child) {
            told.add("removed " + child.name());
          }
        };
    Budget heard = Budget.root(allocator, "heard").listener(listener).open();
    Budget child = heard.child("a").open();
    child.free(child.malloc(20));
    veto[0] = true;
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> child.malloc(30));
    veto[0] = false;
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> child.malloc(40));
    assertThat(child.allocated()).isZero();
    assertThat(child.stats().liveBlocks()).isZero();
    child.close();
    assertThat(told)
        .containsExactly(
            "added heard/a",
            "before heard/a 20",
            "after 32",
            "release 32",
            "before heard/a 30",
            "before heard/a 40",
            "after 48",
            "removed heard/a");
  }

  @Test
  void aListenerMayFreeAndAskForARetry() {
    List<Long> cache = new ArrayList<>();
    Budget[] budget = new Budget[1];
    BudgetListener listener =
        new BudgetListener() {
          @Override
          public boolean onFailure(AllocationOutcome outcome) {
            told.add(outcome.refusedBy());
            if (!cache.isEmpty()) {
              budget[0].free(cache.removeLast());
            }
            return true;
          }
        };
    budget[0] = Budget.root(allocator, "cached").limit(8192).listener(listener).open();
    cache.add(budget[0].malloc(4096));
    cache.add(budget[0].malloc(4096));
    long block = budget[0].malloc(8192);
    assertThat(told).containsExactly("cached", "cached");
    assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> budget[0].malloc(1));
    assertThat(told).hasSize(2 + Budget.MAX_RETRIES);
    budget[0].free(block);
    budget[0].close();
  }

  // -------------------------------------------------------------------- figures

  @Test
  void theTreeIsText() {
    Budget child = root.child("a").reservation(1024).limit(4096).open();
    Budget below = child.child("b").open();
    long block = below.malloc(2048);
    assertThat(root.toString())
        .isEqualTo(
            """
            app: 2048 of 65536 bytes, peak 2048, own 0 in 0 blocks
              app/a: 2048 of 4096 bytes, peak 2048, reserved 1024, own 0 in 0 blocks
                app/a/b: 2048 of no limit, peak 2048, own 2048 in 1 blocks\
            """);
    BudgetStats stats = root.snapshot().children().getFirst();
    assertThat(stats.headroom()).isEqualTo(2048);
    assertThat(stats.children().getFirst().liveBlocks()).isEqualTo(1);
    AllocatorStats own = root.stats();
    assertThat(own.liveBlocks()).isZero();
    assertThat(below.parent()).isSameAs(child);
    below.free(block);
    assertThat(root.allocated()).isEqualTo(1024);
  }

  @Test
  void aConfinedTreeRefusesOtherThreads() throws Exception {
    Allocator view = allocator.confined();
    Budget confined = Budget.root(view, "confined").open();
    Budget child = confined.child("a").open();
    long block = child.malloc(10);
    List<Throwable> thrown = new ArrayList<>();
    Thread.ofPlatform()
        .start(
            () -> {
              assertThatExceptionOfType(WrongThreadException.class)
                  .isThrownBy(() -> child.malloc(10));
              assertThatExceptionOfType(WrongThreadException.class)
                  .isThrownBy(() -> child.free(block));
              assertThatExceptionOfType(WrongThreadException.class).isThrownBy(child::close);
              assertThatExceptionOfType(WrongThreadException.class)
                  .isThrownBy(() -> child.child("b").open());
              assertThat(child.allocated()).isEqualTo(16);
              thrown.add(new Throwable("all seen"));
            })
        .join();
    assertThat(thrown).hasSize(1);
    child.free(block);
    child.close();
    confined.close();
  }
}
