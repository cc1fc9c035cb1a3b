package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.record.RecordingAllocator;
import org.ouroboros.allocator.record.RecordingException;
import org.ouroboros.allocator.record.RecordingStats;

/** The recorder keeps the contract, and its file never stands in the program's way. */
class RecordingContractTest extends AllocatorContractTest {

  @TempDir private Path folder;

  @Override
  protected Allocator create() {
    return RecordingAllocator.wrap(
        OuroborosAllocator.create(), folder.resolve("contract.mtrace.gz"));
  }

  @Test
  void shouldServeAndThrowOnceAtCloseWhenTheFileCannotBeWritten() {
    Path nowhere = folder.resolve("no-such-folder").resolve("x.mtrace.gz");
    RecordingAllocator recorded = RecordingAllocator.wrap(OuroborosAllocator.create(), nowhere);
    for (int i = 0; i < 100_000; i++) {
      recorded.free(recorded.malloc(i));
    }
    recorded.flush();

    assertThat(recorded.recording().failure()).isPresent();
    assertThatExceptionOfType(RecordingException.class)
        .isThrownBy(recorded::close)
        .withMessageContaining("no-such-folder")
        .withMessageContaining("choose another file");
    assertThatCode(recorded::close).doesNotThrowAnyException();
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> recorded.malloc(1));
  }

  @Test
  void shouldServeWhenTheDiskIsFull() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full));
    RecordingAllocator recorded = RecordingAllocator.wrap(OuroborosAllocator.create(), full);
    for (int i = 0; i < 1_000_000; i++) {
      recorded.free(recorded.malloc(i & 255));
    }
    assertThatExceptionOfType(RecordingException.class).isThrownBy(recorded::close);
  }

  @Test
  void shouldCountFreesOfBlocksFromBefore() {
    OuroborosAllocator shared = OuroborosAllocator.create();
    long before = shared.malloc(100);
    long resized = shared.malloc(100);
    try (RecordingAllocator recorded =
        RecordingAllocator.wrap(shared, folder.resolve("late.mtrace.gz"))) {
      recorded.free(before);
      recorded.free(recorded.realloc(resized, 5000));
      recorded.flush();

      RecordingStats stats = recorded.recording();
      assertThat(stats.unknownBlocks()).isEqualTo(2);
      assertThat(stats.events()).as("a malloc and its free").isEqualTo(2);
    }
  }

  @Test
  void shouldKeepOrderWhenThreadsHandBlocksOver() throws Exception {
    try (RecordingAllocator recorded =
        RecordingAllocator.wrap(OuroborosAllocator.create(), folder.resolve("o.mtrace.gz"))) {
      var queue = new ArrayBlockingQueue<Long>(64);
      int blocks = 100_000;
      Thread consumer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < blocks; i++) {
                      recorded.free(take(queue));
                    }
                  });
      for (int i = 0; i < blocks; i++) {
        queue.put(recorded.malloc(i & 127));
      }
      consumer.join();
      recorded.flush();

      RecordingStats stats = recorded.recording();
      assertThat(stats.disordered()).isZero();
      assertThat(stats.unknownBlocks()).isZero();
      assertThat(stats.events()).isGreaterThan(2L * blocks);
    }
  }

  private static long take(BlockingQueue<Long> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldRecordVirtualThreadsAndManyShortOnes() throws Exception {
    try (RecordingAllocator recorded =
        RecordingAllocator.wrap(OuroborosAllocator.create(), folder.resolve("v.mtrace.gz"))) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        Thread.Builder builder = i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
        threads.add(
            builder.start(() -> recorded.free(recorded.realloc(recorded.malloc(10), 1000))));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      recorded.flush();

      RecordingStats stats = recorded.recording();
      assertThat(stats.unknownBlocks() + stats.disordered()).isZero();
      assertThat(stats.events()).isBetween(6000L, 12_001L);
    }
  }

  @Test
  void shouldRefuseOtherThreadsWhenTheRecordedViewIsConfined() throws Exception {
    OuroborosAllocator shared = OuroborosAllocator.create();
    try (RecordingAllocator recorded =
        RecordingAllocator.wrap(shared.confined(), folder.resolve("c.mtrace.gz"))) {
      long block = recorded.malloc(10);
      Thread other =
          Thread.ofPlatform()
              .start(
                  () ->
                      assertThatExceptionOfType(WrongThreadException.class)
                          .isThrownBy(() -> recorded.free(block)));
      other.join();
      recorded.free(block);
      recorded.flush();
      assertThat(recorded.recording().events()).isEqualTo(2);
    }
    shared.close();
  }

  @Test
  void shouldBeHadByName() throws Exception {
    Path file = folder.resolve("named.mtrace.gz");
    System.setProperty("ouroboros.record", file.toString());
    try (Allocator named = Allocators.of("ouroboros_record")) {
      assertThat(named.name()).isEqualTo("ouroboros_record");
      assertThat(Allocators.suffixes()).contains("record");
      named.free(named.malloc(1));
    } finally {
      System.clearProperty("ouroboros.record");
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .anyMatch(name -> name.startsWith("named") && name.endsWith(".mtrace.gz"));
    }
  }
}
