package org.ouroboros.benchmarks.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Short runs in this JVM. No time is judged. */
class TrialTest {

  private static final int OBJECTS = 5000;

  private static Plan plan(Mode mode, boolean closed, double fullAt) {
    return new Plan(mode, OBJECTS, 20_000, 400, 100, closed, fullAt);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void shouldFindExactlyTheGarbageThatTheProgramCounts(Mode mode) throws IOException {
    Run run = Trial.run(plan(mode, false, 0));
    // 25,000 objects, give or take a few hundred, of which 5,000 or 5,001 are old at first
    assertThat(run.get(Figure.LIVE_OBJECTS)).isBetween(20_000.0, 30_000.0);
    assertThat(run.get(Figure.OPERATIONS)).isBetween(1.0, 8000.0);
    assertThat(run.answers().getTotalCount()).isEqualTo((long) run.get(Figure.OPERATIONS));
    // rings of two take 7 calls, of eight 25; on Java objects 6 and 24
    assertThat(run.calls().getTotalCount())
        .isBetween(6 * (long) run.get(Figure.OPERATIONS), 25 * (long) run.get(Figure.OPERATIONS));
    assertThat(run.get(Figure.UTILIZATION)).isBetween(0.0, 1.0);
    assertThat(run.get(Figure.UTILIZATION_RUNNING)).isBetween(run.get(Figure.UTILIZATION), 1.0);
    assertThat(run.get(Figure.LONGEST_RUNNING)).isBetween(0.0, run.pauses().longest() / 1e6);
    assertThat(run.get(Figure.MEMORY)).isPositive();
    assertThat(run.pauses().size()).isEqualTo((int) run.get(Figure.LONG_CALLS));
    if (mode.isHeap()) {
      assertThat(run.get(Figure.GARBAGE)).isEqualTo(run.get(Figure.GARBAGE_FOUND));
      assertThat(run.samples().size()).isPositive();
      assertThat(run.get(Figure.MOST_GARBAGE)).isGreaterThan(0);
      assertThat(run.get(Figure.LATE_GARBAGE)).isBetween(0.0, run.get(Figure.MOST_GARBAGE));
      assertThat(run.get(Figure.COLLECTIONS_0)).isPositive();
    } else {
      assertThat(run.get(Figure.GARBAGE)).isNaN();
      assertThat(run.samples().size()).isZero();
    }
  }

  @Test
  void shouldTimeOperationsOnlyIfTheyFollowEachOther() throws IOException {
    Run run = Trial.run(plan(Mode.STOP, true, 0));
    assertThat(run.calls().getTotalCount()).isZero();
    assertThat(run.answers().getTotalCount()).isEqualTo((long) run.get(Figure.OPERATIONS));
    assertThat(run.get(Figure.UTILIZATION)).isNaN();
    assertThat(run.get(Figure.GARBAGE)).isEqualTo(run.get(Figure.GARBAGE_FOUND));
  }

  @Test
  void shouldLeaveFullCollectionsToTheRatioAskedFor() throws IOException {
    assertThat(Trial.run(plan(Mode.STOP, true, 1e-9)).get(Figure.COLLECTIONS_2)).isPositive();
    assertThat(Trial.run(plan(Mode.STOP, true, 1e9)).get(Figure.COLLECTIONS_2)).isZero();
  }

  @Test
  void shouldTravelAsLines() throws IOException, DataFormatException {
    Run run = Trial.run(plan(Mode.STOP, false, 0));
    Run copy = Run.decode(run.encode());
    assertThat(copy.figures()).isEqualTo(run.figures());
    assertThat(copy.calls()).isEqualTo(run.calls());
    assertThat(copy.answers()).isEqualTo(run.answers());
    assertThat(copy.sleep()).isEqualTo(run.sleep());
    assertThat(copy.encode()).isEqualTo(run.encode());
  }
}
