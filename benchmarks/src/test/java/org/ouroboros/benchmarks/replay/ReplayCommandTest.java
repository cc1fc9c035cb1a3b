package org.ouroboros.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as its user meets it. */
class ReplayCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void shouldMeasureATraceAndWriteWhatItFound() throws IOException {
    Path trace = TraceBuilder.example().write(folder.resolve("example.mtrace.gz"));
    Path json = folder.resolve("results.jsonl");
    Path report = folder.resolve("report.html");

    int code =
        replay(
            trace,
            "--allocators",
            "ouroboros,libc",
            "--repeat",
            "3",
            "--json",
            json,
            "--report",
            report);

    assertThat(err.toString()).isEqualToIgnoringNewLines("verifyingmemorytiming");
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("example: 8 events, 2 threads, live peak")
        .containsPattern("ouroboros +\\d+\\.\\d")
        .containsPattern("libc +\\d+\\.\\d.* 1\\.00 .* yes");
    List<String> lines = Files.readAllLines(json);
    assertThat(lines).hasSize(2);
    assertThat(keys(lines.getFirst()))
        .containsExactly(
            "trace",
            "allocator",
            "events",
            "nsPerEvent",
            "nsPerEventMin",
            "peakRssBytes",
            "peakCommittedBytes",
            "peakLiveBytes",
            "verified");
    assertThat(lines.getFirst())
        .startsWith("{\"trace\":\"example\",\"allocator\":\"ouroboros\",\"events\":8,")
        .endsWith("\"peakLiveBytes\":556,\"verified\":true}");
    assertThat(Files.readString(report))
        .startsWith("<!DOCTYPE html>")
        .contains("<svg", "prefers-color-scheme", "example", "-XX:+UseSerialGC")
        .doesNotContain("http:", "https:", "src=", "@import", "url(");
    assertNothingElse(trace, json, report);
  }

  @Test
  void shouldMeasureOnThreads() throws IOException {
    Path trace = TraceBuilder.example().write(folder.resolve("example.mtrace.gz"));
    int code = replay(trace, "--threads", "--allocators", "ouroboros", "--repeat", "1");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("ouroboros is the shared face");
  }

  @Test
  void shouldMeasureATraceWithoutEvents() throws IOException {
    Path trace = new TraceBuilder().write(folder.resolve("empty.mtrace.gz"));
    Path json = folder.resolve("results.jsonl");
    int code = replay(trace, "--allocators", "libc", "--repeat", "1", "--json", json);
    assertThat(code).as(err.toString()).isZero();
    assertThat(Files.readString(json)).contains("\"events\":0,\"nsPerEvent\":0.0,");
  }

  @Test
  void shouldRefuseACorruptTraceInOneLine() throws IOException {
    byte[] gzip = TraceBuilder.example().gzip();
    Path trace = folder.resolve("cut.mtrace.gz");
    Files.write(trace, Arrays.copyOf(gzip, gzip.length - 12));
    Path json = folder.resolve("results.jsonl");
    Path report = folder.resolve("report.html");
    refused(
        trace + ": byte " + (gzip.length - 12) + " of the file: the gzip data is cut short",
        trace,
        "--json",
        json,
        "--report",
        report);
    assertNothingElse(trace);
  }

  @Test
  void shouldRefuseATraceThatIsNotThere() {
    refused("no trace nowhere: no such file", "nowhere");
    refused("is a folder", folder);
  }

  @Test
  void shouldRefuseAllocatorsItDoesNotKnow() {
    refused("unknown allocator 'nosuch'; known are ", "--allocators", "libc,nosuch");
    assertThat(err.toString()).contains("libc").contains("ouroboros");
    refused("unknown allocator ''", "--allocators", "");
  }

  @Test
  void shouldRefuseFilesItCannotWriteBeforeItRuns() throws IOException {
    refused("does not exist", "--json", folder.resolve("no/such/folder.jsonl"));
    refused("is a folder", "--report", folder);
    assertNothingElse();
  }

  @Test
  void shouldRefuseNumbersOutOfRange() {
    refused("--repeat takes 1 to 10000", "--repeat", "0");
    refused("--forks takes 1 to 1000", "--forks", "0");
  }

  @Test
  void shouldListAllocatorsAndTraces() {
    assertThat(replay("--list")).isZero();
    assertThat(out.toString())
        .containsPattern("ouroboros +found")
        .containsPattern("libc +found")
        .contains("rsyslog-mt");
  }

  private void refused(String message, Object... args) {
    err.getBuffer().setLength(0);
    assertThat(replay(args)).isEqualTo(2);
    assertThat(err.toString()).startsWith("replay: ").contains(message);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
  }

  private int replay(Object... args) {
    return new CommandLine(new ReplayCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
  }

  /** That there is nothing in the folder but these files. */
  private void assertNothingElse(Path... files) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).containsExactlyInAnyOrder(files);
    }
  }

  private static List<String> keys(String json) throws IOException {
    List<String> keys = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          keys.add(parser.currentName());
        }
      }
    }
    return keys;
  }
}
