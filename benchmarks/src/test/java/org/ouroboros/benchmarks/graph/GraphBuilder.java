package org.ouroboros.benchmarks.graph;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Writes graphs for tests: header values as they should be or otherwise. */
final class GraphBuilder {

  static final String MAGIC = "OGRAPH1\n";

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final Map<String, String> header = new LinkedHashMap<>();
  private final List<String> expected = new ArrayList<>();
  private String headerLine = "";
  private int objects;
  private long edges;
  private long payloads;
  private int roots;

  GraphBuilder() {
    header.put("program", "\"test\"");
    header.put("types", "[\"a\",\"b\",\"c\"]");
  }

  /**
   * Of each kind of death: 0 and 1 a cycle that holds the leaf 2; 3 a chain to 4, which refers to
   * itself, twice; 5 a garbage cycle with 6; 7 a leaf held twice; 8 a node that holds 7 and 2.
   */
  static GraphBuilder example() {
    return new GraphBuilder()
        .object(0, 8, 1, 1)
        .object(0, 0, 0, 0, 2, 2)
        .object(1, 24, 0)
        .object(2, 3, 2, 4)
        .object(0, 16, 0, 4, 4)
        .object(0, 0, 0, 6)
        .object(0, 0, 0, 5)
        .object(1, 5, 2)
        .object(2, 0, 1, 7, 2)
        .expect("{\"kind\":\"none\"}", 0, 2)
        .expect("{\"kind\":\"all\"}", 3, 6)
        .expect("{\"kind\":\"ids\",\"ids\":[0,3]}", 1, 5)
        .expect("{\"kind\":\"mod\",\"m\":2,\"r\":0}", 1, 5)
        .expect("{\"kind\":\"exceptMod\",\"m\":3,\"r\":0}", 2, 2)
        .expect("{\"kind\":\"types\",\"types\":[\"c\",\"nosuch\"]}", 2, 3)
        .expect("{\"kind\":\"exceptTypes\",\"types\":[\"b\",\"c\"]}", 0, 4);
  }

  GraphBuilder object(long type, long payload, long external, long... targets) {
    varint(type).varint(payload).varint(external).varint(targets.length);
    for (long target : targets) {
      long delta = target - objects;
      varint(delta >= 0 ? 2 * delta : -2 * delta - 1);
    }
    objects++;
    edges += targets.length;
    payloads += payload;
    roots += external > 0 ? 1 : 0;
    return this;
  }

  GraphBuilder expect(String rule, long byCounting, long byCollector) {
    expected.add(
        "{\"dropRoots\":%s,\"freedByCounting\":%d,\"freedByCollector\":%d}"
            .formatted(rule, byCounting, byCollector));
    return this;
  }

  /** Adds an experiment as JSON, whatever it is. */
  GraphBuilder expect(String json) {
    expected.add(json);
    return this;
  }

  GraphBuilder varint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      body.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    body.write((int) rest);
    return this;
  }

  GraphBuilder raw(int... bytes) {
    for (int b : bytes) {
      body.write(b);
    }
    return this;
  }

  /** Sets a value of the header, in JSON; an empty one leaves the key out. */
  GraphBuilder header(String key, String json) {
    header.put(key, json);
    return this;
  }

  GraphBuilder headerLine(String line) {
    headerLine = line;
    return this;
  }

  /** Offset in the stream of what would be added next, if no header value changes any more. */
  long offset() {
    return MAGIC.length() + line().getBytes(StandardCharsets.UTF_8).length + 1L + body.size();
  }

  byte[] stream() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes((MAGIC + line() + "\n").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }

  byte[] gzip() {
    return gzip(stream());
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  Path write(Path file) throws IOException {
    return Files.write(file, gzip());
  }

  Graph decode() throws IOException {
    return decode(gzip());
  }

  static Graph decode(byte[] gzip) throws IOException {
    return GraphDecoder.decode("test", "test.graph.gz", new ByteArrayInputStream(gzip));
  }

  /** A bundled graph, decoded. */
  static Graph bundled(String name) {
    try (var in = BundledGraphs.open(name)) {
      return GraphDecoder.decode(name, name, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() {
    if (!headerLine.isEmpty()) {
      return headerLine;
    }
    Map<String, String> all = new LinkedHashMap<>();
    all.put("objects", "" + objects);
    all.put("edges", "" + edges);
    all.put("totalBytes", "" + (payloads + 8 * edges));
    all.put("roots", "" + roots);
    all.put("expected", expected.stream().collect(Collectors.joining(",", "[", "]")));
    all.putAll(header);
    return all.entrySet().stream()
        .filter(e -> !e.getValue().isEmpty())
        .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
