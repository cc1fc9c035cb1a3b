package org.ouroboros.collector.hprof;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Writes records of the binary format of heap dumps, version 1.0.2: big-endian, through one buffer.
 *
 * <pre>
 *   file     "JAVA PROFILE 1.0.2\0" | bytes of an id (4) | milliseconds since 1970 (8) | records
 *   record   tag (1) | microseconds since then (4) | length (4) | body
 *   segment  a record whose body is entries: tag (1) | what the tag says
 * </pre>
 *
 * <p>A segment takes as many entries as fit the buffer, so that its length is known when it is
 * written. An entry that does not fit has a segment for itself, and is written as it comes.
 */
final class HprofOutput {

  static final int STRING = 0x01;
  static final int LOAD_CLASS = 0x02;
  static final int STACK_TRACE = 0x05;
  private static final int SEGMENT = 0x1C;
  private static final int END = 0x2C;

  /** Of a record's tag, time and length. */
  private static final int HEAD = 9;

  private static final ByteOrder ORDER = ByteOrder.BIG_ENDIAN;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);

  private final WritableByteChannel channel;
  private final MemorySegment buffer;
  private final ByteBuffer bytes;
  private final long size;
  private final int idBytes;

  /** How much of the buffer is in use. */
  private long at;

  /** Where in the buffer the open segment's head is; -1 if none is open. */
  private long segment = -1;

  /**
   * Begins a file.
   *
   * @param buffer at least a kilobyte
   * @param idBytes 4 or 8
   */
  HprofOutput(WritableByteChannel channel, MemorySegment buffer, int idBytes) throws IOException {
    this.channel = channel;
    this.buffer = buffer;
    this.bytes = buffer.asByteBuffer();
    this.size = buffer.byteSize();
    this.idBytes = idBytes;
    putBytes("JAVA PROFILE 1.0.2\0".getBytes(StandardCharsets.US_ASCII));
    putInt(idBytes);
    putLong(System.currentTimeMillis());
  }

  int idBytes() {
    return idBytes;
  }

  // ----------------------------------------------------------------------- records

  /** Begins a record that is no segment. */
  void beginRecord(int tag, long length) throws IOException {
    endSegment();
    head(tag, length);
  }

  private void head(int tag, long length) throws IOException {
    putByte(tag);
    putInt(0);
    putInt((int) length);
  }

  /** Begins an entry of a segment, whose bytes are known. */
  void beginEntry(int tag, long length) throws IOException {
    if (at + length > size) {
      endSegment();
      drain();
    }
    if (length > size - HEAD) {
      head(SEGMENT, length);
    } else if (segment < 0) {
      if (at + HEAD + length > size) {
        drain();
      }
      segment = at;
      head(SEGMENT, 0);
    }
    putByte(tag);
  }

  private void endSegment() {
    if (segment >= 0) {
      buffer.set(INT, segment + HEAD - Integer.BYTES, (int) (at - segment - HEAD));
      segment = -1;
    }
  }

  /** Ends the file. */
  void end() throws IOException {
    beginRecord(END, 0);
    drain();
  }

  // ------------------------------------------------------------------------ values

  void putByte(int value) throws IOException {
    buffer.set(BYTE, room(Byte.BYTES), (byte) value);
  }

  void putShort(int value) throws IOException {
    buffer.set(SHORT, room(Short.BYTES), (short) value);
  }

  void putInt(int value) throws IOException {
    buffer.set(INT, room(Integer.BYTES), value);
  }

  void putLong(long value) throws IOException {
    buffer.set(LONG, room(Long.BYTES), value);
  }

  void putId(long id) throws IOException {
    if (idBytes == Integer.BYTES) {
      putInt((int) id);
    } else {
      putLong(id);
    }
  }

  void putBytes(byte[] values) throws IOException {
    put(MemorySegment.ofArray(values), 0, ValueType.BYTE, false, values.length);
  }

  /**
   * Writes values of an object.
   *
   * @param swapped whether they are little-endian there
   */
  void put(MemorySegment from, long offset, ValueType type, boolean swapped, long count)
      throws IOException {
    int width = type.bytes(Integer.BYTES);
    for (long done = 0; done < count; ) {
      long some = Math.min(count - done, Math.max(1, (size - at) / width));
      long to = room(some * width);
      copy(from, offset + done * width, to, type, swapped, some);
      done += some;
    }
  }

  private void copy(
      MemorySegment from, long offset, long to, ValueType type, boolean swapped, long count) {
    ByteOrder order = swapped ? ByteOrder.LITTLE_ENDIAN : ORDER;
    switch (type) {
      case BOOLEAN -> {
        for (long i = 0; i < count; i++) {
          buffer.set(BYTE, to + i, (byte) (from.get(BYTE, offset + i) == 0 ? 0 : 1));
        }
      }
      case BYTE -> MemorySegment.copy(from, offset, buffer, to, count);
      case CHAR, SHORT ->
          MemorySegment.copy(from, SHORT.withOrder(order), offset, buffer, SHORT, to, count);
      case OBJECT, INT, FLOAT ->
          MemorySegment.copy(from, INT.withOrder(order), offset, buffer, INT, to, count);
      case LONG, DOUBLE ->
          MemorySegment.copy(from, LONG.withOrder(order), offset, buffer, LONG, to, count);
    }
  }

  // ------------------------------------------------------------------------ buffer

  /** Makes room; returns where it is. */
  private long room(long length) throws IOException {
    if (at + length > size) {
      drain();
    }
    long place = at;
    at += length;
    return place;
  }

  private void drain() throws IOException {
    if (segment >= 0) {
      throw new IllegalStateException("an entry is longer than was said");
    }
    bytes.clear().limit((int) at);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    at = 0;
  }
}
