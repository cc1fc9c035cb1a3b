package org.ouroboros.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as its user meets it. No time is judged. */
class LatencyCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void shouldMeasureAndWriteWhatItFound() throws IOException {
    Path json = folder.resolve("results.jsonl");
    Path report = folder.resolve("report.html");

    int code =
        latency(
            "--allocators",
            "ouroboros,clock",
            "--seconds",
            "0.05",
            "--forks",
            "1",
            "--json",
            json.toString(),
            "--report",
            report.toString());

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("ouroboros +malloc +[\\d,]+ +[\\d,]+ +[\\d,]+ +[\\d,]+ +[\\d,]+")
        .containsPattern("clock +malloc")
        .containsPattern(" free ")
        .containsPattern(" late +5,000 ")
        .containsPattern(" sleep ");
    List<String> lines = Files.readAllLines(json);
    assertThat(lines).hasSize(2);
    for (String line : lines) {
      try (JsonParser parser = new JsonFactory().createParser(line)) {
        assertThat(parser.nextToken()).isNotNull();
        parser.skipChildren();
        assertThat(parser.nextToken()).isNull();
      }
      assertThat(line).contains("\"malloc\":{\"calls\":").contains("\"p99.99\":");
    }
    assertThat(Files.readString(report)).contains("<svg").contains("90 %").doesNotContain("NaN");
  }

  @Test
  void shouldRefuseWhatItCannotDo() {
    for (String[] bad :
        new String[][] {
          {"--rate", "0"},
          {"--seconds", "0"},
          {"--forks", "0"},
          {"--slots", "1"},
          {"--allocators", "nonsense"},
          {"--json", folder.resolve("no/such").toString()}
        }) {
      err.getBuffer().setLength(0);
      assertThat(latency(bad)).isEqualTo(2);
      assertThat(err.toString().lines()).hasSize(1);
      assertThat(err.toString()).startsWith("latency: ");
    }
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldCountWhatTheThreadDidBetweenTheLastMarks() {
    SystemCalls calls =
        SystemCalls.parse(
            List.of(
                "10 access(\"ouroboros-latency-begin\", F_OK) = -1",
                "10 mmap(NULL, 4096) = 0x1",
                "10 access(\"ouroboros-latency-end\", F_OK) = -1",
                "10 access(\"ouroboros-latency-begin\", F_OK) = -1",
                "10 madvise(0x1, 4096, 4) = 0",
                "11 mmap(NULL, 4096) = 0x1",
                "10 futex(0x1, FUTEX_WAKE <unfinished ...>",
                "10 <... futex resumed>) = 1",
                "10 madvise(0x1, 4096, 4) = 0",
                "10 access(\"ouroboros-latency-end\", F_OK) = -1",
                "10 munmap(0x1, 4096) = 0"),
            7);
    assertThat(calls.calls()).isEqualTo(Map.of("madvise", 2, "futex", 1));
    assertThat(calls.total()).isEqualTo(3);
    assertThat(calls.names()).isEqualTo("1 futex, 2 madvise");
    assertThat(calls.pageFaults()).isEqualTo(7);
  }

  @Test
  void shouldAskTheSystemForNothingWhenWarmedUp() throws IOException {
    Assumptions.assumeTrue(SystemCalls.isPossible(), "strace is not installed");
    SystemCalls calls;
    try {
      calls = SystemCalls.of("ouroboros", 100_000, 20_000);
    } catch (IOException e) {
      // Where processes may not trace each other, as in some containers.
      Assumptions.abort(e.getMessage());
      return;
    }
    assertThat(calls.calls())
        .doesNotContainKeys("mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "mlock");
  }

  private int latency(String... arguments) {
    return new CommandLine(new LatencyCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
