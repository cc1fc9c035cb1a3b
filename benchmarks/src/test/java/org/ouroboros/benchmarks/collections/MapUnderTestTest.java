package org.ouroboros.benchmarks.collections;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroboros.benchmarks.collections.CollectionUnderTest.Maker;
import org.ouroboros.benchmarks.collections.MapUnderTest.Kind;

/** All makers' maps do the same. */
class MapUnderTestTest {

  @ParameterizedTest
  @EnumSource
  void shouldDoWhatTheBenchmarkSays(Kind kind) {
    for (Maker maker : Maker.values()) {
      try (MapUnderTest map = MapUnderTest.open(kind, maker, 1000)) {
        map.prepare();
        for (int i = 0; i < 500; i++) {
          map.put(i);
        }
        assertThat(map.size()).isEqualTo(500);
        map.put(3, 900);
        assertThat(map.size()).isEqualTo(500);
        assertThat(map.get(499)).isTrue();
        assertThat(map.get(500)).isFalse();
        assertThat(map.remove(499)).isTrue();
        assertThat(map.remove(499)).isFalse();
        assertThat(map.get(499)).isFalse();
        map.putNew(700);
        assertThat(map.get(700)).isTrue();
        assertThat(map.size()).isEqualTo(500);
        map.clear();
        assertThat(map.size()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRunAsABenchmark(Maker maker) {
    for (Kind kind : Kind.values()) {
      MapBenchmark benchmark = new MapBenchmark();
      benchmark.kind = kind;
      benchmark.maker = maker;
      benchmark.entries = 100;
      benchmark.fill();
      for (int i = 0; i < 200; i++) {
        assertThat(benchmark.get()).isTrue();
        benchmark.put();
        assertThat(benchmark.removeAndPut()).isTrue();
      }
      assertThat(benchmark.build()).isEqualTo(100);
      benchmark.close();
    }
  }

  @Test
  void shouldHaveDifferentKeys() {
    Set<Long> keys = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      keys.add(MapUnderTest.key(i));
    }
    assertThat(keys).hasSize(100_000);
  }
}
