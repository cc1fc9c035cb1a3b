package org.ouroboros.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.benchmarks.micro.Sample;
import org.ouroboros.benchmarks.replay.Statistics;
import picocli.CommandLine;

/** The command line, what a mixed load does, and what follows from given figures. */
class NettyCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new NettyCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void shouldRefuseWhatIsWrong() {
    assertThat(run("--rounds", "0")).isEqualTo(2);
    assertThat(run("--live", "0")).isEqualTo(2);
    assertThat(run("--nosuch")).isEqualTo(2);
    assertThat(err.toString()).contains("--rounds takes 1 to", "--live takes", "nosuch");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldMeasureTheMemoryOfEach() {
    assertThat(run("--rounds", "1", "--live", "500", "--no-time")).as(err.toString()).isZero();
    assertThat(out.toString().lines().filter(line -> line.startsWith("netty-"))).hasSize(5);
    assertThat(out.toString()).contains("netty-adaptive", "500 live direct buffers", "Netty 4.");
    assertThat(out.toString()).containsPattern("netty-ouroboros .* 1\\.00 +(yes|no) ");
  }

  @Test
  void shouldKeepAsManyBuffersAsItIsTold() {
    try (NettyPair pair = NettyPair.over("ouroboros_debug")) {
      BufferPattern pattern = new BufferPattern(pair.allocator(), 100, 1);
      pattern.replace(2000);
      assertThat(pattern.liveBytes()).isBetween(100L * 64, 100L * 65_536);
      pattern.releaseMost();
      assertThat(pattern.liveBytes()).isPositive();
      pattern.releaseAll();
      assertThat(pattern.liveBytes()).isZero();
    } // which throws if a buffer is live
  }

  @Test
  void shouldTakeRatiosToTheBase() throws IOException {
    Comparison comparison =
        new Comparison(
            List.of(Peer.NETTY_ADAPTIVE, Peer.NETTY_OUROBOROS), List.of(64), Peer.NETTY_ADAPTIVE);
    comparison.add(Peer.NETTY_ADAPTIVE, 64, new Sample(40, 0));
    comparison.add(Peer.NETTY_OUROBOROS, 64, new Sample(20, 0));
    assertThat(comparison.ratio(Peer.NETTY_OUROBOROS, 64).value()).isEqualTo(0.5);
    assertThat(Comparison.staysBelow(new Statistics.Bounded(0.7, 0.6, 0.77), 0.7)).isTrue();
    assertThat(Comparison.staysBelow(new Statistics.Bounded(0.7, 0.6, 0.78), 0.7)).isFalse();
    assertThat(Comparison.staysBelow(new Statistics.Bounded(0.71, 0.7, 0.72), 0.7)).isFalse();
    BufferMemory ours = BufferMemory.parse("ours", List.of("a warning", "ok 1 80 30 20"));
    BufferMemory theirs = BufferMemory.parse("theirs", List.of("ok 1 150 60 50"));
    assertThat(ours.total()).isEqualTo(100);
    assertThat(NettyCommand.ratio(List.of(ours), List.of(theirs), BufferMemory::total).value())
        .isEqualTo(0.5);
    assertThatThrownBy(() -> BufferMemory.parse("ours", List.of("no memory")))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("ours", "no memory");
  }
}
