package org.ouroboros.benchmarks.scenario;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes scenarios line by line. */
final class ScenarioText {

  static final String NAME = "example";

  private final List<String> lines = new ArrayList<>();
  private String header = "{\"format\":\"scenario/1\",\"name\":\"example\",\"ops\":%d}";

  /** Another header; {@code %d} becomes the number of ops. */
  ScenarioText header(String format) {
    header = format.replace('\'', '"');
    return this;
  }

  /** Adds a line; single quotes become double ones. */
  ScenarioText line(String line) {
    lines.add(line.replace('\'', '"'));
    return this;
  }

  /** Adds an op. */
  ScenarioText op(String fields, String expect) {
    return line("{" + fields + ",'expect':{" + expect + "}}");
  }

  byte[] gzip() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write((header.formatted(lines.size()) + "\n").getBytes(StandardCharsets.UTF_8));
      for (String line : lines) {
        gzip.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  Path write(Path file) throws IOException {
    return Files.write(file, gzip());
  }

  Scenario read() throws IOException {
    return ScenarioReader.read(NAME, new ByteArrayInputStream(gzip()));
  }
}
