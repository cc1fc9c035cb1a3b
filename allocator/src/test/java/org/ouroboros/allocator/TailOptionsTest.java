package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroboros.allocator.OuroborosAllocator.Purge;
import org.ouroboros.allocator.source.FailingSource;
import org.ouroboros.allocator.source.FailingSource.Operation;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.SourceException;

/** The options for programs that mind their tails. */
class TailOptionsTest {

  private static final long MIB = 1 << 20;

  private final FailingSource source = new FailingSource(MmapSource.create(), true);

  private OuroborosAllocator.Builder builder() {
    return OuroborosAllocator.builder().source(source).reservation(256 * MIB);
  }

  @Test
  void shouldCommitNothingMoreWithinWhatWasTouched() {
    try (OuroborosAllocator allocator = builder().preTouch(32 * MIB).purge(Purge.NEVER).build()) {
      int commits = source.calls(Operation.COMMIT);
      assertThat(allocator.stats().committedBytes()).isEqualTo(32 * MIB);
      for (int round = 0; round < 20; round++) {
        useAbout(allocator, 16 * MIB);
      }
      assertThat(source.calls(Operation.COMMIT)).isEqualTo(commits);
      assertThat(source.calls(Operation.PURGE)).isZero();
    }
  }

  @Test
  void shouldPutMemoryBehindWhatIsToBeTouched() throws Exception {
    assumeTrue(ResidentSize.isKnown());
    try (OuroborosAllocator allocator = builder().preTouch(32 * MIB).build()) {
      long first = source.live().iterator().next().address();
      assertThat(ResidentSize.of(first, 32 * MIB)).isGreaterThanOrEqualTo(32 * MIB);
      allocator.purge();
      assertThat(ResidentSize.of(first, 32 * MIB)).isLessThan(MIB);
      assertThat(allocator.stats().committedBytes()).isZero();
    }
  }

  @Test
  void shouldGiveZerosFromWhatWasTouched() {
    try (OuroborosAllocator allocator = builder().preTouch(8 * MIB).build()) {
      long block = allocator.calloc(1, 4 * MIB);
      for (long at = 0; at < 4 * MIB; at += 4096) {
        assertThat(allocator.segment(block + at, 1).get(ValueLayout.JAVA_BYTE, 0)).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldPurgeWhenItWasTold(Purge when) throws Exception {
    try (OuroborosAllocator allocator =
        builder().purge(when).purgeDelay(Duration.ofMillis(1)).build()) {
      useAbout(allocator, 8 * MIB);
      for (int round = 0; round < 10; round++) {
        Thread.sleep(2);
        allocator.free(allocator.malloc(100_000));
      }
      boolean byItself = source.calls(Operation.PURGE) > 0;
      assertThat(byItself).isEqualTo(when == Purge.AFTER_DELAY);
      assertThat(allocator.capabilities().purges()).isEqualTo(when != Purge.NEVER);
      allocator.purge();
      assertThat(source.calls(Operation.PURGE) > 0).isEqualTo(when != Purge.NEVER);
    }
  }

  @Test
  void shouldCommitWholeHugePagesWhenTheyAreAdvised() {
    try (OuroborosAllocator allocator = builder().adviseHugePages(true).build()) {
      int commits = source.calls(Operation.COMMIT);
      useAbout(allocator, 16 * MIB);
      assertThat(source.calls(Operation.COMMIT) - commits).isBetween(1, 32);
    }
  }

  @Test
  void shouldLockWhatItCommits() throws Exception {
    long before = lockedBytes();
    try (OuroborosAllocator allocator =
        OuroborosAllocator.builder().lockMemory(true).preTouch(2 * MIB).build()) {
      assertThat(lockedBytes() - before).isGreaterThanOrEqualTo(2 * MIB);
      useAbout(allocator, MIB);
      assertThat(allocator.capabilities().purges()).isFalse();
    }
    assertThat(lockedBytes()).isEqualTo(before);
  }

  private static long lockedBytes() throws Exception {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.isReadable(status));
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmLck"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .sum();
  }

  @Test
  void shouldFailTypedWhenTheSourceCannotLock() {
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> builder().lockMemory(true).build())
        .withMessageContaining("cannot lock");
    assertThat(source.live()).isEmpty();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(
            () ->
                OuroborosAllocator.builder()
                    .source(MappedFileSource.create())
                    .reservation(64 * MIB)
                    .lockMemory(true)
                    .build())
        .withMessageContaining("native access");
  }

  @Test
  void shouldFailTypedWhenWhatIsToBeTouchedCannotBeHad() {
    source.failFrom(Operation.COMMIT, 1);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> builder().preTouch(MIB).build());
    assertThat(source.live()).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> builder().preTouch(-1));
  }

  private static void useAbout(Allocator allocator, long bytes) {
    long[] blocks = new long[(int) (bytes / 1024)];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = allocator.malloc(1 + i % 1000);
    }
    for (long block : blocks) {
      allocator.free(block);
    }
  }
}
