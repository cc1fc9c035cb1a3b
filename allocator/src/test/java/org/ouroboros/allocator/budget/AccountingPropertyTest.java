package org.ouroboros.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.OuroborosAllocator;

/**
 * Random trees, random calls by several threads: no budget is ever charged more than its limit, and
 * at the end every sum is exact.
 */
class AccountingPropertyTest {

  private static final int THREADS = 3;
  private static final int CALLS = 3000;

  /** A block, and the budget that it belongs to. */
  private record Held(Budget budget, long address, long bytes) {}

  @Property(tries = 60)
  void sumsAreExactAndLimitsAreKept(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      List<Budget> tree = tree(allocator, random);
      List<List<Held>> held = new ArrayList<>();
      AtomicBoolean ended = new AtomicBoolean();
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
        Future<?> watcher = threads.submit(() -> watch(tree, ended));
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          List<Held> own = new ArrayList<>();
          held.add(own);
          Random ofThread = new Random(seed + i);
          workers.add(threads.submit(() -> run(tree, own, ofThread)));
        }
        for (Future<?> worker : workers) {
          worker.get();
        }
        ended.set(true);
        watcher.get();
      }
      verify(tree, held);
      for (List<Held> blocks : held) {
        blocks.forEach(block -> block.budget.free(block.address));
      }
      verify(tree, List.of());
      tree.getFirst().setLimit(Long.MAX_VALUE);
      for (Budget budget : tree.reversed()) {
        budget.close();
      }
      assertThat(tree.getFirst().account.charged()).isZero();
    }
  }

  /** Some limits are low, so that they are reached and there is no credit, others are not. */
  private static List<Budget> tree(OuroborosAllocator allocator, Random random) {
    List<Budget> tree = new ArrayList<>();
    tree.add(Budget.root(allocator, "root").limit(limit(random)).open());
    int size = 1 + random.nextInt(8);
    while (tree.size() <= size) {
      Budget parent = tree.get(random.nextInt(tree.size()));
      long reservation = random.nextBoolean() ? 0 : random.nextLong(parent.headroom() / 4 + 1);
      BudgetBuilder child =
          parent.child("c" + tree.size()).limit(Math.max(reservation, limit(random)));
      if (random.nextInt(8) == 0) {
        child.noteStacks(1);
      }
      tree.add(child.reservation(reservation).open());
    }
    return tree;
  }

  private static long limit(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Long.MAX_VALUE;
      case 1 -> 20_000 + random.nextInt(200_000);
      default -> 1L << 20 + random.nextInt(6);
    };
  }

  private static void run(List<Budget> tree, List<Held> held, Random random) {
    for (int i = 0; i < CALLS; i++) {
      Budget budget = tree.get(random.nextInt(tree.size()));
      int what = random.nextInt(16);
      try {
        if (what < 8 || held.isEmpty()) {
          long size = size(random);
          long address =
              switch (what & 3) {
                case 0 -> budget.calloc(1, size);
                case 1 -> budget.alignedAlloc(64, size);
                default -> budget.malloc(size);
              };
          held.add(new Held(budget, address, budget.usableSize(address)));
        } else {
          int at = random.nextInt(held.size());
          Held block = held.get(at);
          if (what < 13) {
            held.remove(at);
            block.budget.free(block.address);
          } else if (what < 15) {
            long resized = block.budget.realloc(block.address, size(random));
            held.set(at, new Held(block.budget, resized, block.budget.usableSize(resized)));
          } else {
            block.budget.transfer(block.address, budget);
            held.set(at, new Held(budget, block.address, block.bytes));
          }
        }
      } catch (AllocationFailedException e) {
        assertThat(e).isInstanceOf(BudgetExceededException.class);
      }
    }
  }

  private static long size(Random random) {
    return random.nextLong(1L << 1 + random.nextInt(random.nextInt(10) == 0 ? 19 : 12));
  }

  private static void watch(List<Budget> tree, AtomicBoolean ended) {
    while (!ended.get()) {
      for (Budget budget : tree) {
        assertThat(budget.account.charged()).isLessThanOrEqualTo(budget.limit());
      }
      Thread.onSpinWait();
    }
  }

  private static void verify(List<Budget> tree, List<List<Held>> held) {
    for (Budget budget : tree.reversed()) {
      long own = 0;
      long blocks = 0;
      for (List<Held> blocksOfThread : held) {
        for (Held block : blocksOfThread) {
          own += block.budget == budget ? block.bytes : 0;
          blocks += block.budget == budget ? 1 : 0;
        }
      }
      long expected = own;
      for (Budget child : budget.children()) {
        expected += Math.max(child.allocated(), child.reservation());
      }
      assertThat(budget.allocated()).as(budget.name()).isEqualTo(expected);
      assertThat(budget.stats().liveBlocks()).as(budget.name()).isEqualTo(blocks);
      assertThat(budget.stats().liveBytes()).as(budget.name()).isEqualTo(own);
      assertThat(budget.peak()).isBetween(expected, budget.limit());
    }
  }
}
