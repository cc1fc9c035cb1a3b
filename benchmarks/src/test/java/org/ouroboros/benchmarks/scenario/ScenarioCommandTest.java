package org.ouroboros.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.Allocators;
import picocli.CommandLine;

/** The command as its user meets it. */
class ScenarioCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private static ScenarioText example(String references) {
    return new ScenarioText()
        .op("'op':'new','obj':1,'slots':1,'fin':'log','var':'a'", "")
        .op("'op':'refcount','obj':1", "'result':" + references)
        .op("'op':'var','var':'a','to':null", "'dead':[1],'finalized':[1]");
  }

  private Path file(ScenarioText text) throws IOException {
    return text.write(folder.resolve("example.scenario.jsonl.gz"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"normal", "checked", "debug"})
  void shouldReplayAFile(String mode) throws IOException {
    Path json = folder.resolve("results.jsonl");
    int code = scenario(file(example("1")), "--mode", mode, "--json", json);
    assertThat(code).as(out.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .containsPattern("example +3 ops +\\d+\\.\\d ms +ok")
        .contains("1 scenario, 3 ops, on paged, " + mode + " mode: all as in CPython");
    assertThat(Files.readString(json))
        .isEqualTo("{\"scenario\":\"example\",\"ops\":3,\"ok\":true,\"firstMismatch\":null}\n");
  }

  @Test
  void shouldStopAtTheFirstDifference() throws IOException {
    Path json = folder.resolve("results.jsonl");
    int code = scenario(file(example("7")), "rc_order", "--json", json);
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .containsPattern("example +3 ops .* DIFFERS")
        .contains("op 2 (line 3): refcount obj 1")
        .contains("result expected: 7")
        .contains("result got:      1")
        .containsPattern("rc_order +55 ops .* ok")
        .contains("2 scenarios, 58 ops, on paged, normal mode: 1 differ");
    assertThat(Files.readAllLines(json))
        .containsExactly(
            "{\"scenario\":\"example\",\"ops\":3,\"ok\":false,\"firstMismatch\":"
                + "{\"number\":2,\"line\":3,\"op\":\"refcount obj 1\",\"field\":\"result\","
                + "\"expected\":\"7\",\"got\":\"1\"}}",
            "{\"scenario\":\"rc_order\",\"ops\":55,\"ok\":true,\"firstMismatch\":null}");
  }

  @Test
  void shouldReplayOnAnAllocator() throws IOException {
    int code = scenario(file(example("1")), "--space", "allocator:ouroboros");
    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString()).contains("on allocator:ouroboros, normal mode: all as in CPython");
  }

  @Test
  void shouldReplayAllBundledScenarios() {
    assertThat(scenario()).as(out.toString()).isZero();
    assertThat(out.toString()).contains("45 scenarios, 187,118 ops, on paged, normal mode: all");
    assertThat(out.toString().lines()).hasSize(46);
  }

  @Test
  void shouldRefuseACorruptFileInOneLine() throws IOException {
    byte[] gzip = example("1").gzip();
    Path cut = folder.resolve("cut.scenario.jsonl.gz");
    Files.write(cut, Arrays.copyOf(gzip, gzip.length - 12));
    Path json = folder.resolve("results.jsonl");
    refused(cut + ": line ", cut, "--json", json);
    assertThat(err.toString()).contains("the gzip data is cut short");
    assertNothingElse(cut);

    Path other = file(example("1").header("{'format':'other','ops':%d}"));
    refused(other + ": line 1: the format is 'other'", other);
    Path unknown = file(example("1").op("'op':'nosuch'", ""));
    refused(unknown + ": line 5: unknown op 'nosuch'", unknown);
    Path dead = file(new ScenarioText().op("'op':'refcount','obj':1", "'result':1"));
    refused(dead + ": line 2: refcount obj 1: object 1 does not exist", dead);
  }

  @Test
  void shouldRefuseFilesThatAreNotThere() throws IOException {
    refused("no scenario nowhere: no such file, and the bundled scenarios are", "nowhere");
    refused("is a folder", folder);
    refused("no such file", "a\0b");
    assertNothingElse();
  }

  @Test
  void shouldRefuseSpacesAndModesItDoesNotKnow() {
    refused("unknown space 'nosuch'; known are paged and allocator:NAME", "--space", "nosuch");
    assertThat(err.toString()).contains(Allocators.names());
    refused("'nosuch' cannot be had: the name is not known", "--space", "allocator:nosuch");
    assertThat(err.toString()).contains(Allocators.names());
    refused("'' cannot be had", "--space", "allocator:");
    refused("unknown mode 'fast'; known are normal, checked, debug", "--mode", "fast");
  }

  @Test
  void shouldRefuseAFileItCannotWriteBeforeItRuns() throws IOException {
    refused("does not exist", "--json", folder.resolve("no/such/folder.jsonl"));
    assertNothingElse();
  }

  private void refused(String message, Object... args) {
    err.getBuffer().setLength(0);
    assertThat(scenario(args)).isEqualTo(2);
    assertThat(err.toString()).startsWith("scenario: ").contains(message);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
  }

  private int scenario(Object... args) {
    return new CommandLine(new ScenarioCommand())
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
}
