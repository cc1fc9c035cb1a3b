package org.ouroboros.collector.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.budget.Budget;
import org.ouroboros.allocator.budget.BudgetExceededException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** A heap charges what its objects take to a budget. */
class HeapBudgetTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType BYTES = ObjectType.array("bytes", ValueLayout.JAVA_BYTE);

  /** Above what a heap charges without using it: a chunk, and one that is not given back yet. */
  private static final long CHUNKS = 3 * (64 << 10);

  private final Budget root = Budget.root(OuroborosAllocator.create(), "app").limit(1 << 20).open();
  private final Budget budget = root.child("heap").open();

  @AfterEach
  void allIsGivenBack() {
    assertThat(root.allocated()).isZero();
    budget.close();
    root.close();
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void objectsAreChargedAndGivenBack(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withBudget(budget))) {
      assertThat(budget.allocated()).isZero();
      List<Long> owned = new ArrayList<>();
      for (int i = 0; i < 8000; i++) {
        owned.add(heap.allocate(NODE));
        assertCovers(heap);
      }
      long most = budget.allocated();
      assertThat(most).isLessThanOrEqualTo(heap.stats().liveBytes() + CHUNKS);
      owned.forEach(heap::release);
      heap.collector().collect();
      assertCovers(heap);
      assertThat(heap.stats().liveBytes()).isZero();
      assertThat(budget.allocated()).isLessThanOrEqualTo(CHUNKS);
      Spaces.verify(heap);
    }
  }

  private void assertCovers(Heap heap) {
    assertThat(budget.allocated()).isGreaterThanOrEqualTo(heap.stats().liveBytes());
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void anExhaustedBudgetCollectsFirstAndThenNamesWhoRefuses(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withName("ours").withBudget(budget))) {
      heap.collector().disable();
      for (int i = 0; i < 100; i++) {
        long node = heap.allocate(NODE);
        heap.setRef(node, 0, node);
        long big = heap.allocate(BYTES, 100_000);
        heap.setRef(node, 1, big);
        heap.release(big);
        heap.release(node);
      }
      assertThat(heap.collector().stats().get(2).collections()).isPositive();
      long held = heap.allocate(BYTES, 400_000);
      assertThatExceptionOfType(HeapExhaustedException.class)
          .isThrownBy(() -> heap.allocate(BYTES, 1 << 20))
          .withCauseInstanceOf(BudgetExceededException.class)
          .withMessageContaining("ours: no room")
          .withMessageContaining("the budget app has a limit of 1048576 bytes")
          .satisfies(e -> assertThat(e.requestedBytes()).isGreaterThan(1 << 20));
      assertThat(heap.stats().liveObjects()).isEqualTo(1);
      heap.release(held);
      Spaces.verify(heap);
    }
  }

  @Test
  void aHeapGetsTheLastByte() {
    root.setLimit(1_000_000); // no whole number of chunks
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withBudget(budget))) {
      heap.collector().disable();
      int made = 0;
      try {
        for (; ; made++) {
          heap.allocate(NODE);
        }
      } catch (HeapExhaustedException e) {
        assertThat(made * 16).isEqualTo(1_000_000);
        assertThat(root.headroom()).isZero();
      }
    }
  }

  @Test
  void twoHeapsShareABudgetAndTheirOwnLimitsHold() {
    try (Heap one = Heap.ofConfined(HeapOptions.DEFAULT.withBudget(budget).withLimit(200_000));
        Heap other = Heap.ofConfined(HeapOptions.DEFAULT.withBudget(budget))) {
      assertThatExceptionOfType(HeapExhaustedException.class)
          .isThrownBy(() -> one.allocate(BYTES, 200_000))
          .withStackTraceContaining("its limit is reached");
      long mine = one.allocate(BYTES, 150_000);
      long theirs = other.allocate(BYTES, 800_000);
      assertThatExceptionOfType(HeapExhaustedException.class)
          .isThrownBy(() -> other.allocate(BYTES, 100_000));
      one.release(mine);
      one.collector().collect();
      other.release(other.allocate(BYTES, 100_000));
      other.release(theirs);
    }
  }

  @Test
  void whatIsChargedIsWhatIsUsedWhateverHappens() {
    Random random = new Random(7);
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withBudget(budget))) {
      List<Long> owned = new ArrayList<>();
      for (int i = 0; i < 50_000; i++) {
        if (random.nextInt(100) < 55) {
          try {
            owned.add(
                random.nextInt(20) == 0
                    ? heap.allocate(BYTES, random.nextInt(20_000))
                    : heap.allocate(NODE));
          } catch (HeapExhaustedException e) {
            owned.forEach(heap::release);
            owned.clear();
          }
        } else if (!owned.isEmpty()) {
          heap.release(owned.remove(random.nextInt(owned.size())));
        }
        if (i % 1000 == 0) {
          heap.collector().collect();
          long live = heap.stats().liveBytes();
          assertThat(budget.allocated()).isBetween(live, live + CHUNKS);
        }
      }
    }
  }
}
