package org.ouroboros.collector.model;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.Spaces;

/**
 * Random programs on a heap and on plain Java objects side by side. A failure names its seed, which
 * {@code -Dmodel.seed=} runs again alone.
 */
class ModelTest {

  private static final long BASE = Long.getLong("model.seed", 1);

  /** On allocators the modes take turns: a build is to be short. */
  static Stream<Arguments> heaps() {
    HeapOptions paged = HeapOptions.DEFAULT;
    List<Arguments> heaps = new ArrayList<>();
    heaps.add(Arguments.of("paged, checked", paged.withMode(HeapMode.CHECKED)));
    heaps.add(Arguments.of("paged, debug", paged.withMode(HeapMode.DEBUG)));
    heaps.add(Arguments.of("paged, torture", paged.withMode(HeapMode.CHECKED).withTorture(true)));
    HeapOptions incremental = paged.withIncremental(true);
    heaps.add(Arguments.of("paged, incremental", incremental));
    heaps.add(Arguments.of("paged, debug, incremental", incremental.withMode(HeapMode.DEBUG)));
    HeapOptions threads = Spaces.withThreads(paged);
    heaps.add(Arguments.of("paged, checked, threads", threads.withMode(HeapMode.CHECKED)));
    heaps.add(Arguments.of("paged, debug, threads", threads.withMode(HeapMode.DEBUG)));
    HeapOptions shared = Spaces.shared().getPayload();
    heaps.add(Arguments.of("shared", shared));
    heaps.add(Arguments.of("shared, incremental", shared.withIncremental(true)));
    heaps.add(Arguments.of("shared, debug", shared.withMode(HeapMode.DEBUG)));
    HeapMode mode = HeapMode.NORMAL;
    for (Named<HeapOptions> space : Spaces.everywhere().toList()) {
      heaps.add(Arguments.of(space.getName() + ", " + mode, space.getPayload().withMode(mode)));
      mode = mode == HeapMode.NORMAL ? HeapMode.CHECKED : HeapMode.NORMAL;
    }
    return heaps.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("heaps")
  void heapAndModelAgree(String name, HeapOptions options) {
    run(name, options, 12, 2_000);
  }

  @Tag("stress")
  @ParameterizedTest(name = "{0}")
  @MethodSource("heaps")
  void heapAndModelAgreeForLong(String name, HeapOptions options) {
    run(name, options, 500, 4_000);
  }

  private static void run(String name, HeapOptions options, int runs, int steps) {
    for (int i = 0; i < runs; i++) {
      long seed = BASE + i;
      assertThatCode(
              () -> {
                try (ModelDriver driver = new ModelDriver(options, seed)) {
                  driver.run(steps, 50);
                }
              })
          .as("%s, seed %d", name, seed)
          .doesNotThrowAnyException();
    }
  }
}
