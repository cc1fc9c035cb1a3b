package org.ouroboros.benchmarks.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as they should be, and every way in which they can be wrong. */
class GraphDecoderTest {

  private static final int HEADER = GraphBuilder.MAGIC.length();

  @Test
  void shouldDecodeAGraph() throws IOException {
    Graph graph = GraphBuilder.example().header("description", "\"all kinds\"").decode();

    assertThat(graph.name()).isEqualTo("test");
    assertThat(graph.header().program()).isEqualTo("test");
    assertThat(graph.header().description()).isEqualTo("all kinds");
    assertThat(graph.objects()).isEqualTo(9);
    assertThat(graph.edges()).isEqualTo(11);
    assertThat(graph.header().roots()).isEqualTo(4);
    assertThat(graph.header().totalBytes()).isEqualTo(56 + 88);
    assertThat(graph.header().types()).containsExactly("a", "b", "c");
    assertThat(Arrays.copyOf(graph.types(), 9)).containsExactly(0, 0, 1, 2, 0, 0, 0, 1, 2);
    assertThat(Arrays.copyOf(graph.payloads(), 9)).containsExactly(8, 0, 24, 3, 16, 0, 0, 5, 0);
    assertThat(Arrays.copyOf(graph.externals(), 9)).containsExactly(1, 0, 0, 2, 0, 0, 0, 2, 1);
    assertThat(Arrays.copyOf(graph.starts(), 10)).containsExactly(0, 1, 4, 4, 5, 7, 8, 9, 9, 11);
    assertThat(Arrays.copyOf(graph.targets(), 11)).containsExactly(1, 0, 2, 2, 4, 4, 4, 6, 5, 7, 2);
    assertThat(graph.edgeCount(1)).isEqualTo(3);
    assertThat(graph.header().experiments()).hasSize(7);
    assertThat(graph.header().experiments().get(2).ruleJson())
        .isEqualTo("{\"kind\":\"ids\",\"ids\":[0,3]}");
    assertThat(graph.header().experiments().get(2).expectedByCollector()).isEqualTo(5);
  }

  @Test
  void shouldDecodeAGraphWithoutObjects() throws IOException {
    assertThat(new GraphBuilder().decode().objects()).isZero();
  }

  @Test
  void shouldTakeKeysInAnyOrderAndIgnoreOthers() throws IOException {
    String line =
        "{\"expected\":[{\"more\":{\"a\":[1]},\"freedByCollector\":2,\"freedByCounting\":1,"
            + "\"dropRoots\":{\"types\":[\"x\"],\"more\":[{}],\"kind\":\"types\"}}],\"roots\":1,"
            + "\"types\":[\"x\"],\"totalBytes\":3,\"edges\":0,\"objects\":1,\"keep\":[0],"
            + "\"program\":\"p\",\"ratio\":1.5,\"none\":null}";
    Graph graph = new GraphBuilder().headerLine(line).object(0, 3, 1).decode();
    Experiment experiment = graph.header().experiments().getFirst();
    assertThat(experiment.rule().drops(0, 0)).isTrue();
    assertThat(experiment.ruleJson())
        .isEqualTo("{\"types\":[\"x\"],\"more\":[{}],\"kind\":\"types\"}");
  }

  @Test
  void shouldDecodeNumbersOfSeveralBytes() throws IOException {
    GraphBuilder builder = new GraphBuilder().object(0, Integer.MAX_VALUE, 1 << 21);
    for (int i = 1; i <= 300; i++) {
      builder.object(0, 0, 0, 0, i, 300 - i);
    }
    Graph graph = builder.decode();
    assertThat(graph.payloads()[0]).isEqualTo(Integer.MAX_VALUE);
    assertThat(graph.externals()[0]).isEqualTo(1 << 21);
    assertThat(graph.targets()[3 * 299 + 1]).isEqualTo(300);
    assertThat(graph.targets()[3 * 9 + 2]).isEqualTo(290);
  }

  @Test
  void shouldRefuseWhatIsNotGzip() {
    refuse(new byte[0], 0, "the file is empty, not gzip (byte 0 of the file)");
    byte[] text = "OGRAPH1\n{}\n".getBytes(StandardCharsets.UTF_8);
    refuse(text, 0, "not a gzip file (byte 0 of the file)");
  }

  @Test
  void shouldRefuseAnotherMagic() {
    refuse(GraphBuilder.gzip("OGRAPH2\n".getBytes(StandardCharsets.UTF_8)), 6, "not a graph");
    refuse(GraphBuilder.gzip(new byte[0]), 0, "not a graph");
  }

  @Test
  void shouldRefuseAFileThatIsCutShort() {
    byte[] gzip = GraphBuilder.example().gzip();
    int length = GraphBuilder.example().stream().length;
    byte[] cut = Arrays.copyOf(gzip, gzip.length - 8);
    refuse(cut, length, "the gzip data is cut short (byte " + cut.length + " of the file)");
  }

  @Test
  void shouldRefuseAWrongChecksumAndWhatFollowsTheFile() {
    byte[] gzip = GraphBuilder.example().gzip();
    int length = GraphBuilder.example().stream().length;
    byte[] wrong = gzip.clone();
    wrong[gzip.length - 8] ^= 1;
    refuse(wrong, length, "wrong checksum");
    refuse(Arrays.copyOf(gzip, gzip.length + 1), length, "something follows the gzip data");
  }

  @Test
  void shouldRefuseAStreamThatIsCutShort() {
    byte[] stream = GraphBuilder.example().stream();
    int line = new String(stream, StandardCharsets.ISO_8859_1).indexOf('\n', HEADER);
    for (int length = HEADER; length <= line; length += 37) {
      refuse(cut(stream, length), length, "cut short inside the header");
    }
    for (int length = line + 1; length < stream.length; length++) {
      refuse(cut(stream, length), length, "cut short at object ");
    }
  }

  @Test
  void shouldRefuseBytesAfterTheLastObject() {
    GraphBuilder builder = GraphBuilder.example();
    refuse(builder.raw(0).gzip(), builder.offset() - 1, "something follows the last object");
  }

  @Test
  void shouldRefuseAnOverflowingNumber() {
    GraphBuilder builder = GraphBuilder.example().header("objects", "10").varint(0);
    long offset = builder.offset();
    builder.raw(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1);
    refuse(builder.gzip(), offset, "a number of more than 63 bits");
  }

  @Test
  void shouldRefuseATypeOutOfRange() {
    GraphBuilder builder = GraphBuilder.example().header("objects", "10");
    long offset = builder.offset();
    refuse(builder.object(3, 0, 1).gzip(), offset, "object 9 has type 3, but there are 3");
  }

  @Test
  void shouldRefuseNumbersThatNoHeapTakes() {
    long many = 1L << 31;
    GraphBuilder payload = new GraphBuilder().header("objects", "1").varint(0);
    long offset = payload.offset();
    refuse(payload.varint(many).gzip(), offset, "2147483648 payload bytes");
    GraphBuilder external = new GraphBuilder().header("objects", "1").varint(0).varint(0);
    offset = external.offset();
    refuse(external.varint(many).gzip(), offset, "2147483648 external references");
    GraphBuilder edges = new GraphBuilder().header("objects", "1").raw(0, 0, 1);
    offset = edges.offset();
    refuse(edges.varint(many).gzip(), offset, "2147483648 edges");
  }

  @ParameterizedTest
  @CsvSource({"0, 1, -1", "0, 2, 1", "0, 3, -2", "0, 9223372036854775806, 4611686018427387903"})
  void shouldRefuseATargetOutOfRange(int type, long zigzag, long target) {
    GraphBuilder builder =
        new GraphBuilder().header("objects", "1").header("edges", "1").raw(type, 0, 1, 1);
    long offset = builder.offset();
    refuse(builder.varint(zigzag).gzip(), offset, "object 0 refers to object " + target + " of 1");
  }

  @ParameterizedTest
  @CsvSource({
    "edges, 12, 'the header says edges 12, but the objects give 11'",
    "roots, 5, 'the header says roots 5, but the objects give 4'",
    "totalBytes, 1, 'the header says totalBytes 1, but the objects give 144'"
  })
  void shouldRefuseAHeaderThatContradictsTheObjects(String key, String value, String message) {
    GraphBuilder builder = GraphBuilder.example().header(key, value);
    refuse(builder.gzip(), builder.offset(), message);
  }

  @Test
  void shouldRefuseMoreEdgesThanTheHeaderSays() {
    GraphBuilder builder = GraphBuilder.example().header("edges", "10");
    refuse(builder.gzip(), builder.offset() - 3, "says edges 10, but object 8 exceeds them");
  }

  @Test
  void shouldRefuseMoreOrFewerObjectsThanTheHeaderSays() {
    GraphBuilder more = GraphBuilder.example().header("objects", "10");
    refuse(more.gzip(), more.offset(), "cut short at object 9 of 10");
    GraphBuilder fewer = GraphBuilder.example().header("objects", "8").header("expected", "[]");
    refuse(fewer.gzip(), fewer.offset() - 6, "something follows the last object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"program", "objects", "edges", "totalBytes", "roots", "types", "expected"})
  void shouldRefuseAHeaderThatLacksSomething(String key) {
    refuse(GraphBuilder.example().header(key, "").gzip(), HEADER, "\"" + key + "\"");
    refuse(GraphBuilder.example().header(key, "null").gzip(), -1, "\"" + key + "\"");
  }

  @Test
  void shouldRefuseNumbersOfTheHeaderOutOfRange() {
    refuse(GraphBuilder.example().header("objects", "-1").gzip(), HEADER, "says objects -1");
    refuse(
        GraphBuilder.example().header("objects", "2147483647").gzip(),
        HEADER,
        "says objects 2147483647, more than can be loaded");
    refuse(
        GraphBuilder.example().header("edges", "99999999999999999999").gzip(),
        -1,
        "the header is no JSON");
  }

  @Test
  void shouldRefuseAHeaderThatIsNoJson() {
    refuse(new GraphBuilder().headerLine("[]").gzip(), HEADER, "the header is no JSON object");
    refuse(new GraphBuilder().headerLine("{\"a\":1").gzip(), HEADER + 6, "is no JSON");
    refuse(new GraphBuilder().headerLine("{\"a\":1} 7").gzip(), HEADER + 8, "follows the header");
    refuse(new GraphBuilder().headerLine("{\"a\":nix}").gzip(), -1, "is no JSON");
    refuse(new GraphBuilder().headerLine("{\"a\":\"\u0001\"}").gzip(), -1, "is no JSON");
  }

  @Test
  void shouldRefuseTypesAndExperimentsThatAreNone() {
    refuse(GraphBuilder.example().header("types", "[1]").gzip(), -1, "\"types\" has something");
    refuse(GraphBuilder.example().expect("7").gzip(), -1, "\"expected\" has something");
    refuse(GraphBuilder.example().expect("{}").gzip(), -1, "an experiment lacks");
    String rule = "{\"dropRoots\":{\"kind\":\"all\"},\"freedByCounting\":0}";
    refuse(GraphBuilder.example().expect(rule).gzip(), -1, "an experiment lacks");
  }

  private static byte[] cut(byte[] stream, int length) {
    return GraphBuilder.gzip(Arrays.copyOf(stream, length));
  }

  /** That decoding fails there; -1 is anywhere in the header. */
  static void refuse(byte[] gzip, long offset, String message) {
    assertThatExceptionOfType(GraphException.class)
        .isThrownBy(() -> GraphBuilder.decode(gzip))
        .withMessageContaining(message)
        .withMessageStartingWith("test.graph.gz: byte ")
        .satisfies(
            e -> {
              assertThat(e.getMessage().lines()).hasSize(1);
              assertThat(e.getMessage())
                  .contains("byte " + e.offset() + " of the decompressed stream: ");
              if (offset >= 0) {
                assertThat(e.offset()).isEqualTo(offset);
              } else {
                assertThat(e.offset()).isBetween((long) HEADER, 10_000L);
              }
            });
  }
}
