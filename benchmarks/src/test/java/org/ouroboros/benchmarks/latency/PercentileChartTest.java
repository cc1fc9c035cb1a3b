package org.ouroboros.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What the curves show. */
class PercentileChartTest {

  private static final Pattern PATH = Pattern.compile(" d=\"([^\"]+)\"><title>([^<]+)<");
  private static final Pattern LAST = Pattern.compile("L([\\d.]+) ([\\d.]+)$");

  private static Histogram calls(int count, long nanos, long longest) {
    Histogram histogram = new Histogram(3);
    histogram.recordValueWithCount(nanos, count - 1L);
    histogram.recordValue(longest);
    return histogram;
  }

  @Test
  void shouldDrawTheLongestCallAtTheEndAndUnderTheTop() {
    Map<String, Histogram> curves = new LinkedHashMap<>();
    curves.put("ouroboros", calls(1000, 100, 20_000));
    curves.put("g1", calls(1000, 100, 250_000_000));

    String svg = PercentileChart.svg(curves);

    assertThat(svg).contains(">1 s<").doesNotContain(">10 s<");
    assertThat(svg).contains(">99 %<").doesNotContain(">99.9 %<"); // where the chart ends
    assertThat(height(svg, "g1")).isGreaterThan(10).isLessThan(height(svg, "ouroboros") - 50);
  }

  /** How far from the top of the picture a curve ends. */
  private static double height(String svg, String name) {
    Matcher path = PATH.matcher(svg);
    while (path.find()) {
      if (path.group(2).equals(name)) {
        Matcher last = LAST.matcher(path.group(1));
        assertThat(last.find()).isTrue();
        assertThat(Double.parseDouble(last.group(1))).isGreaterThan(700);
        return Double.parseDouble(last.group(2));
      }
    }
    throw new AssertionError(name + " has no curve");
  }

  @Test
  void shouldNotGiveOthersTheColoursOfOurs() {
    assertThat(PercentileChart.legend(List.of("g1", "ouroboros", "zgc", "ouroboros-shared")))
        .containsSubsequence("--c2", "g1", "--c0", "ouroboros", "--c3", "zgc", "--c1", "shared");
  }
}
