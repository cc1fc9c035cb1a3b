package org.ouroboros.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void shouldTakeTheMiddle() {
    assertThat(Statistics.median(3, 1, 2)).isEqualTo(2);
    assertThat(Statistics.median(4, 1, 3, 2)).isEqualTo(2.5);
    assertThat(Statistics.median()).isNaN();
  }

  @Test
  void shouldMultiply() {
    assertThat(Statistics.geometricMean(0.5, 2)).isCloseTo(1, within(1e-12));
  }

  @Test
  void shouldBoundTheMedianOfASample() {
    double[] sample = new Random(5).doubles(40, 0.8, 1.2).toArray();
    Statistics.Bounded bounded = Statistics.medianOf(sample);
    assertThat(bounded.value()).isEqualTo(Statistics.median(sample));
    assertThat(bounded.low()).isLessThan(bounded.value()).isGreaterThan(0.8);
    assertThat(bounded.high()).isGreaterThan(bounded.value()).isLessThan(1.2);
    assertThat(Statistics.medianOf(sample)).isEqualTo(bounded);
  }

  @Test
  void shouldBoundNothingWhereAllAgree() {
    Statistics.Bounded bounded = Statistics.geometricMeanOfMedians(new double[][] {{2, 2}, {8, 8}});
    assertThat(bounded.value()).isCloseTo(4, within(1e-12));
    assertThat(bounded.low()).isCloseTo(4, within(1e-12));
    assertThat(bounded.high()).isCloseTo(4, within(1e-12));
  }

  @Test
  void shouldChooseRoundMarks() {
    assertThat(Axis.upTo(52, 6).marks()).containsExactly(0, 10, 20, 30, 40, 50, 60);
    assertThat(Axis.upTo(0, 4).max()).isEqualTo(1);
    assertThat(Axis.upTo(8.7, 4).label(2.5)).isEqualTo("2.5");
  }
}
