package org.ouroboros.benchmarks.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {

  @Test
  void shouldTellTheMostOfAllAndOfTheLastQuarter() {
    Samples samples = new Samples();
    assertThat(samples.mostRatioLate()).isNaN();
    for (int i = 0; i <= 100; i++) {
      samples.add(1000 + i, i == 74 ? 50 : i == 80 ? 20 : 10, 100);
    }
    assertThat(samples.mostRatio()).isEqualTo(0.5);
    assertThat(samples.mostRatioLate()).isEqualTo(0.2);
  }
}
