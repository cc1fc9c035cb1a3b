package org.ouroboros.benchmarks.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.record.RecordingAllocator;

/** Each library on each allocator. */
class HostTest {

  private static final String RECORD = "ouroboros_record";

  @TempDir private Path folder;

  static Stream<Arguments> pairs() {
    return Arrays.stream(HostLibrary.values())
        .flatMap(
            library ->
                Stream.of("ouroboros", "ouroboros_debug", RECORD, "mimalloc", "libc")
                    .map(allocator -> Arguments.of(library, allocator)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("pairs")
  void shouldDoItsWorkAndGiveEverythingBack(HostLibrary library, String name) throws Exception {
    Host host = Hosts.open(library);
    try (CountingAllocator counting = new CountingAllocator(allocator(name));
        CExport export = CExport.of(counting)) {
      String done = host.run(export);
      assertThat(done).isNotEmpty();
      assertThat(export.lastFailure()).isEmpty();
      assertThat(export.failures()).isZero();
      CountingAllocator.Counts counts = counting.counts();
      assertThat(counts.allocations()).isPositive();
      assertThat(counts.peakBytes()).isPositive();
      assertThat(counts.liveBlocks()).isZero();
      assertThat(counts.liveBytes()).isZero();
      if (!counting.stats().allocator().equals("libc") && counting.stats().liveBlocks() >= 0) {
        assertThat(counting.stats().liveBlocks()).isZero();
      }
    }
    assertThat(Files.exists(folder.resolve("it.mtrace.gz"))).isEqualTo(name.equals(RECORD));
  }

  private Allocator allocator(String name) {
    if (name.equals(RECORD)) {
      return RecordingAllocator.wrap(Allocators.of("ouroboros"), folder.resolve("it.mtrace.gz"));
    }
    Availability availability = Allocators.availability(name);
    assumeTrue(availability.available(), () -> name + ": " + availability.detail());
    return Allocators.of(name);
  }

  @ParameterizedTest
  @EnumSource
  void shouldWorkAgainOnAnotherAllocator(HostLibrary library) throws Exception {
    Host host = Hosts.open(library);
    for (String name : new String[] {"ouroboros", "libc", "ouroboros"}) {
      try (CountingAllocator counting = new CountingAllocator(Allocators.of(name));
          CExport export = CExport.of(counting)) {
        host.run(export);
        assertThat(counting.counts().allocations()).isPositive();
        assertThat(counting.counts().liveBlocks()).isZero();
      }
    }
  }
}
