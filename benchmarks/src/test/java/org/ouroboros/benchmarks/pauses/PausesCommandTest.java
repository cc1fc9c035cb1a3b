package org.ouroboros.benchmarks.pauses;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as its user meets it. No time is judged. */
class PausesCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int pauses(String... arguments) {
    return new CommandLine(new PausesCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private static Map<String, String> fields(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        fields.put(name, value.isStructStart() ? "array" : parser.getText());
        parser.skipChildren();
      }
      assertThat(parser.nextToken()).isNull();
    }
    return fields;
  }

  private List<Map<String, String>> measure(String... more) throws IOException {
    Path json = folder.resolve("pauses.jsonl");
    List<String> arguments =
        new ArrayList<>(
            List.of("--objects=5000", "--seconds=0.2", "--rate=10000", "--json=" + json));
    arguments.addAll(List.of(more));
    assertThat(pauses(arguments.toArray(new String[0]))).as(err::toString).isZero();
    List<Map<String, String>> runs = new ArrayList<>();
    for (String line : Files.readAllLines(json)) {
      runs.add(fields(line));
    }
    return runs;
  }

  @Test
  void shouldWriteALineForEachRun() throws IOException {
    Path report = folder.resolve("pauses.html");
    List<Map<String, String>> runs = measure("--forks=2", "--report=" + report);
    assertThat(runs).hasSize(2);
    for (Map<String, String> run : runs) {
      assertThat(run).containsEntry("mode", "stop").containsEntry("flags", "array");
      for (String figure :
          List.of(
              "p50Ms",
              "p99Ms",
              "p999Ms",
              "maxMs",
              "operationP999Ms",
              "sleeperMaxMs",
              "minMutatorUtilization10ms",
              "maxGapMs",
              "minUtilization10msGaps",
              "maxGarbageRatio",
              "mutatorOpsPerSecond",
              "rssBytes",
              "memoryBytes",
              "committedBytes")) {
        assertThat(Double.parseDouble(run.getOrDefault(figure, "-1"))).as(figure).isNotNegative();
      }
      assertThat(Long.parseLong(run.getOrDefault("liveObjects", "0"))).isGreaterThan(20_000);
      assertThat(run.get("garbageFoundAtEnd")).isEqualTo(run.get("garbageAtEnd"));
    }
    assertThat(out.toString())
        .containsPattern("(?m)^stop +2\\d,\\d{3} ")
        .contains("Machine: ", "stop: -XX:+UseSerialGC");
    assertThat(Files.readString(report))
        .contains("<svg", "outstanding garbage", "long calls", "stop 2, sleep", "</html>")
        .doesNotContain("NaN");
  }

  @Test
  void shouldRunTheSameOnJavaObjects() throws IOException {
    List<Map<String, String>> runs = measure("--mode=java-zgc-compact", "--peers");
    assertThat(runs)
        .extracting(run -> run.get("mode"))
        .containsExactly("java-zgc-compact", "java-g1", "java-g1-compact", "java-zgc");
    for (Map<String, String> run : runs) {
      assertThat(run).containsEntry("maxGarbageRatio", "-1").containsEntry("garbageAtEnd", "-1");
      assertThat(run).containsEntry("maxGapMs", "-1");
      assertThat(Double.parseDouble(run.getOrDefault("maxMs", "-1"))).isPositive();
      assertThat(Double.parseDouble(run.getOrDefault("committedBytes", "-1"))).isPositive();
    }
    assertThat(out.toString())
        .containsPattern("java-zgc: -Xmx[0-9]+m -XX:\\+UseZGC -XX:-UseCompactObject")
        .contains("java-g1: -Xmx16m -XX:+UseG1GC -XX:-UseCompactObject");
  }

  @Test
  void shouldTellWhatWasNotTimed() throws IOException {
    List<Map<String, String>> runs = measure("--closed", "--full-at=0.5");
    assertThat(runs).hasSize(1);
    assertThat(runs.getFirst())
        .containsEntry("closed", "true")
        .containsEntry("rate", "-1")
        .containsEntry("fullAt", "0.5")
        .containsEntry("p99Ms", "-1")
        .containsEntry("minMutatorUtilization10ms", "-1");
  }

  @Test
  void shouldRefuseWhatItCannotDo() {
    for (String[] bad :
        new String[][] {
          {"--objects", "1"},
          {"--objects", "100000001"},
          {"--seconds", "0"},
          {"--seconds", "NaN"},
          {"--rate", "0"},
          {"--forks", "0"},
          {"--full-at", "-1"},
          {"--full-at", "NaN"},
          {"--full-at", "1", "--peers"},
          {"--mode", "nonsense"},
          {"--mode", ""},
          {"--json", folder.resolve("no/such").toString()},
          {"--report", folder.resolve("no/such").toString()}
        }) {
      err.getBuffer().setLength(0);
      assertThat(pauses(bad)).isEqualTo(2);
      assertThat(err.toString().lines()).hasSize(1);
      assertThat(err.toString()).startsWith("pauses: ");
    }
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldSayInOneLineThatAProcessFailed() {
    assertThat(pauses("--objects=100", "--seconds=0.1", "--jvm-args=-Xnosuch")).isEqualTo(1);
    assertThat(err.toString()).contains("pauses: stop: the process died: ");
  }
}
