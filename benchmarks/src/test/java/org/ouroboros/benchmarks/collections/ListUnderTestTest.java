package org.ouroboros.benchmarks.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroboros.benchmarks.collections.CollectionUnderTest.Maker;

/** All makers' lists do the same. */
class ListUnderTestTest {

  @ParameterizedTest
  @EnumSource(names = {"LONG_LIST", "OBJECT_LIST"})
  void shouldDoWhatTheBenchmarkSays(Subject subject) {
    ListUnderTest.Kind kind = ListUnderTest.Kind.valueOf(subject.kind());
    for (Maker maker : subject.makers()) {
      try (ListUnderTest list = ListUnderTest.open(kind, maker, 1000)) {
        list.prepare();
        for (int i = 0; i < 500; i++) {
          list.put(i);
        }
        assertThat(list.size()).isEqualTo(500);
        assertThat(list.sum()).isEqualTo(499 * 500 / 2);
        list.set(3, 900);
        assertThat(list.size()).isEqualTo(500);
        assertThat(list.get(3)).isEqualTo(900);
        assertThat(list.get(499)).isEqualTo(499);
        list.putNew(700);
        assertThat(list.get(500)).isEqualTo(700);
        assertThat(list.sum()).isEqualTo(499 * 500 / 2 - 3 + 900 + 700);
        list.clear();
        assertThat(list.size()).isZero();
        assertThat(list.sum()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LONG_LIST", "OBJECT_LIST"})
  void shouldRunAsABenchmark(Subject subject) {
    for (Maker maker : subject.makers()) {
      ListBenchmark benchmark = new ListBenchmark();
      benchmark.kind = ListUnderTest.Kind.valueOf(subject.kind());
      benchmark.maker = maker;
      benchmark.entries = 100;
      benchmark.fill();
      assertThat(benchmark.iterate()).isEqualTo(99 * 100 / 2);
      for (int i = 0; i < 200; i++) {
        assertThat(benchmark.get()).isBetween(0L, 99L);
        benchmark.set();
      }
      benchmark.fill();
      for (int i = 0; i < 250; i++) {
        benchmark.append();
      }
      assertThat(benchmark.iterate()).isEqualTo(49 * 50 / 2);
      benchmark.close();
    }
  }

  @Test
  void shouldRefuseWhatAgronaDoesNotHave() {
    assertThatThrownBy(() -> ListUnderTest.open(ListUnderTest.Kind.OBJECTS, Maker.AGRONA, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The benchmark's methods are named, and its parameters are what it takes. */
  @ParameterizedTest
  @EnumSource
  void shouldNameWhatIsRun(Subject subject) throws NoSuchMethodException {
    for (String operation : subject.operations()) {
      assertThat(subject.benchmark().getMethod(operation)).isNotNull();
    }
    for (Maker maker : subject.makers()) {
      try (CollectionUnderTest collection = subject.open(maker, 10)) {
        collection.putNew(1);
        assertThat(collection.size()).isEqualTo(1);
      }
    }
  }
}
