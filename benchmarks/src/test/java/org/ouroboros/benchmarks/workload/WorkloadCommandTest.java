package org.ouroboros.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line, with next to no work. */
class WorkloadCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new WorkloadCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void shouldRefuseWhatIsOutOfRange() {
    assertThat(run("--forks", "0")).isEqualTo(2);
    assertThat(run("--threads", "0")).isEqualTo(2);
    assertThat(run("--scale", "NaN")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--forks takes 1 to", "--threads takes 1 to", "--scale takes numbers above 0");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldListWhatItKnows() {
    assertThat(run("nosuch")).isEqualTo(2);
    assertThat(err.toString()).contains("unknown workload 'nosuch'", "larson");
    assertThat(run("larson", "--allocators", "malloc")).isEqualTo(2);
    assertThat(err.toString()).contains("unknown allocator 'malloc'", "ouroboros-confined");
  }

  @Test
  void shouldMeasureInForksAndWriteAllReports(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("w.json");
    Path page = folder.resolve("w.html");
    int code =
        run(
            "cache-thrash",
            "mstress",
            "--allocators=ouroboros,libc",
            "--forks=1",
            "--scale=0.01",
            "--json=" + json,
            "--report=" + page);
    assertThat(err.toString()).isEqualToIgnoringNewLines("workloads");
    assertThat(code).isZero();
    assertThat(out.toString()).contains("mstress: ", "to libc", "each", "a claim needs 10");
    assertThat(Files.readAllLines(json)).hasSize(1 + 2 * 2 + 3);
    assertThat(Files.readString(page)).contains("<svg", "cache-thrash", "</html>");
  }

  @Test
  void shouldSayInOneLineThatAForkFailed() {
    assertThat(run("mleak", "--allocators=ouroboros", "--forks=1", "--jvm-args=-Xnosuch"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("workload: mleak on ouroboros: the JVM died: ");
  }
}
