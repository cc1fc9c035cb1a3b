package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.AllocatorStats.SizeClassStats;

/** Statistics and the page map after known operations. */
class EngineReportTest {

  private static final long PAGE = 64 << 10;

  private final OuroborosAllocator allocator =
      OuroborosAllocator.builder().reservation(64 << 20).purgeDelay(Duration.ofMillis(-1)).build();

  private final Allocator view = allocator.confined();

  @AfterEach
  void close() {
    allocator.close();
  }

  private SizeClassStats row(long blockSize) {
    return allocator.stats().sizeClasses().stream()
        .filter(row -> row.blockSize() == blockSize)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldBeEmptyWhenNew() {
    AllocatorStats stats = allocator.stats();
    assertThat(stats.allocator()).isEqualTo("ouroboros");
    assertThat(stats.liveBlocks()).isZero();
    assertThat(stats.liveBytes()).isZero();
    assertThat(stats.reservedBytes()).isEqualTo(64 << 20);
    assertThat(stats.committedBytes()).isZero();
    assertThat(stats.peakCommittedBytes()).isZero();
    assertThat(stats.purgedBytes()).isZero();
    assertThat(stats.metadataBytes()).isPositive();
    assertThat(stats.sizeClasses()).isEmpty();
  }

  @Test
  void shouldCountEachClassWhenBlocksAreLive() throws Exception {
    List<Long> of64 = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      of64.add(view.malloc(64));
    }
    List<Long> of4096 = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      of4096.add(view.malloc(4096));
    }
    long of65536 = view.malloc(65_536);
    long large = view.malloc(3 * PAGE);

    assertThat(allocator.stats().sizeClasses())
        .containsExactly(
            new SizeClassStats(64, 2, 1500, 2048 - 1500),
            new SizeClassStats(4096, 2, 20, 12),
            new SizeClassStats(65_536, 1, 1, 7));
    assertThat(allocator.stats().liveBlocks()).isEqualTo(1522);
    assertThat(allocator.stats().liveBytes()).isEqualTo(1500 * 64 + 20 * 4096 + 4 * PAGE);
    assertThat(allocator.stats().committedBytes()).isEqualTo((2 + 2 + 8 + 3) * PAGE);

    // By the owner, and by another thread, whose frees count at once.
    of64.subList(0, 100).forEach(view::free);
    Thread other = Thread.ofPlatform().start(() -> of4096.subList(0, 5).forEach(allocator::free));
    other.join();
    view.free(large);
    assertThat(row(64)).isEqualTo(new SizeClassStats(64, 2, 1400, 648));
    assertThat(row(4096)).isEqualTo(new SizeClassStats(4096, 2, 15, 17));
    assertThat(allocator.stats().liveBlocks()).isEqualTo(1416);
    assertThat(allocator.stats().committedBytes()).isEqualTo(15 * PAGE);
    allocator.purge();
    assertThat(allocator.stats().committedBytes()).isEqualTo(12 * PAGE);
    view.free(of65536);
    assertThat(row(65_536)).isEqualTo(new SizeClassStats(65_536, 1, 0, 8));
    allocator.purge();
    assertThat(allocator.stats().sizeClasses()).noneMatch(row -> row.blockSize() == 65_536);
  }

  @Test
  void shouldDrawEachPageWhenAskedForTheMap() {
    // A full page, one with a tenth and more of its blocks live, a medium run, large blocks.
    for (int i = 0; i < 1024; i++) {
      view.malloc(64);
    }
    for (int i = 0; i < 14; i++) {
      view.malloc(4096);
    }
    view.malloc(20_000);
    long gone = view.malloc(2 * PAGE);
    view.malloc(3 * PAGE);
    final long dirty = view.malloc(2 * PAGE);
    view.malloc(2 * PAGE);
    view.free(gone);
    allocator.purge();
    view.free(dirty);

    List<String> lines = allocator.pageMap().lines().toList();
    assertThat(lines.getFirst().strip()).isEqualTo("0 98Mmmmmmmm..Lll--Ll");
    assertThat(String.join(" ", lines))
        .contains("64 KiB", "tenths", "medium", "large", "dirty", "given back");
  }

  @Test
  void shouldBreakLinesWhenTheMapIsLong() {
    view.malloc(100 * PAGE);
    view.malloc(2 * PAGE);
    List<String> lines = allocator.pageMap().lines().toList();
    assertThat(lines.get(0)).isEqualTo("      0 L" + "l".repeat(63));
    assertThat(lines.get(1)).isEqualTo("     64 " + "l".repeat(36) + "Ll");
    assertThat(lines.get(2)).startsWith("A page is");
  }

  @Test
  void shouldCountMetadataWhenItGrows() {
    long before = allocator.stats().metadataBytes();
    for (int i = 0; i < 100_000; i++) {
      view.malloc(16);
    }
    long grown = allocator.stats().metadataBytes() - before;
    // A bit a block, and what stands beside: some hundred bytes a page of 4096.
    assertThat(grown).isBetween(100_000 / 8L, 100_000L);
  }
}
