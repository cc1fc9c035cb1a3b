package org.ouroboros.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.benchmarks.micro.Sample;
import org.ouroboros.benchmarks.replay.Statistics;
import picocli.CommandLine;

/** The command line, and what follows from given samples. */
class CompareCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new CompareCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private static CompareReport report() {
    Comparison comparison =
        new Comparison(List.of(Peer.CONFINED, Peer.UNSAFE, Peer.LIBC), List.of(64, 1024));
    for (int round = 1; round <= 10; round++) {
      for (int size : comparison.sizes()) {
        comparison.add(Peer.CONFINED, size, new Sample(10 * round, 0));
        comparison.add(Peer.UNSAFE, size, new Sample((size == 64 ? 40 : 20) * round, 8));
        comparison.add(Peer.LIBC, size, new Sample(2000, Double.NaN));
      }
    }
    return new CompareReport(comparison, List.of("a note"));
  }

  @Test
  void shouldRefuseWhatIsWrong() {
    assertThat(run("--rounds", "0")).isEqualTo(2);
    assertThat(run("--sizes", "64,0")).isEqualTo(2);
    assertThat(run("nosuch")).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "--rounds takes 1 to", "--sizes takes", "unknown peer 'nosuch'", "lwjgl-mimalloc");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldDescribeItself() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("--rounds=R", "--json=FILE", "--report=FILE", "PEER");
  }

  @Test
  void shouldTakeRatiosWithinRounds() {
    Comparison comparison = report().comparison();
    assertThat(comparison.ratio(Peer.UNSAFE, 64).value()).isEqualTo(4);
    assertThat(comparison.ratio(Peer.UNSAFE, 64).low()).isEqualTo(4);
    assertThat(comparison.ratio(Peer.ARROW, 64).value()).isNaN();
    assertThat(Comparison.meets(new Statistics.Bounded(3, 2.7, 4), 3)).isTrue();
    assertThat(Comparison.meets(new Statistics.Bounded(3.1, 2.6, 4), 3)).isFalse();
    assertThat(Comparison.meets(new Statistics.Bounded(2.9, 2.9, 4), 3)).isFalse();
  }

  @Test
  void shouldReportInThreeWays() throws Exception {
    report().print(new PrintWriter(out));
    List<String> unsafe = out.toString().lines().filter(l -> l.startsWith("unsafe")).toList();
    assertThat(unsafe.get(0)).containsPattern("4\\.00 .* 3\\.00 +yes ");
    assertThat(unsafe.get(1)).containsPattern("2\\.00 .* 3\\.00 +no ");
    assertThat(out.toString()).endsWith("a note\n");
    assertThat(report().json().lines()).hasSize(1 + 2 * 3);
    assertThat(report().json()).contains("\"heapBytesPerPair\":null", "\"met\":false");
    assertThat(report().html()).contains("<svg", "unsafe", "a note", "</html>");
  }

  @Test
  void shouldTellVersions() {
    assertThat(PeerVersions.line()).doesNotContain("null", "${").contains("Netty 4.", "LWJGL 3.");
  }
}
