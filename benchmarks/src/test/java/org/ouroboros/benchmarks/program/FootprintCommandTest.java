package org.ouroboros.benchmarks.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What objects of two references take. */
class FootprintCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new FootprintCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void shouldShowOurHeapAndJavaObjects() {
    assertThat(run("--objects", "200000")).as(err::toString).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^ouroboros +\\d")
        .containsPattern("(?m)^g1 +\\d")
        .containsPattern("(?m)^g1-compact +\\d")
        .contains("200,000 objects")
        .contains("-XX:-UseCompactObjectHeaders");
  }

  @Test
  void shouldRefuseWhatIsNoCount() {
    assertThat(run("--objects", "0")).isEqualTo(2);
    assertThat(err.toString()).startsWith("footprint: --objects takes 1 to ");
  }

  @Test
  void shouldCountSixteenBytesForEachObjectOnOurHeap() throws IOException {
    FootprintWorker.Footprint found = FootprintWorker.onHeap(1_000_000);
    assertThat(found.used() / 1e6).isBetween(16.0, 16.0 * 1.10);
  }

  @Test
  void shouldCountTheRingOfJavaObjectsWhileItIsAlive() throws IOException {
    // an object of two references is at least its header, 8 or 12 bytes, and 8 more
    assertThat(FootprintWorker.onJava(1_000_000).used() / 1e6).isBetween(16.0, 33.0);
  }
}
