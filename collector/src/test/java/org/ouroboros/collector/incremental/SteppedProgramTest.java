package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;

/** Random programs with steps of incremental collections between their operations. */
class SteppedProgramTest {

  private static final long BASE = Long.getLong("model.seed", 1);

  static Stream<Named<HeapOptions>> heaps() {
    HeapOptions paged = HeapOptions.DEFAULT;
    return List.of(
        Named.of("paged", paged),
        Named.of("paged, incremental", paged.withIncremental(true)),
        Named.of("paged, checked", paged.withMode(HeapMode.CHECKED)),
        Named.of(
            "paged, checked, incremental", paged.withMode(HeapMode.CHECKED).withIncremental(true)),
        Named.of(
            "libc, incremental",
            paged.withAllocator(() -> Allocators.of("libc")).withIncremental(true)),
        Named.of("paged, debug", paged.withMode(HeapMode.DEBUG)))
        .stream();
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void nothingReachableIsLostAndAllGarbageIsFound(HeapOptions options) {
    run(options, 8);
  }

  @Tag("stress")
  @ParameterizedTest
  @MethodSource("heaps")
  void nothingReachableIsLostForLong(HeapOptions options) {
    run(options, 500);
  }

  private static void run(HeapOptions options, int runs) {
    int ended = 0;
    for (int i = 0; i < runs; i++) {
      long seed = BASE + i;
      int steps = new int[] {2, 20, 50, 80}[i % 4];
      try (SteppedProgram program = new SteppedProgram(options, seed, steps)) {
        assertThatCode(
                () -> {
                  program.run(4000);
                  program.completeCollection(); // of what may be under way
                  program.completeCollection();
                  program.checkExactly();
                })
            .as("seed %d", seed)
            .doesNotThrowAnyException();
        ended += program.ended();
      }
    }
    assertThat(ended).isGreaterThan(runs);
  }
}
