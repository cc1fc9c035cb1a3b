package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.source.MmapSource;

/** Where pages are taken from, and when they are given back; seen through large blocks. */
class PageReuseTest {

  private static final long PAGE = 64 << 10;

  private static final Duration NEVER = Duration.ofMillis(-1);

  /** So that a test that waits for something fails instead of hanging. */
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private OuroborosAllocator allocator = withPurgeDelay(NEVER);

  @AfterEach
  void close() {
    allocator.close();
  }

  private static OuroborosAllocator withPurgeDelay(Duration delay) {
    return OuroborosAllocator.builder().purgeDelay(delay).exactFreeChecks(true).build();
  }

  private void reopen(Duration delay) {
    allocator.close();
    allocator = withPurgeDelay(delay);
  }

  private long pages(long count) {
    return allocator.malloc(count * PAGE);
  }

  // Placing

  @Test
  void shouldTakeTheLowestRunThatFitsWhenThereAreHoles() {
    long a = pages(4);
    long b = pages(2);
    long c = pages(3);
    long d = pages(8);
    final long e = pages(2);
    assertThat(new long[] {b, c, d, e})
        .containsExactly(a + 4 * PAGE, a + 6 * PAGE, a + 9 * PAGE, a + 17 * PAGE);
    allocator.free(b);
    allocator.free(d);

    assertThat(pages(3)).isEqualTo(d);
    assertThat(pages(2)).isEqualTo(b);
    assertThat(pages(5)).isEqualTo(d + 3 * PAGE);
    assertThat(pages(2)).isEqualTo(e + 2 * PAGE);
    allocator.free(a);
    allocator.free(c);
    assertThat(pages(4)).isEqualTo(a);
  }

  @Test
  void shouldJoinNeighboursWhenAllAreFree() {
    long a = pages(2);
    final long b = pages(2);
    final long c = pages(2);
    final long end = pages(2);
    allocator.free(a);
    allocator.free(c);
    assertThat(pages(4)).isEqualTo(end + 2 * PAGE);
    allocator.free(b);
    assertThat(pages(6)).isEqualTo(a);
  }

  @Test
  void shouldGrowFromTheFreePagesBelowTheTopWhenNoneFits() {
    long a = pages(2);
    long b = pages(3);
    allocator.free(b);
    assertThat(pages(300)).isEqualTo(b);
    assertThat(allocator.stats().committedBytes()).isEqualTo(302 * PAGE);
    assertThat(b).isEqualTo(a + 2 * PAGE);
  }

  @Test
  void shouldUseTheHoleWhenAlignmentLeavesOne() {
    long first = pages(2);
    long aligned = allocator.alignedAlloc(1 << 20, 3 * PAGE);
    assertThat(aligned).isEqualTo((first + (1 << 20)) & -(1 << 20));
    assertThat(pages(14)).isEqualTo(first + 2 * PAGE);
    assertThat(pages(2)).isEqualTo(aligned + 3 * PAGE);
  }

  // Resizing in place

  @Test
  void shouldGrowInPlaceWhenWhatFollowsIsFree() {
    long a = pages(2);
    final long b = pages(3);
    final long c = pages(2);
    TestBlock content = TestBlock.fill(allocator, a, 2 * PAGE, 1);
    allocator.free(b);

    assertThat(allocator.realloc(a, 5 * PAGE)).isEqualTo(a);
    assertThat(allocator.usableSize(a)).isEqualTo(5 * PAGE);
    content.verify(allocator);
    assertThat(pages(2)).isEqualTo(c + 2 * PAGE);

    long moved = allocator.realloc(a, 6 * PAGE);
    assertThat(moved).isNotEqualTo(a);
    content.verify(allocator, moved, 2 * PAGE);
    assertThat(pages(5)).isEqualTo(a);
  }

  @Test
  void shouldGrowInPlaceWhenItIsTheLast() {
    long a = pages(2);
    TestBlock content = TestBlock.fill(allocator, a, 2 * PAGE, 2);
    assertThat(allocator.realloc(a, 400 * PAGE)).isEqualTo(a);
    content.verify(allocator);
    TestBlock.fill(allocator, a, 400 * PAGE, 3).verify(allocator);
    assertThat(allocator.stats().liveBytes()).isEqualTo(400 * PAGE);
  }

  @Test
  void shouldGiveTheEndBackWhenItShrinks() {
    long a = pages(10);
    final long b = pages(2);
    TestBlock content = TestBlock.fill(allocator, a, 3 * PAGE, 4);

    assertThat(allocator.realloc(a, 3 * PAGE - 100)).isEqualTo(a);
    assertThat(allocator.usableSize(a)).isEqualTo(3 * PAGE);
    content.verify(allocator);
    assertThat(allocator.stats().liveBytes()).isEqualTo(5 * PAGE);
    assertThat(pages(7)).isEqualTo(a + 3 * PAGE);
    assertThat(pages(2)).isEqualTo(b + 2 * PAGE);
  }

  // Purging

  @Test
  void shouldLowerResidentSizeWhenPurged() throws Exception {
    assumeTrue(MmapSource.isSupported() && ResidentSize.isKnown(), "no smaps, or no mmap");
    final long size = 24 << 20;
    final long slack = 2 << 20;
    long block = allocator.malloc(size);
    TestBlock kept = TestBlock.fill(allocator, allocator.malloc(PAGE * 4), PAGE * 4, 5);
    allocator.segment(block, size).fill((byte) 1);
    final long full = ResidentSize.of(block, size);
    assertThat(full).isGreaterThanOrEqualTo(size);
    allocator.free(block);
    assertThat(ResidentSize.of(block, size)).isGreaterThan(full - slack);
    assertThat(allocator.stats().committedBytes()).isEqualTo(size + 4 * PAGE);

    allocator.purge();

    assertThat(ResidentSize.of(block, size)).isLessThan(full - size + slack);
    assertThat(allocator.stats().committedBytes()).isEqualTo(4 * PAGE);
    assertThat(allocator.stats().purgedBytes()).isEqualTo(size);
    kept.verify(allocator);
    long again = allocator.malloc(size);
    assertThat(again).isEqualTo(block);
    TestBlock.fill(allocator, again, size, 6).verify(allocator);
  }

  @Test
  void shouldPurgeWhenThereIsTrafficAfterTheDelay() throws Exception {
    assumeTrue(MmapSource.isSupported(), "no mmap");
    for (Duration delay : new Duration[] {Duration.ofMillis(5), Duration.ZERO}) {
      reopen(delay);
      final long size = 16 << 20;
      long low = allocator.malloc(2 * PAGE);
      long block = allocator.malloc(size);
      allocator.segment(block, size).fill((byte) 1);
      final long full = ResidentSize.of(block, size);
      allocator.free(block);
      allocator.free(low);

      long deadline = System.nanoTime() + PATIENCE_NANOS;
      while (allocator.stats().purgedBytes() < size && System.nanoTime() < deadline) {
        allocator.free(allocator.malloc(2 * PAGE));
      }

      assertThat(allocator.stats().purgedBytes()).isGreaterThanOrEqualTo(size);
      assertThat(allocator.stats().committedBytes()).isLessThanOrEqualTo(2 * PAGE);
      assertThat(ResidentSize.of(block, size)).isLessThan(full - size + (2 << 20));
    }
  }

  @Test
  void shouldNotPurgeWhenTheDelayIsNegative() throws Exception {
    final long size = 1 << 20;
    long block = allocator.malloc(size);
    allocator.free(block);
    for (int i = 0; i < 10; i++) {
      allocator.free(allocator.malloc(2 * PAGE));
      Thread.sleep(2);
    }
    assertThat(allocator.stats().purgedBytes()).isZero();
    assertThat(allocator.stats().committedBytes()).isEqualTo(size);
  }

  @Test
  void shouldZeroWhenPurgedPagesAndOthersAreMixed() {
    assumeTrue(allocator.capabilities().purges(), "it does not purge");
    long a = pages(4);
    long b = pages(4);
    allocator.segment(a, 4 * PAGE).fill((byte) 1);
    allocator.segment(b, 4 * PAGE).fill((byte) 1);
    allocator.free(a);
    allocator.purge();
    allocator.free(b);

    // Clean and dirty pages in one block, and clean ones alone.
    long both = allocator.calloc(6, PAGE);
    assertThat(both).isEqualTo(a);
    assertZero(both, 6 * PAGE);
    allocator.free(both);
    allocator.purge();
    long clean = allocator.calloc(8, PAGE);
    assertZero(clean, 8 * PAGE);
    assertThat(clean).isEqualTo(a);
  }

  private void assertZero(long address, long size) {
    byte[] content = allocator.segment(address, size).toArray(ValueLayout.JAVA_BYTE);
    assertThat(content).containsOnly(0);
  }

  @Test
  void shouldCountThePeakWhenMemoryIsGivenBack() {
    long a = pages(100);
    allocator.free(a);
    allocator.purge();
    pages(10);
    assertThat(allocator.stats().peakCommittedBytes()).isEqualTo(100 * PAGE);
    assertThat(allocator.stats().committedBytes()).isEqualTo(10 * PAGE);
  }

  @Test
  void shouldGivePagesUpWhenTheirLastBlockIsFreed() {
    try (Allocator view = allocator.confined()) {
      // 200 pages of blocks, of which one stays current.
      long[] blocks = new long[200 * 64];
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] = view.malloc(1024);
      }
      assertThat(allocator.stats().sizeClasses()).hasSize(1);
      assertThat(allocator.stats().sizeClasses().getFirst().pages()).isEqualTo(200);
      for (int i = 0; i < blocks.length; i += 2) {
        view.free(blocks[i]);
      }
      assertThat(allocator.stats().sizeClasses().getFirst().pages()).isEqualTo(200);
      for (int i = 1; i < blocks.length; i += 2) {
        view.free(blocks[i]);
      }
      assertThat(allocator.stats().sizeClasses().getFirst().pages()).isEqualTo(1);
    }
    assertThat(allocator.stats().sizeClasses()).isEmpty();
    allocator.purge();
    assertThat(allocator.stats().committedBytes()).isZero();
  }

  // Huge blocks

  @Test
  void shouldHoldHugeBlocksApartWhenTheyComeAndGo() throws Exception {
    final long size = (32 << 20) + 1;
    final long rounded = (32 << 20) + PAGE;
    final long reserved = allocator.stats().reservedBytes();
    final long small = pages(2);
    long[] blocks = new long[5];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = allocator.alignedAlloc(1L << 20 + i, size);
      assertThat(blocks[i] % (1L << 20 + i)).isZero();
      assertThat(allocator.usableSize(blocks[i])).isEqualTo(rounded);
      assertThat(Math.abs(blocks[i] - small)).isGreaterThanOrEqualTo(size);
    }
    assertThat(allocator.stats().liveBlocks()).isEqualTo(6);
    assertThat(allocator.stats().liveBytes()).isEqualTo(5 * rounded + 2 * PAGE);
    assertThat(allocator.stats().reservedBytes()).isEqualTo(reserved + 5 * rounded);
    assertThat(allocator.stats().committedBytes()).isEqualTo(5 * rounded + 2 * PAGE);

    for (long block : blocks) {
      allocator.free(block);
    }
    assertThat(allocator.stats().liveBlocks()).isEqualTo(1);
    assertThat(allocator.stats().reservedBytes()).isEqualTo(reserved);
    assertThat(allocator.stats().committedBytes()).isEqualTo(2 * PAGE);
    assertThat(allocator.stats().peakCommittedBytes()).isEqualTo(5 * rounded + 2 * PAGE);
  }

  @Test
  void shouldBeHugeWhenTheReservationIsSmall() {
    try (OuroborosAllocator small = OuroborosAllocator.builder().reservation(1 << 20).build()) {
      long a = small.malloc(128 << 10);
      assertThat(small.stats().reservedBytes()).isEqualTo(1 << 20);
      long b = small.malloc((128 << 10) + 1);
      assertThat(small.stats().reservedBytes()).isEqualTo((1 << 20) + 3 * PAGE);
      // And when no run of pages is left.
      for (int i = 0; i < 7; i++) {
        small.malloc(128 << 10);
      }
      assertThat(small.stats().reservedBytes()).isEqualTo((1 << 20) + 3 * PAGE);
      long c = small.malloc(128 << 10);
      assertThat(small.stats().reservedBytes()).isEqualTo((1 << 20) + 5 * PAGE);
      small.free(a);
      small.free(b);
      small.free(c);
      assertThat(small.stats().liveBlocks()).isEqualTo(7);
    }
  }
}
