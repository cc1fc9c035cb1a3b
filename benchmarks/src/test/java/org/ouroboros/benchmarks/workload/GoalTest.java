package org.ouroboros.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from given runs. */
class GoalTest {

  private static final String OURS = Faces.SHARED;
  private static final String THEIRS = Goal.MIMALLOC.reference();

  private final Runs runs =
      new Runs(List.of(new Larson(), new Mleak(), new GlibcSimple()), List.of(OURS, THEIRS));

  /** Ten rounds in which ours is so many times as fast. */
  private void add(int workload, double ratio) {
    for (int i = 0; i < 10; i++) {
      runs.add(runs.workloads().get(workload), OURS, new Run(1000, (long) (1e9 / ratio), 1 << 20));
      runs.add(runs.workloads().get(workload), THEIRS, new Run(1000, 1_000_000_000, 1 << 20));
    }
  }

  private boolean met(String what) {
    return Goal.MIMALLOC.judge(runs, OURS).stream()
        .filter(verdict -> verdict.what().equals(what))
        .findFirst()
        .orElseThrow()
        .met();
  }

  @Test
  void shouldForgiveOneWorkloadThatMissesByLittle() {
    add(0, 0.90);
    add(1, 1.05);
    add(2, 1.10);
    assertThat(met("larson")).isFalse();
    assertThat(met("mleak")).isTrue();
    assertThat(met("each")).isTrue();
    assertThat(met("mean")).isTrue();
    assertThat(met("mean, stretch")).isFalse();
  }

  @Test
  void shouldNotForgiveTwo() {
    add(0, 0.90);
    add(1, 0.90);
    add(2, 2);
    assertThat(met("each")).isFalse();
    assertThat(met("mean")).isTrue();
  }

  @Test
  void shouldNotForgiveOneThatMissesByMuch() {
    add(0, 0.8);
    add(1, 1.5);
    add(2, 1.5);
    assertThat(met("each")).isFalse();
    assertThat(met("mean")).isTrue();
  }

  @Test
  void shouldNotForgiveTheMean() {
    add(0, 0.96);
    add(1, 0.97);
    add(2, 1);
    assertThat(met("each")).isTrue();
    assertThat(met("mean")).isFalse();
  }

  @Test
  void shouldTakeRatiosWithinRounds() {
    runs.add(runs.workloads().get(0), OURS, new Run(10, 1_000_000_000, -1));
    runs.add(runs.workloads().get(0), THEIRS, new Run(5, 1_000_000_000, -1));
    runs.add(runs.workloads().get(0), OURS, new Run(30, 1_000_000_000, -1));
    runs.add(runs.workloads().get(0), THEIRS, new Run(10, 1_000_000_000, -1));
    assertThat(runs.ratios(runs.workloads().get(0), OURS, THEIRS)).containsExactly(2, 3);
    assertThat(runs.peakBytes(runs.workloads().get(0), OURS)).isNegative();
  }

  @Test
  void shouldTakeTurns() throws Exception {
    StringBuilder order = new StringBuilder();
    new Runs(List.of(new Larson()), List.of("a", "b"))
        .measure(
            2,
            (workload, allocator) -> {
              order.append(allocator);
              return new Run(1, 1, 1);
            },
            (done, next) -> assertThat(done).isLessThan(1));
    assertThat(order).hasToString("abba");
  }
}
