package org.ouroboros.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.arena.Arenas;
import org.ouroboros.allocator.netty.OuroborosByteBufAllocator;

/** A budget behind arenas, buffers and code of the FFM API. */
class BudgetUsesTest {

  @Test
  void arenasAreCharged() {
    try (Budget budget = Budget.root(OuroborosAllocator.create(), "b").limit(8192).open()) {
      try (Arena arena = Arenas.ofConfined(budget)) {
        arena.allocate(4096);
        assertThat(budget.allocated()).isGreaterThanOrEqualTo(4096);
        assertThatExceptionOfType(BudgetExceededException.class)
            .isThrownBy(() -> arena.allocate(8192));
      }
      assertThat(budget.allocated()).isZero();
    }
  }

  @Test
  void nettysBuffersAreCharged() {
    try (Budget budget = Budget.root(OuroborosAllocator.create(), "b").limit(1 << 20).open()) {
      ByteBuf buffer = new OuroborosByteBufAllocator(budget, true).directBuffer(1000);
      assertThat(budget.allocated()).isGreaterThanOrEqualTo(1000);
      buffer.release();
      assertThat(budget.allocated()).isZero();
    }
  }

  @Test
  void segmentsAreCharged() {
    try (Budget budget = Budget.root(OuroborosAllocator.create(), "b").open()) {
      SegmentAllocator allocator = budget;
      var text = allocator.allocateFrom("ouroboros");
      assertThat(budget.allocated()).isEqualTo(16);
      budget.free(text);
    }
  }
}
