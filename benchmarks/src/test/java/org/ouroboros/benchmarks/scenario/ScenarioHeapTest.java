package org.ouroboros.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.heap.SharedHeap;

/** Every bundled scenario on heaps of each space, in the modes that are in use. */
class ScenarioHeapTest {

  private static final List<String> SPACES =
      List.of("paged", "allocator:ouroboros", "allocator:libc", "allocator:mimalloc");

  private static final List<String> FURTHER_SPACES =
      List.of(
          "allocator:tcmalloc",
          "allocator:jemalloc",
          "allocator:rpmalloc",
          "allocator:ouroboros_debug",
          "allocator:libc_debug");

  static Stream<Arguments> heaps() {
    return Stream.concat(
        SPACES.stream()
            .flatMap(
                space ->
                    Stream.of(HeapMode.NORMAL, HeapMode.CHECKED)
                        .flatMap(mode -> allScenarios(space, mode))),
        FURTHER_SPACES.stream().flatMap(space -> allScenarios(space, HeapMode.NORMAL)));
  }

  private static Stream<Arguments> allScenarios(String space, HeapMode mode) {
    return BundledScenarios.NAMES.stream().map(name -> Arguments.of(space, mode, name));
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @MethodSource("heaps")
  void shouldGoAsInCPython(String space, HeapMode mode, String name) throws IOException {
    HeapOptions options = space(space).options(HeapOptions.DEFAULT.withMode(mode).withName(name));
    Scenario scenario = ScenarioLoader.load(List.of(name)).getFirst();
    Outcome outcome = ReplayRunner.replay(scenario, () -> new ScenarioHeap(options), _ -> {});
    assertThat(outcome.mismatch()).isNull();
  }

  static Stream<Arguments> sharedHeaps() {
    return Stream.of("paged", "allocator:ouroboros")
        .flatMap(
            space ->
                Stream.of(HeapMode.NORMAL, HeapMode.CHECKED)
                    .flatMap(mode -> allScenarios(space, mode)));
  }

  /** A shared heap that one thread uses is as a confined one. */
  @ParameterizedTest(name = "{0}, {1}: {2}")
  @MethodSource("sharedHeaps")
  void shouldGoAsInCPythonOnSharedHeaps(String space, HeapMode mode, String name)
      throws IOException {
    HeapOptions options = space(space).options(HeapOptions.DEFAULT.withMode(mode).withName(name));
    Scenario scenario = ScenarioLoader.load(List.of(name)).getFirst();
    Outcome outcome =
        ReplayRunner.replay(
            scenario, () -> new ScenarioHeap(options, SharedHeap::thatLends), _ -> {});
    assertThat(outcome.mismatch()).isNull();
  }

  /** Marking goes on meanwhile, and is given up by each collection: nobody can tell. */
  @ParameterizedTest(name = "{0}, {1}: {2}")
  @MethodSource("heaps")
  void shouldGoAsInCPythonWhileMarking(String space, HeapMode mode, String name)
      throws IOException {
    HeapOptions options = space(space).options(HeapOptions.DEFAULT.withMode(mode).withName(name));
    Scenario scenario = ScenarioLoader.load(List.of(name)).getFirst();
    Outcome outcome = ReplayRunner.replay(scenario, () -> new MarkedHeap(options), _ -> {});
    assertThat(outcome.mismatch()).isNull();
  }

  /** A heap in which an incremental collection is marking during each op. */
  private static final class MarkedHeap implements ScenarioSubject {

    /** Too few to end marking, where there is an object. */
    private static final int STEPS = 2;

    private final ScenarioHeap heap;
    private int steps;

    MarkedHeap(HeapOptions options) {
      heap = new ScenarioHeap(options);
    }

    @Override
    public void apply(Op op, Observation observation) {
      if (steps < STEPS && heap.collector().objects().length > 0) {
        assertThat(heap.collector().step(0)).as("marking ends").isFalse();
        steps++;
      }
      heap.apply(op, observation);
      boolean gaveUp =
          op instanceof Op.Collect collect
              ? collect.generation() == Collector.OLDEST
              : op instanceof Op.Freeze || op instanceof Op.Unfreeze;
      if (gaveUp) {
        steps = 0;
      }
    }

    @Override
    public List<String> verify() {
      return heap.verify();
    }

    @Override
    public void close() {
      heap.close();
    }
  }

  private static Space space(String name) {
    try {
      return Space.of(name);
    } catch (AllocatorUnavailableException e) {
      assumeThat(e).as("this machine has it").isNull();
      throw e;
    }
  }
}
