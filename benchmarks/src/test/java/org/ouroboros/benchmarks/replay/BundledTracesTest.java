package org.ouroboros.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.allocator.Allocator;

/** Every bundled trace, verified on an allocator of each kind. */
class BundledTracesTest {

  static Stream<Arguments> pairs() {
    return BundledTraces.NAMES.stream()
        .flatMap(
            trace ->
                Stream.of("libc", WorkerAllocators.OUROBOROS, WorkerAllocators.OUROBOROS_SHARED)
                    .map(allocator -> Arguments.of(trace, allocator)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void shouldVerify(String name, String allocatorName) {
    Trace trace = TraceBuilder.bundled(name);
    try (Allocator allocator = WorkerAllocators.open(allocatorName, false)) {
      VerifyingReplay.verify(allocator, trace);
      // the second replay begins on what the first left
      VerifyingReplay.verify(allocator, trace);
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void shouldReplayAgainAndAgain(String name, String allocatorName) {
    Trace trace = TraceBuilder.bundled(name);
    try (Allocator allocator = WorkerAllocators.open(allocatorName, false)) {
      TimedReplay replay = new TimedReplay(allocator, CallTable.bySlot(trace));
      for (int i = 0; i < 4; i++) {
        assertThat(replay.replay()).isPositive();
      }
    }
  }

  static Stream<Arguments> threadedPairs() {
    return Stream.of("ffmpeg-mt", "rsyslog-mt")
        .flatMap(
            trace ->
                Stream.of("libc", WorkerAllocators.OUROBOROS)
                    .map(allocator -> Arguments.of(trace, allocator)));
  }

  @ParameterizedTest
  @MethodSource("threadedPairs")
  void shouldVerifyOnThreads(String name, String allocatorName) {
    Trace trace = TraceBuilder.bundled(name);
    try (Allocator allocator = WorkerAllocators.open(allocatorName, true)) {
      VerifyingReplay.verifyOnThreads(allocator, trace);
      VerifyingReplay.verifyOnThreads(allocator, trace);
    }
  }
}
