package org.ouroboros.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Both sides of the comparison do the same. */
class TypedBenchmarkTest {

  @Test
  void shouldReadTheSame() {
    TypedBenchmark benchmark = new TypedBenchmark();
    benchmark.open();
    long sum = (TypedBenchmark.NODES - 1L) * TypedBenchmark.NODES / 2;
    assertThat(benchmark.traverseRaw()).isEqualTo(sum);
    assertThat(benchmark.traverseTyped()).isEqualTo(sum);
    assertThat(benchmark.getRefTyped()).isEqualTo(benchmark.getRefRaw()).isNotZero();
    benchmark.setRefRaw();
    benchmark.setRefTyped();
    benchmark.setFieldRaw();
    assertThat(benchmark.getFieldTyped()).isEqualTo(1);
    benchmark.setFieldTyped();
    assertThat(benchmark.getFieldRaw()).isEqualTo(1);
    benchmark.close();
  }
}
