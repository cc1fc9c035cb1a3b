package org.ouroboros.benchmarks.replay;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a gzip file in a stream of bounded memory and knows where it is. {@link
 * java.util.zip.GZIPInputStream} would do, but it says neither where a file is broken nor that
 * something follows its end. Several members in a row are one stream, as {@code gzip} has it.
 */
public final class GunzipInput implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;
  private static final int RESERVED_FLAGS = 0xe0;

  private final String name;
  private final InputStream file;
  private final byte[] compressed = new byte[BUFFER_BYTES];
  private final byte[] inflated = new byte[BUFFER_BYTES];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();

  /** Bytes of {@code compressed} that are taken, and that are there. */
  private int next;

  private int filled;

  /** File offset of {@code compressed[0]}. */
  private long fileBase;

  /** Bytes of {@code inflated} that are taken, and that are there. */
  private int position;

  private int limit;

  /** Stream offset of {@code inflated[0]}. */
  private long streamBase;

  private boolean inMember;
  private boolean ended;
  private boolean mayBeCut;

  /**
   * Reads a file.
   *
   * @param name how messages call it
   * @param file its bytes; closed with this
   */
  public GunzipInput(String name, InputStream file) {
    this.name = name;
    this.file = file;
  }

  /**
   * The next byte of the stream.
   *
   * @return 0 to 255, or -1 at the end of a whole and sound file
   * @throws TraceException if the file is not gzip, or broken
   * @throws IOException if it cannot be read
   */
  public int read() throws IOException {
    if (position == limit && !inflateMore()) {
      return -1;
    }
    return inflated[position++] & 0xff;
  }

  /**
   * Offset in the decompressed stream of the byte that {@link #read} gives next.
   *
   * @return bytes
   */
  public long offset() {
    return streamBase + position;
  }

  /** From now on a file that is cut short ends there: it is still being written, perhaps. */
  public void allowCut() {
    mayBeCut = true;
  }

  /**
   * Whether all has been read.
   *
   * @return true after {@link #read} has given -1
   */
  public boolean isAtEnd() {
    return ended && position == limit;
  }

  private boolean inflateMore() throws IOException {
    streamBase += limit;
    position = 0;
    limit = 0;
    while (limit == 0 && !ended) {
      try {
        inflateNext();
      } catch (CutException e) {
        if (!mayBeCut) {
          throw e;
        }
        ended = true;
      }
    }
    return limit > 0;
  }

  private void inflateNext() throws IOException {
    if (!inMember) {
      beginMember();
    } else if (inflater.finished()) {
      endMember();
    } else {
      inflateSome();
    }
  }

  private void inflateSome() throws IOException {
    if (inflater.needsInput()) {
      if (next == filled && !fill()) {
        throw new CutException(name, fileBase + next);
      }
      inflater.setInput(compressed, next, filled - next);
    }
    try {
      limit = inflater.inflate(inflated);
    } catch (DataFormatException e) {
      next = filled - inflater.getRemaining();
      throw fault("the gzip data is corrupt: " + e.getMessage());
    }
    next = filled - inflater.getRemaining();
    crc.update(inflated, 0, limit);
  }

  /** The 10 to many bytes before the deflated data (RFC 1952, section 2.3). */
  private void beginMember() throws IOException {
    if (next == filled && !fill()) {
      if (fileBase + next == 0) {
        throw fault("the file is empty, not gzip");
      }
      ended = true;
      return;
    }
    long start = fileBase + next;
    String notGzip = start == 0 ? "not a gzip file" : "something follows the gzip data";
    if (headerByte() != 0x1f || headerByte() != 0x8b || headerByte() != 8) {
      throw new TraceException(name, TraceException.Place.FILE, start, notGzip);
    }
    int flags = headerByte();
    if ((flags & RESERVED_FLAGS) != 0) {
      throw fault("the gzip header has unknown flags");
    }
    skip(6);
    if ((flags & FEXTRA) != 0) {
      skip(headerByte() | headerByte() << 8);
    }
    if ((flags & FNAME) != 0) {
      skipString();
    }
    if ((flags & FCOMMENT) != 0) {
      skipString();
    }
    if ((flags & FHCRC) != 0) {
      skip(2);
    }
    inflater.reset();
    crc.reset();
    inMember = true;
  }

  private void endMember() throws IOException {
    long trailer = fileBase + next;
    long wantedCrc = littleEndian();
    long wantedLength = littleEndian();
    if (wantedCrc != crc.getValue()) {
      throw new TraceException(
          name, TraceException.Place.FILE, trailer, "the gzip data is corrupt: wrong checksum");
    }
    if (wantedLength != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new TraceException(
          name, TraceException.Place.FILE, trailer + 4, "the gzip data is corrupt: wrong length");
    }
    inMember = false;
  }

  private long littleEndian() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (long) headerByte() << shift;
    }
    return value;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      headerByte();
    }
  }

  private void skipString() throws IOException {
    while (headerByte() != 0) {
      // the name and the comment are of no use here
    }
  }

  private int headerByte() throws IOException {
    if (next == filled && !fill()) {
      throw new CutException(name, fileBase + next);
    }
    return compressed[next++] & 0xff;
  }

  private boolean fill() throws IOException {
    fileBase += filled;
    next = 0;
    filled = 0;
    int n;
    try {
      n = file.read(compressed);
    } catch (EOFException e) {
      n = -1;
    }
    filled = Math.max(0, n);
    return filled > 0;
  }

  private TraceException fault(String what) {
    return new TraceException(name, TraceException.Place.FILE, fileBase + next, what);
  }

  /** The file ends where it should not. */
  private static final class CutException extends TraceException {
    private static final long serialVersionUID = 1L;

    CutException(String name, long offset) {
      super(name, Place.FILE, offset, "the gzip data is cut short");
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    file.close();
  }
}
