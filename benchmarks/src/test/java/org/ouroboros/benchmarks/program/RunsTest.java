package org.ouroboros.benchmarks.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.benchmarks.replay.Statistics;

/** Turns, ratios, and what follows for the goals. */
class RunsTest {

  private static final Program TREES = new Trees(new Sizes(7, 1, 1, 1, 1, 0));
  private static final List<Subject> BOTH = List.of(Subject.OUROBOROS, Subject.G1);

  private static Run run(long nanos, long check, long peak) {
    return new Run(10, nanos, check, peak, 3 * peak, 4 * peak, new Latencies());
  }

  @Test
  void shouldLeaveOutWhatFailed() {
    Runs runs = new Runs();
    runs.plan(TREES, BOTH);
    List<String> turns = new ArrayList<>();
    runs.measure(
        2,
        (program, subject) -> {
          turns.add(subject.label());
          if (subject == Subject.G1) {
            throw new IOException("no memory");
          }
          return run(100, 1, 1);
        },
        (share, what) -> {});
    assertThat(turns).containsExactly("ouroboros", "g1", "ouroboros");
    assertThat(runs.faults()).containsExactly("no memory");
    assertThat(runs.subjects(TREES)).containsExactly(Subject.OUROBOROS);
    assertThat(runs.nanos(TREES, Subject.OUROBOROS)).hasSize(2);
  }

  @Test
  void shouldTakeTurnsAndTurnRound() {
    Runs runs = new Runs();
    runs.plan(TREES, BOTH);
    List<String> turns = new ArrayList<>();
    List<Double> done = new ArrayList<>();
    runs.measure(
        2,
        (program, subject) -> {
          turns.add(subject.label());
          return run(100, 1, 1);
        },
        (share, what) -> done.add(share));
    assertThat(turns).containsExactly("ouroboros", "g1", "g1", "ouroboros");
    assertThat(done).containsExactly(0.0, 0.25, 0.5, 0.75);
  }

  @Test
  void shouldRefuseWhatCameOutDifferently() throws IOException {
    Runs runs = new Runs();
    runs.plan(TREES, BOTH);
    runs.add(TREES, Subject.G1, run(100, 7, 1));
    assertThatIOException()
        .isThrownBy(() -> runs.add(TREES, Subject.OUROBOROS, run(100, 8, 1)))
        .withMessageContaining("on ouroboros came out 8 of 10 operations, on g1 7");
  }

  @Test
  void shouldJudgeByTheRatiosOfTheRounds() throws IOException {
    Runs runs = new Runs();
    runs.plan(TREES, BOTH);
    for (long nanos : new long[] {100, 200, 400}) {
      runs.add(TREES, Subject.G1, run(nanos, 7, 1000));
      runs.add(TREES, Subject.OUROBOROS, run(nanos / 2, 7, 360));
    }
    assertThat(runs.timeRatios(TREES, Subject.OUROBOROS, Subject.G1)).containsOnly(0.5);
    assertThat(runs.memoryBytes(TREES, Subject.OUROBOROS)).isEqualTo(360);
    assertThat(runs.peakBytes(TREES, Subject.OUROBOROS)).isEqualTo(1080);
    assertThat(runs.processBytes(TREES, Subject.OUROBOROS)).isEqualTo(1440);
    List<Goal.Verdict> verdicts = Goal.judge(runs);
    assertThat(verdicts).hasSize(2);
    assertThat(verdicts.getFirst().what()).isEqualTo("time");
    assertThat(verdicts.getFirst().met()).isTrue();
    assertThat(verdicts.getLast().what()).isEqualTo("memory");
    assertThat(verdicts.getLast().ratio().value()).isEqualTo(0.36);
    assertThat(verdicts.getLast().met()).isFalse();
  }

  @Test
  void shouldNotMeetAGoalWhoseFiguresAreNotKnown() throws IOException {
    Runs runs = new Runs();
    runs.plan(TREES, BOTH);
    runs.add(TREES, Subject.G1, run(100, 7, -1));
    runs.add(TREES, Subject.OUROBOROS, run(10, 7, -1));
    assertThat(runs.memoryRatios(TREES, Subject.OUROBOROS, Subject.G1)).containsOnly(Double.NaN);
    assertThat(Goal.judge(runs)).extracting(Goal.Verdict::met).containsExactly(true, false);
  }

  @Test
  void shouldTellProgramsOfOtherSizesApart() {
    Program deeper = new Trees(TREES.sizes().withDepth(8));
    Runs runs = new Runs();
    runs.plan(TREES, BOTH);
    runs.plan(deeper, BOTH);
    assertThat(runs.programs()).containsExactly(TREES, deeper);
    assertThat(deeper.title()).isEqualTo("trees, depth 8");
  }

  @Test
  void shouldNotMeetALimitWithAWideBound() {
    assertThat(Goal.meets(new Statistics.Bounded(1, 0.9, 1.1), 1)).isTrue();
    assertThat(Goal.meets(new Statistics.Bounded(1, 0.9, 1.11), 1)).isFalse();
    assertThat(Goal.meets(new Statistics.Bounded(1.01, 0.9, 1.02), 1)).isFalse();
  }

  @Test
  void shouldGiveJavaTwiceWhatIsAlive() {
    assertThat(Launch.heapMib(100 << 20)).isEqualTo(200);
    assertThat(Launch.heapMib((100 << 20) + 1)).isEqualTo(201);
    assertThat(Launch.heapMib(1 << 20)).isEqualTo(16);
  }

  @Test
  void shouldMeasureWhatAProgramKeepsAlive() {
    Program trees = new Trees(new Sizes(16, 1, 1, 1, 1, 0));
    long live = ProgramWorker.live(trees, Subject.SERIAL);
    assertThat(live).isGreaterThan(2 * (1 << 17) * 16L - 1);
  }
}
