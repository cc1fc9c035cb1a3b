package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A decorator that only forwards. */
class ForwardingAllocatorTest {

  @Test
  void shouldChangeOnlyTheNameWhenItOnlyForwards() {
    Allocator inner = OuroborosAllocator.create();
    try (Plain plain = new Plain(inner)) {
      long block = plain.calloc(3, 10);
      assertThat(inner.usableSize(block)).isEqualTo(plain.usableSize(block));
      long moved = plain.realloc(block, 100);
      assertThat(plain.segment(moved, 100).address()).isEqualTo(moved);
      assertThat(plain.stats().liveBlocks()).isEqualTo(1);
      inner.free(moved);
      plain.free(plain.alignedAlloc(4096, 1));

      assertThat(plain.name()).isEqualTo("ouroboros_plain").isEqualTo(plain.stats().allocator());
      assertThat(plain.capabilities()).isEqualTo(inner.capabilities());
      assertThat(plain.inner()).isSameAs(inner);
      assertThat(plain.sharesBlocks()).isTrue();
      assertThat(plain.stats().liveBlocks()).isZero();
    }
  }

  private static final class Plain extends ForwardingAllocator {
    Plain(Allocator inner) {
      super(inner, inner.name() + "_plain");
    }
  }
}
