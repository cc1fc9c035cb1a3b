package org.ouroboros.allocator.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * The file: gzip members in a row, which is gzip. The first holds the header line and nothing else,
 * not compressed and padded with blanks, so that it can be written again in place when its numbers
 * are known. Until then it says {@code "recording":true}, and readers count for themselves. Each
 * further member is written whole with one call: what was written before the program is killed can
 * be read.
 *
 * <p>Thread rule: one thread.
 */
final class TraceFile implements AutoCloseable {

  /**
   * Room for the header, more than it can need; with what gzip adds it fits into one page, so that
   * a program which is killed while it writes the header has written all of it or nothing.
   */
  private static final int HEADER_BYTES = 4000;

  private static final String MAGIC = "MTRACE1\n";
  private static final byte[] GZIP = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int TRAILER = 8;
  private static final int STORED = 5;

  private final FileChannel channel;
  private final String description;
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final CRC32 crc = new CRC32();
  private byte[] member = new byte[1 << 16];
  private long length;

  private TraceFile(FileChannel channel, String description) {
    this.channel = channel;
    this.description = description;
  }

  /** Creates the file, or empties it, and writes a header. */
  static TraceFile create(Path path, String description) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    TraceFile file = new TraceFile(channel, description);
    try {
      file.writeHeader("\"recording\":true," + new TraceCounts().json());
      file.length = channel.size();
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  long length() {
    return length;
  }

  /** Appends a member; not compressed if the program is about to wait for it. */
  void append(byte[] bytes, int size, boolean hurry) throws IOException {
    deflater.reset();
    deflater.setLevel(hurry ? Deflater.NO_COMPRESSION : Deflater.BEST_SPEED);
    deflater.setInput(bytes, 0, size);
    deflater.finish();
    System.arraycopy(GZIP, 0, member, 0, GZIP.length);
    int at = GZIP.length;
    while (!deflater.finished()) {
      at += deflater.deflate(member, at, member.length - TRAILER - at);
      if (at == member.length - TRAILER) {
        member = Arrays.copyOf(member, member.length * 2);
      }
    }
    crc.reset();
    crc.update(bytes, 0, size);
    ByteBuffer buffer = ByteBuffer.wrap(member).order(ByteOrder.LITTLE_ENDIAN).position(at);
    buffer.putInt((int) crc.getValue()).putInt(size).flip();
    write(buffer, length);
    length += at + TRAILER;
  }

  /** Writes the header that readers believe. */
  void complete(TraceCounts counts) throws IOException {
    writeHeader(counts.json());
  }

  private void writeHeader(String numbers) throws IOException {
    byte[] line = new byte[HEADER_BYTES];
    Arrays.fill(line, (byte) ' ');
    byte[] text =
        (MAGIC + "{" + description + "," + numbers + "}").getBytes(StandardCharsets.UTF_8);
    System.arraycopy(text, 0, line, 0, text.length);
    line[HEADER_BYTES - 1] = '\n';
    crc.reset();
    crc.update(line);
    ByteBuffer buffer =
        ByteBuffer.allocate(GZIP.length + STORED + HEADER_BYTES + TRAILER)
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(GZIP);
    // A last block that is stored: its length, and the length's complement.
    buffer.put((byte) 1).putShort((short) HEADER_BYTES).putShort((short) ~HEADER_BYTES);
    buffer.put(line).putInt((int) crc.getValue()).putInt(HEADER_BYTES).flip();
    write(buffer, 0);
  }

  private void write(ByteBuffer buffer, long position) throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
  }

  @Override
  public void close() throws IOException {
    deflater.end();
    channel.close();
  }
}
