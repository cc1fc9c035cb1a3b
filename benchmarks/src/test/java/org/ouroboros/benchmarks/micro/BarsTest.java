package org.ouroboros.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.benchmarks.replay.Statistics;

/** What follows from figures that are known. */
class BarsTest {

  /** Our arenas, each of them and the JDK's. */
  private static final int ARENA_FORKS = 6;

  private static final List<String> NATIVES = List.of("slow", "fast");
  private static final List<String> ALL =
      List.of(AllocatorUnderTest.CONFINED, AllocatorUnderTest.SHARED, "slow", "fast");

  @Test
  void shouldMeetABarByMedianAndBound() {
    assertThat(Bar.meets(new Statistics.Bounded(0.70, 0.60, 0.75), 0.75)).isTrue();
    assertThat(Bar.meets(new Statistics.Bounded(0.75, 0.60, 0.82), 0.75)).isTrue();
    assertThat(Bar.meets(new Statistics.Bounded(0.75, 0.60, 0.83), 0.75)).isFalse();
    assertThat(Bar.meets(new Statistics.Bounded(0.76, 0.60, 0.77), 0.75)).isFalse();
    assertThat(Bar.meets(new Statistics.Bounded(0.1, 0.1, 0.1), Double.NaN)).isFalse();
  }

  @Test
  void shouldTakeTurnsAndReverseEveryOtherRound() throws Exception {
    List<String> seen = new ArrayList<>();
    List<String> arenas = new ArrayList<>();
    List<Integer> told = new ArrayList<>();
    new Rounds(List.of("a", "b"), 2)
        .run(
            (workload, allocator) -> {
              if (workload == Workload.PAIR || workload == Workload.RANDOM_ORDER) {
                seen.add(workload + " " + allocator);
              } else {
                arenas.add(allocator);
              }
              return new Sample(1, 0);
            },
            (fork, forks, what) -> {
              told.add(fork);
              assertThat(forks).isEqualTo(8 + 2 * ARENA_FORKS);
              assertThat(what).contains(": ");
            });
    assertThat(seen)
        .containsExactly(
            "PAIR a",
            "PAIR b",
            "RANDOM_ORDER a",
            "RANDOM_ORDER b",
            "PAIR b",
            "PAIR a",
            "RANDOM_ORDER b",
            "RANDOM_ORDER a");
    assertThat(told).hasSize(8 + 2 * ARENA_FORKS).isSorted().doesNotHaveDuplicates();
    assertThat(arenas.subList(0, 2)).containsExactly(AllocatorUnderTest.CONFINED, "jdk");
    assertThat(arenas.subList(ARENA_FORKS, ARENA_FORKS + 2))
        .containsExactly("jdk", AllocatorUnderTest.CONFINED);
  }

  @Test
  void shouldJudgeByTheMedianOfThePairRatios() throws Exception {
    List<Verdict> verdicts = Verdict.of(known(), NATIVES);
    assertThat(verdicts).hasSize(Bar.values().length);

    Verdict confined = verdicts.getFirst();
    assertThat(confined.bar()).isEqualTo(Bar.PAIR_CONFINED);
    assertThat(confined.best()).isEqualTo("fast");
    assertThat(confined.nanos()).isEqualTo(6);
    assertThat(confined.bestNanos()).isEqualTo(10);
    // 4/8, 6/10 and 9/12: not the ratio of the medians but the median of the ratios
    assertThat(confined.ratio().value()).isCloseTo(0.6, within(1e-12));
    assertThat(confined.ratio().low()).isCloseTo(0.5, within(1e-12));
    assertThat(confined.ratio().high()).isCloseTo(0.75, within(1e-12));
    assertThat(confined.meetsMust()).isTrue();
    assertThat(confined.meetsStretch()).isFalse(); // the bound is more than 10 % above 0.6
    assertThat(confined.heapBytes()).isEqualTo(0.5);

    Verdict shared = verdicts.get(1);
    assertThat(shared.ratio().value()).isEqualTo(1.5);
    assertThat(shared.meetsMust()).isFalse();
  }

  @Test
  void shouldTakeTheMedianOfTheRatiosNotTheRatioOfTheMedians() {
    Timings timings = new Timings();
    double[] ours = {1, 10, 100};
    double[] theirs = {10, 100, 10};
    for (int i = 0; i < ours.length; i++) {
      timings.add(Workload.PAIR, "ours", new Sample(ours[i], 0));
      timings.add(Workload.PAIR, "theirs", new Sample(theirs[i], 0));
    }
    double[] ratios = timings.pairRatios(Workload.PAIR, "ours", "theirs");
    assertThat(ratios).containsExactly(0.1, 0.1, 10);
    assertThat(Statistics.medianOf(ratios).value()).isEqualTo(0.1);
    assertThatThrownBy(() -> timings.fastest(Workload.PAIR, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldPrintEachAllocatorAndEachBar() throws Exception {
    StringWriter text = new StringWriter();
    BarsReport.of(known(), NATIVES, List.of("a note")).print(new PrintWriter(text));
    assertThat(text.toString().lines())
        .anyMatch(line -> line.matches("fast +10\\.00 +8\\.00 +0\\.500 +1\\.00 +the best peer"))
        .anyMatch(line -> line.matches("slow +30\\.00 .*"))
        .anyMatch(
            line ->
                line.matches(
                    "malloc\\+free of 64 B +ouroboros-confined +6\\.00 +fast +10\\.00 +0\\.60"
                        + " +0\\.50\\.\\.0\\.75 +0\\.75 +yes +0\\.60 +no"))
        .anyMatch(line -> line.matches(".*random order +ouroboros .* - +- +- +-"))
        .contains("a note");
  }

  @Test
  void shouldWriteJsonLines() throws Exception {
    String json = BarsReport.of(known(), NATIVES, List.of("a note")).json();
    List<String> lines = json.lines().toList();
    assertThat(lines).hasSize(1 + 2 * ALL.size() + ARENA_FORKS + Bar.values().length);
    for (String line : lines) {
      assertParses(line);
    }
    assertThat(lines.getFirst()).isEqualTo("{\"kind\":\"notes\",\"lines\":[\"a note\"]}");
    assertThat(lines.get(1)).contains("\"rounds\":[4.0,6.0,9.0]");
    assertThat(lines.get(lines.size() - Bar.values().length))
        .contains("\"bestNative\":\"fast\"", "\"must\":0.75,\"mustMet\":true");
    assertThat(lines.get(lines.size() - Bar.values().length + 3)).doesNotContain("must");
    assertThat(lines.getLast()).contains("\"bestNative\":\"jdk\"", "\"must\":0.02");
  }

  /** Three rounds: ours 4, 6, 9 ns confined and 1.5 times the best peer's shared. */
  private static Timings known() throws Rounds.ForkFailure {
    double[] confined = {4, 6, 9};
    double[] fast = {8, 10, 12};
    int[] forks = new int[1];
    return new Rounds(ALL, confined.length)
        .run(
            (workload, allocator) -> {
              int round = forks[0]++ / (2 * ALL.size() + ARENA_FORKS);
              double nanos =
                  switch (allocator) {
                    case AllocatorUnderTest.CONFINED -> confined[round];
                    case AllocatorUnderTest.SHARED -> 1.5 * fast[round];
                    case "fast" -> fast[round];
                    default -> 3 * fast[round];
                  };
              return new Sample(nanos, 0.5);
            },
            (fork, all, what) -> {});
  }

  private static void assertParses(String line) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      while (parser.nextToken() != null) {
        parser.currentToken();
      }
    }
  }
}
