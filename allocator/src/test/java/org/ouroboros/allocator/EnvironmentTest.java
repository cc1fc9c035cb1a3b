package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.source.MmapSource;

/** Thread pools that grow and shrink, virtual threads, little memory, and no native access. */
class EnvironmentTest {

  private static final long MIB = 1 << 20;

  @TempDir private Path folder;

  @Test
  void shouldNotGrowWhenTenThousandShortThreadsCameAndWent() throws Exception {
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      long[] leftOver = new long[16];
      waves(allocator, 60, leftOver);
      long committed = allocator.stats().committedBytes();
      long metadata = allocator.stats().metadataBytes();

      waves(allocator, 625, leftOver);

      assertThat(allocator.stats().committedBytes()).isLessThanOrEqualTo(committed + 8 * MIB);
      assertThat(allocator.stats().metadataBytes()).isLessThanOrEqualTo(metadata + MIB);
      freeAll(allocator, leftOver);
      assertThat(allocator.stats().liveBlocks()).isZero();
      allocator.purge();
      assertThat(allocator.stats().committedBytes()).isLessThan(8 * MIB);
    }
  }

  /** Sixteen threads at a time; each leaves a block behind, which the next wave frees. */
  private static void waves(Allocator allocator, int waves, long[] leftOver) throws Exception {
    for (int wave = 0; wave < waves; wave++) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < leftOver.length; i++) {
        int slot = i;
        threads.add(Thread.ofPlatform().start(() -> work(allocator, leftOver, slot)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void work(Allocator allocator, long[] leftOver, int slot) {
    long[] blocks = new long[200];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = allocator.malloc(16L << i % 8);
    }
    for (long block : blocks) {
      allocator.free(block);
    }
    allocator.free(leftOver[slot]);
    leftOver[slot] = allocator.malloc(100);
  }

  private static void freeAll(Allocator allocator, long[] blocks) {
    for (int i = 0; i < blocks.length; i++) {
      allocator.free(blocks[i]);
      blocks[i] = 0;
    }
  }

  @Test
  void shouldServeManyVirtualThreads() throws Exception {
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        int size = i & 1023;
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      long block = allocator.malloc(size);
                      Thread.yield();
                      allocator.free(allocator.realloc(block, 2L * size));
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(allocator.stats().liveBlocks()).isZero();
      assertThat(allocator.stats().committedBytes()).isLessThan(64 * MIB);
    }
  }

  @Test
  void shouldWorkInSixtyFourMebibytes() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run(InLittleMemory.class, "-Xmx16m", ForkedJvm.NATIVE_ACCESS);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("refused at").contains("served again").contains("churned");
  }

  @Test
  void shouldRecordWithoutNativeAccessAndPrintNothing() throws Exception {
    Path file = folder.resolve("recorded.mtrace.gz");
    ForkedJvm.Result result = ForkedJvm.run(RecordsByName.class, "-Douroboros.record=" + file);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().strip()).isEqualTo("ouroboros_record");
    assertThat(Files.size(file)).isGreaterThan(4096);
  }

  /** A program in a container of 64 MiB, 32 of which are left for blocks. */
  static final class InLittleMemory {
    private InLittleMemory() {}

    public static void main(String[] args) {
      LimitedSource source = new LimitedSource(MmapSource.create(), 32 * MIB);
      try (OuroborosAllocator allocator = OuroborosAllocator.builder().source(source).build()) {
        List<Long> blocks = new ArrayList<>();
        try {
          while (true) {
            blocks.add(allocator.malloc(10_000));
          }
        } catch (AllocationFailedException e) {
          System.out.println("refused at " + blocks.size());
        }
        blocks.forEach(allocator::free);
        allocator.free(allocator.malloc(20 * MIB));
        System.out.println("served again");
        long[] live = new long[1000];
        for (int i = 0; i < 1_000_000; i++) {
          int slot = i * 31 % live.length;
          allocator.free(live[slot]);
          live[slot] = allocator.malloc(i & 8191);
        }
        System.out.println("churned");
      }
    }
  }

  /** Takes its allocator by name, as a program that was told by its environment. */
  static final class RecordsByName {
    private RecordsByName() {}

    public static void main(String[] args) {
      Allocator allocator = Allocators.of("ouroboros_record");
      for (int i = 0; i < 1000; i++) {
        allocator.free(allocator.malloc(i));
      }
      System.out.println(allocator.name());
    }
  }
}
