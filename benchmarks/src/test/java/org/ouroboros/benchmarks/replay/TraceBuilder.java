package org.ouroboros.benchmarks.replay;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Writes traces for tests: events byte by byte, header numbers as they should be or otherwise. */
final class TraceBuilder {

  static final String MAGIC = "MTRACE1\n";

  private final ByteArrayOutputStream events = new ByteArrayOutputStream();
  private final Map<String, Long> header = new LinkedHashMap<>();
  private String headerLine = "";

  TraceBuilder() {
    for (String key :
        new String[] {
          "events",
          "mallocs",
          "callocs",
          "aligned",
          "reallocs",
          "frees",
          "threads",
          "peakLiveBytes",
          "peakLiveBlocks",
          "endLiveBlocks"
        }) {
      header.put(key, key.equals("threads") ? 1L : 0L);
    }
  }

  /** The example of the format's description. */
  static TraceBuilder example() {
    return new TraceBuilder()
        .malloc(24)
        .aligned(6, 256)
        .realloc(2, 300)
        .thread(1)
        .free(1)
        .calloc(128)
        .thread(0)
        .free(3)
        .header("threads", 2)
        .header("peakLiveBytes", 556)
        .header("peakLiveBlocks", 2)
        .header("endLiveBlocks", 1);
  }

  TraceBuilder malloc(long size) {
    return event("mallocs", Call.MALLOC, size);
  }

  TraceBuilder calloc(long size) {
    return event("callocs", Call.CALLOC, size);
  }

  TraceBuilder aligned(long log2, long size) {
    return event("aligned", Call.ALIGNED, log2, size);
  }

  TraceBuilder realloc(long back, long size) {
    return event("reallocs", Call.REALLOC, back, size);
  }

  TraceBuilder free(long back) {
    return event("frees", Call.FREE, back);
  }

  TraceBuilder thread(long thread) {
    return event("", Call.THREAD, thread);
  }

  /** Bytes that are no whole event, perhaps; no header number changes. */
  TraceBuilder raw(int... bytes) {
    for (int b : bytes) {
      events.write(b);
    }
    return this;
  }

  TraceBuilder header(String key, long value) {
    header.put(key, value);
    return this;
  }

  TraceBuilder headerLine(String line) {
    headerLine = line;
    return this;
  }

  /** Offset in the stream of the event that would be added next. */
  long offset() {
    return MAGIC.length() + line().length() + 1L + events.size();
  }

  byte[] stream() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(line().getBytes(StandardCharsets.UTF_8));
    out.write('\n');
    out.writeBytes(events.toByteArray());
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

  Trace decode() throws IOException {
    return decode(gzip());
  }

  static Trace decode(byte[] gzip) throws IOException {
    return TraceDecoder.decode("test", "test.mtrace.gz", new ByteArrayInputStream(gzip));
  }

  /** A bundled trace, decoded. */
  static Trace bundled(String name) {
    try (var in = BundledTraces.open(name)) {
      return TraceDecoder.decode(name, name, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TraceBuilder event(String counter, long... varints) {
    for (long varint : varints) {
      long rest = varint;
      while (rest >= 0x80) {
        events.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      events.write((int) rest);
    }
    header.merge("events", 1L, Long::sum);
    if (!counter.isEmpty()) {
      header.merge(counter, 1L, Long::sum);
    }
    return this;
  }

  private String line() {
    return headerLine.isEmpty()
        ? header.entrySet().stream()
            .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
            .collect(Collectors.joining(",", "{\"program\":\"test\",", "}"))
        : headerLine;
  }
}
