package org.ouroboros.benchmarks.graph;

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
class GraphCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void shouldCollectAGraphAndWriteWhatItFound() throws IOException {
    Path graph = GraphBuilder.example().write(folder.resolve("example.graph.gz"));
    Path json = folder.resolve("results.jsonl");
    Path report = folder.resolve("report.html");

    int code = graph(graph, "--json", json, "--report", report);

    assertThat(code).as(err.toString()).isZero();
    assertThat(err.toString()).isEqualToIgnoringNewLines("example");
    assertThat(out.toString())
        .contains("example: 9 objects, 11 edges, 4 roots")
        .containsPattern("paged +\\d+\\.\\d+ .* \\d+\\.\\d")
        .containsPattern("2 objects by id +1 +1 +5 +5 +ok")
        .doesNotContain("DIFFERS");
    List<String> lines = Files.readAllLines(json);
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .startsWith("{\"graph\":\"example\",\"space\":\"paged\",\"objects\":9,\"edges\":11,")
        .contains(
            "{\"rule\":{\"kind\":\"ids\",\"ids\":[0,3]},\"freedByCounting\":1,"
                + "\"freedByCollector\":5,\"expectedByCounting\":1,\"expectedByCollector\":5,"
                + "\"ok\":true}");
    assertThat(keys(lines.getFirst()))
        .containsExactly(
            "graph",
            "space",
            "objects",
            "edges",
            "heapBytes",
            "committedBytes",
            "metadataBytes",
            "leastBytes",
            "bytesPerObject",
            "loadNsPerObject",
            "liveCollectNsPerObject",
            "dropNsPerObject",
            "deadCollectNsPerObject",
            "asDumpedCollectNsPerObject",
            "experiments");
    assertThat(lines.getFirst()).doesNotContain(":-1");
    assertThat(Files.readString(report))
        .startsWith("<!DOCTYPE html>")
        .contains("<svg", "prefers-color-scheme", "example", "Bytes by type", "generation 0")
        .contains("Pauses", "<b class=\"good\">7 of 7</b>")
        .doesNotContain("http:", "https:", "src=", "@import", "url(");
    assertNothingElse(graph, json, report);
  }

  @Test
  void shouldCollectSeveralGraphsOnAnAllocatorWithoutTimes() throws IOException {
    Path one = GraphBuilder.example().write(folder.resolve("one.graph.gz"));
    Path two = new GraphBuilder().write(folder.resolve("two"));
    Path json = folder.resolve("results.jsonl");
    int code =
        graph(
            one,
            two,
            "--space",
            "allocator:ouroboros",
            "--mode",
            "debug",
            "--experiments-only",
            "--json",
            json);
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("one: 9 objects", "two: 0 objects", "mode debug")
        .containsPattern("allocator:ouroboros .* -  +- +- +-");
    assertThat(Files.readAllLines(json))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("{\"graph\":\"two\",\"space\":\"allocator:ouroboros\",\"objects\":0,")
        .contains("\"bytesPerObject\":0.0,\"loadNsPerObject\":-1.0,")
        .endsWith("\"experiments\":[]}");
  }

  @Test
  void shouldSayWhatDiffers() throws IOException {
    Path graph =
        GraphBuilder.example()
            .expect("{\"kind\":\"none\"}", 0, 3)
            .write(folder.resolve("wrong.graph.gz"));
    Path json = folder.resolve("results.jsonl");
    assertThat(graph(graph, "--experiments-only", "--json", json)).isEqualTo(1);
    assertThat(out.toString()).containsPattern("none +0 +0 +2 +3 +DIFFERS");
    assertThat(Files.readString(json))
        .contains("\"expectedByCounting\":0,\"expectedByCollector\":3,\"ok\":false}");
  }

  @Test
  void shouldRefuseACorruptGraphInOneLine() throws IOException {
    Path good = GraphBuilder.example().write(folder.resolve("good.graph.gz"));
    GraphBuilder builder = GraphBuilder.example();
    long offset = builder.offset();
    Path bad = builder.raw(0).write(folder.resolve("bad.graph.gz"));
    Path json = folder.resolve("results.jsonl");
    refused(
        bad + ": byte " + offset + " of the decompressed stream: something follows the last object",
        good,
        bad,
        "--json",
        json);
    assertNothingElse(good, bad);
  }

  @Test
  void shouldRefuseAFileThatIsNoGraph() throws IOException {
    Path file = Files.writeString(folder.resolve("text.graph.gz"), "hello");
    refused(
        file + ": byte 0 of the decompressed stream: not a gzip file (byte 0 of the file)", file);
  }

  @Test
  void shouldRefuseAGraphThatIsNotThere() {
    refused("no graph nowhere: no such file, and the bundled graphs are ast_parents", "nowhere");
    refused("is a folder", folder);
  }

  @Test
  void shouldRefuseSpacesAndModesItDoesNotKnow() {
    refused("unknown space 'moon'; known are paged and allocator:ouroboros", "--space", "moon");
    refused("the name is not known; known are ouroboros, ", "--space", "allocator:nosuch");
    refused("unknown mode 'strict'; known are normal, checked, debug", "--mode", "strict");
  }

  @Test
  void shouldRefuseFilesItCannotWriteBeforeItRuns() throws IOException {
    refused("does not exist", "--json", folder.resolve("no/such/folder.jsonl"));
    refused("is a folder", "--report", folder);
    assertNothingElse();
  }

  private void refused(String message, Object... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    assertThat(graph(args)).isEqualTo(2);
    assertThat(err.toString()).startsWith("graph: ").contains(message);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
  }

  private int graph(Object... args) {
    return new CommandLine(new GraphCommand())
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

  /** The keys of the outermost object. */
  private static List<String> keys(String json) throws IOException {
    List<String> keys = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        keys.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
    }
    return keys;
  }
}
