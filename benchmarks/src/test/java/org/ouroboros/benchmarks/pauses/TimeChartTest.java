package org.ouroboros.benchmarks.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Charts over time. */
class TimeChartTest {

  @Test
  void shouldShowTheLargestValueOfAColumn() {
    // two at the same place: the bar is as long as the longer one, twice as long as the last
    String svg = TimeChart.bars("pauses", 10, 3, i -> i < 2 ? 2 : 5, i -> i == 0 ? 4 : i);
    assertThat(svg)
        .contains("d=\"M145.2 148.0L145.2 8.0M297.0 148.0L297.0 78.0\"")
        .contains(">10.0 s</text>");
  }

  @Test
  void shouldJoinValuesToALine() {
    String svg = TimeChart.line("garbage", 10, 3, i -> i * 5, i -> i * 2);
    assertThat(svg).contains("d=\"M44.0 148.0L297.0 78.0L549.5 8.0\"");
  }

  @Test
  void shouldShowNothingWhereThereIsNothing() {
    assertThat(TimeChart.bars("pauses", 0, 0, i -> 0, i -> 0))
        .contains("<svg", "d=\"\"")
        .doesNotContain("NaN");
  }
}
