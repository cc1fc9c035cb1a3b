package org.ouroboros.benchmarks.pauses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What long calls leave of the worst window. */
class UtilizationTest {

  private static Spans spans(long... times) {
    Spans spans = new Spans();
    for (int i = 0; i < times.length; i += 2) {
      spans.add(times[i], times[i + 1]);
    }
    return spans;
  }

  @Test
  void shouldBeWholeIfNothingWasTaken() {
    assertThat(Utilization.least(spans(), 0, 100, 10)).isEqualTo(1);
    assertThat(Utilization.least(spans(), 7, 7, 10)).isEqualTo(1);
  }

  @Test
  void shouldCountCallsThatOneWindowHolds() {
    assertThat(Utilization.least(spans(20, 25), 0, 100, 10)).isEqualTo(0.5);
    // the window from 20 to 30 has all of the first and 2 of the second; from 22 on it is 3 and 4
    assertThat(Utilization.least(spans(20, 25, 28, 32), 0, 100, 10)).isEqualTo(1 - 0.7);
    assertThat(Utilization.least(spans(20, 45), 0, 100, 10)).isZero();
  }

  @Test
  void shouldLookAtNoWindowThatLeavesTheRun() {
    // a call at the end, most of which is over the end of the run
    assertThat(Utilization.least(spans(98, 120), 0, 100, 10)).isEqualTo(0.8);
    assertThat(Utilization.least(spans(0, 4), 0, 8, 10)).isEqualTo(0.5);
  }

  @Test
  void shouldFindTheWorstOfAllWindows() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      Spans spans = new Spans();
      int moment = 0;
      boolean[] taken = new boolean[300];
      while (moment < 250) {
        int begin = moment + random.nextInt(20);
        int end = begin + 1 + random.nextInt(12);
        spans.add(begin, end);
        for (int i = begin; i < end; i++) {
          taken[i] = true;
        }
        moment = end;
      }
      assertThat(Utilization.least(spans, 0, 260, 25))
          .isCloseTo(1 - worst(taken, 260, 25) / 25.0, within(1e-12));
    }
  }

  private static int worst(boolean[] taken, int run, int window) {
    int worst = 0;
    for (int begin = 0; begin + window <= run; begin++) {
      int sum = 0;
      for (int i = begin; i < begin + window; i++) {
        sum += taken[i] ? 1 : 0;
      }
      worst = Math.max(worst, sum);
    }
    return worst;
  }
}
