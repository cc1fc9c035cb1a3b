package org.ouroboros.allocator.trace;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.ouroboros.allocator.output.WholeFile;
import org.ouroboros.allocator.trace.SnapshotException.Kind;

/**
 * The format of snapshots in files, version 2. Numbers are big-endian.
 *
 * <pre>
 *   offset 0    8 bytes   "OUROSNAP"
 *          8    int       version, 2
 *         12    long      length of the body, in bytes
 *         20    body
 *          .    int       CRC-32C of the body
 *
 *   body        int       frames of a stack that were kept
 *               long      mean bytes between samples, 0 if every block is there
 *               int       number of strings; of each: int length, UTF-8
 *               int       number of stacks; of each: int number of frames, int frames of the
 *                         whole stack or -1; of each frame: int file, int line, int class,
 *                         int method: indices of strings
 *               int       number of traces; of each: int domain, long address, long size,
 *                         double weight, int index of its stack
 * </pre>
 *
 * <p>Version 1, which is read too, has nothing of the whole stack.
 */
final class SnapshotFile {

  private static final byte[] MAGIC = "OUROSNAP".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 2;

  /** The last version without {@link Traceback#totalFrames}. */
  private static final int WITHOUT_TOTALS = 1;

  private static final int UNKNOWN_TOTAL = -1;
  private static final int LENGTH_AT = 12;
  private static final int HEADER = 20;

  /** The largest body, and what is behind it: an array has no room for more. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 2 * HEADER;

  private SnapshotFile() {}

  // -------------------------------------------------------------------- writing

  static void write(Snapshot snapshot, Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(encode(snapshot));
      WholeFile.write(
          file,
          true,
          channel -> {
            while (bytes.hasRemaining()) {
              channel.write(bytes);
            }
          });
    } catch (IOException e) {
      throw new SnapshotException(
          file,
          Kind.UNREADABLE,
          "the snapshot cannot be written: " + e + "; choose another file",
          e);
    }
  }

  private static byte[] encode(Snapshot snapshot) throws IOException {
    byte[] body = body(snapshot);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 2 * HEADER);
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeLong(body.length);
    out.write(body);
    out.writeInt(checksum(body));
    return bytes.toByteArray();
  }

  private static int checksum(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return (int) crc.getValue();
  }

  private static byte[] body(Snapshot snapshot) throws IOException {
    Map<String, Integer> strings = new LinkedHashMap<>();
    Map<Traceback, Integer> stacks = new LinkedHashMap<>();
    for (Trace trace : snapshot.traces()) {
      stacks.putIfAbsent(trace.traceback(), stacks.size());
    }
    for (Traceback stack : stacks.keySet()) {
      for (Frame frame : stack.frames()) {
        strings.putIfAbsent(frame.file(), strings.size());
        strings.putIfAbsent(frame.className(), strings.size());
        strings.putIfAbsent(frame.methodName(), strings.size());
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(snapshot.frames());
    out.writeLong(snapshot.sampleBytes());
    out.writeInt(strings.size());
    for (String string : strings.keySet()) {
      byte[] utf = string.getBytes(StandardCharsets.UTF_8);
      out.writeInt(utf.length);
      out.write(utf);
    }
    out.writeInt(stacks.size());
    for (Traceback stack : stacks.keySet()) {
      out.writeInt(stack.frames().size());
      out.writeInt(stack.totalFrames().orElse(UNKNOWN_TOTAL));
      for (Frame frame : stack.frames()) {
        out.writeInt(strings.getOrDefault(frame.file(), 0));
        out.writeInt(frame.line());
        out.writeInt(strings.getOrDefault(frame.className(), 0));
        out.writeInt(strings.getOrDefault(frame.methodName(), 0));
      }
    }
    out.writeInt(snapshot.traces().size());
    for (Trace trace : snapshot.traces()) {
      out.writeInt(trace.domain());
      out.writeLong(trace.address());
      out.writeLong(trace.size());
      out.writeDouble(trace.weight());
      out.writeInt(stacks.getOrDefault(trace.traceback(), 0));
    }
    return bytes.toByteArray();
  }

  // -------------------------------------------------------------------- reading

  static Snapshot read(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = bytes(in);
    } catch (IOException e) {
      throw new SnapshotException(file, Kind.UNREADABLE, "cannot be read: " + e, e);
    }
    byte[] body = body(file, bytes);
    boolean withTotals = version(bytes) > WITHOUT_TOTALS;
    try {
      return decode(
          new DataInputStream(new ByteArrayInputStream(body)), body.length, withTotals);
    } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new SnapshotException(file, Kind.DAMAGED, "is damaged: " + e, e);
    }
  }

  /** What is in the file, and not much more than its header says: something else may be endless. */
  private static byte[] bytes(InputStream in) throws IOException {
    byte[] header = in.readNBytes(HEADER);
    if (header.length < HEADER || !Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return header;
    }
    long length = ByteBuffer.wrap(header).getLong(LENGTH_AT);
    int rest = (int) Math.clamp(length + Integer.BYTES + 1, 0L, MOST_BYTES);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(header);
    all.write(in.readNBytes(rest));
    return all.toByteArray();
  }

  private static int version(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt(MAGIC.length);
  }

  /** The body of a file that is whole. */
  private static byte[] body(Path file, byte[] bytes) {
    for (int i = 0; i < Math.min(MAGIC.length, bytes.length); i++) {
      if (bytes[i] != MAGIC[i]) {
        throw new SnapshotException(file, Kind.FOREIGN, "is no snapshot of this library", null);
      }
    }
    if (bytes.length < HEADER) {
      throw truncated(file, bytes.length, HEADER);
    }
    var header = ByteBuffer.wrap(bytes);
    int version = version(bytes);
    if (version < WITHOUT_TOTALS || version > VERSION) {
      throw new SnapshotException(
          file,
          Kind.VERSION,
          "is a snapshot of version " + version + ", this library reads up to " + VERSION,
          null);
    }
    long length = header.getLong(LENGTH_AT);
    if (length < 0 || length > MOST_BYTES - Integer.BYTES - 1) {
      throw new SnapshotException(
          file, Kind.DAMAGED, "is damaged: a body of " + length + " bytes", null);
    }
    int end = HEADER + (int) length;
    if (bytes.length < end + Integer.BYTES) {
      throw truncated(file, bytes.length, end + Integer.BYTES);
    }
    byte[] body = Arrays.copyOfRange(bytes, HEADER, end);
    if (bytes.length > end + Integer.BYTES || header.getInt(end) != checksum(body)) {
      throw new SnapshotException(
          file, Kind.DAMAGED, "is damaged: its checksum or its length is not right", null);
    }
    return body;
  }

  private static SnapshotException truncated(Path file, long has, long wants) {
    return new SnapshotException(
        file, Kind.TRUNCATED, "is truncated: it has " + has + " bytes of " + wants, null);
  }

  private static Snapshot decode(DataInputStream in, int limit, boolean withTotals)
      throws IOException {
    Snapshot.Builder builder = new Snapshot.Builder(in.readInt(), in.readLong());
    List<String> strings = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int length = in.readInt();
      if (length < 0 || length > limit) {
        throw new IOException("a string of " + length + " bytes");
      }
      strings.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
    Map<Frame, Frame> known = new HashMap<>();
    List<Traceback> stacks = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      List<Frame> frames = new ArrayList<>();
      int count = in.readInt();
      int total = withTotals ? in.readInt() : UNKNOWN_TOTAL;
      for (int more = count; more > 0; more--) {
        String file = strings.get(in.readInt());
        int line = in.readInt();
        Frame frame = new Frame(file, line, strings.get(in.readInt()), strings.get(in.readInt()));
        frames.add(known.computeIfAbsent(frame, same -> same));
      }
      stacks.add(
          new Traceback(
              frames, total == UNKNOWN_TOTAL ? OptionalInt.empty() : OptionalInt.of(total)));
    }
    for (int left = in.readInt(); left > 0; left--) {
      int domain = in.readInt();
      long address = in.readLong();
      long size = in.readLong();
      double weight = in.readDouble();
      builder.add(new Trace(domain, address, size, weight, stacks.get(in.readInt())));
    }
    return builder.build();
  }
}
