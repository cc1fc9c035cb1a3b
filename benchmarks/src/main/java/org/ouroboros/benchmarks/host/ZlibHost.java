package org.ouroboros.benchmarks.host;

import static org.ouroboros.benchmarks.host.CLibrary.INT;
import static org.ouroboros.benchmarks.host.CLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;
import org.ouroboros.benchmarks.host.HostException.Reason;

/**
 * zlib: a few megabytes through {@code deflate} and {@code inflate}, piece by piece, at two levels.
 * The allocator is a stream's own:
 *
 * <pre>
 * struct z_stream          0 next_in    8 avail_in   24 next_out  32 avail_out  40 total_out
 * (112 bytes)             48 msg       64 zalloc     72 zfree     80 opaque
 * </pre>
 */
final class ZlibHost implements Host {

  /** What the declarations above are from: zlib compares the first number with its own. */
  private static final String HEADER_VERSION = "1.2.13";

  private static final String LEAST = "1.2.0";

  private static final int STREAM = 112;
  private static final int NEXT_IN = 0;
  private static final int AVAIL_IN = 8;
  private static final int NEXT_OUT = 24;
  private static final int AVAIL_OUT = 32;
  private static final int TOTAL_OUT = 40;
  private static final int MESSAGE = 48;
  private static final int ALLOC = 64;
  private static final int FREE = 72;

  private static final int NO_FLUSH = 0;
  private static final int FINISH = 4;
  private static final int OK = 0;
  private static final int STREAM_END = 1;
  private static final int BUF_ERROR = -5;
  private static final int MEM_ERROR = -4;
  private static final int VERSION_ERROR = -6;

  private static final int DEFLATED = 8;
  private static final int WINDOW_BITS = 15;
  private static final int MEM_LEVEL = 8;
  private static final int[] LEVELS = {1, 9};
  private static final int PIECE = 100_003;

  private final CLibrary library;
  private final String headerVersion;
  private final String version;
  private final CCall deflateInit;
  private final CCall deflate;
  private final CCall deflateEnd;
  private final CCall inflateInit;
  private final CCall inflate;
  private final CCall inflateEnd;

  ZlibHost(CLibrary library) throws HostException {
    this(library, HEADER_VERSION);
  }

  /** With declarations from another version, which zlib refuses if it is too different. */
  ZlibHost(CLibrary library, String headerVersion) throws HostException {
    this.library = library;
    this.headerVersion = headerVersion;
    this.version = CLibrary.text(library.function("zlibVersion", POINTER).call());
    library.requireVersion(version, LEAST);
    this.deflateInit =
        library.function("deflateInit2_", INT, POINTER, INT, INT, INT, INT, INT, POINTER, INT);
    this.deflate = library.function("deflate", INT, POINTER, INT);
    this.deflateEnd = library.function("deflateEnd", INT, POINTER);
    this.inflateInit = library.function("inflateInit2_", INT, POINTER, INT, POINTER, INT);
    this.inflate = library.function("inflate", INT, POINTER, INT);
    this.inflateEnd = library.function("inflateEnd", INT, POINTER);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public String run(CExport export) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sample = Sample.of(arena);
      MemorySegment packed = arena.allocate(2L * Sample.BYTES);
      MemorySegment unpacked = arena.allocate(Sample.BYTES);
      StringBuilder done = new StringBuilder();
      for (int level : LEVELS) {
        long size = pack(export, level, sample, packed);
        HostException.check("compressed to less than the whole", size < Sample.BYTES, true);
        long back = unpack(export, packed.asSlice(0, size), unpacked);
        HostException.check("uncompressed size", back, (long) Sample.BYTES);
        HostException.check("first difference", sample.mismatch(unpacked), -1L);
        done.append(done.isEmpty() ? "" : ", ");
        done.append(Sample.BYTES + " bytes to " + size + " and back at level " + level);
      }
      return done.toString();
    }
  }

  private long pack(CExport export, int level, MemorySegment from, MemorySegment to)
      throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stream = stream(arena, export);
      long header = arena.allocateFrom(headerVersion).address();
      check(
          "deflateInit2_",
          stream,
          deflateInit.call(
              stream.address(), level, DEFLATED, WINDOW_BITS, MEM_LEVEL, 0, header, STREAM),
          OK);
      try {
        return pump("deflate", deflate, stream, from, to);
      } finally {
        deflateEnd.call(stream.address());
      }
    }
  }

  private long unpack(CExport export, MemorySegment from, MemorySegment to) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stream = stream(arena, export);
      long header = arena.allocateFrom(headerVersion).address();
      check(
          "inflateInit2_",
          stream,
          inflateInit.call(stream.address(), WINDOW_BITS, header, STREAM),
          OK);
      try {
        return pump("inflate", inflate, stream, from, to);
      } finally {
        inflateEnd.call(stream.address());
      }
    }
  }

  private static MemorySegment stream(Arena arena, CExport export) {
    MemorySegment stream = arena.allocate(STREAM, Long.BYTES);
    stream.set(POINTER, ALLOC, export.function(CFunction.CONTEXT_ITEMS).address());
    stream.set(POINTER, FREE, export.function(CFunction.CONTEXT_FREE).address());
    return stream;
  }

  /** Sends all of one segment through a stream, piece by piece, and returns what came out. */
  private long pump(
      String name, CCall function, MemorySegment stream, MemorySegment from, MemorySegment to)
      throws HostException {
    long in = from.byteSize();
    long result = OK;
    for (long at = 0; at < in; at += PIECE) {
      stream.set(POINTER, NEXT_IN, from.address() + at);
      stream.set(INT, AVAIL_IN, (int) Math.min(PIECE, in - at));
      boolean last = at + PIECE >= in;
      do {
        long out = stream.get(POINTER, TOTAL_OUT);
        int room = (int) Math.min(PIECE, to.byteSize() - out);
        stream.set(POINTER, NEXT_OUT, to.address() + out);
        stream.set(INT, AVAIL_OUT, room);
        result = function.call(stream.address(), last ? FINISH : NO_FLUSH);
        if (result != OK && result != STREAM_END && result != BUF_ERROR) {
          check(name, stream, result, OK);
        }
      } while (result != STREAM_END && stream.get(INT, AVAIL_OUT) == 0);
    }
    check(name, stream, result, STREAM_END);
    return stream.get(POINTER, TOTAL_OUT);
  }

  private void check(String function, MemorySegment stream, long result, long expected)
      throws HostException {
    if (result != expected) {
      Reason reason =
          result == MEM_ERROR
              ? Reason.NO_MEMORY
              : result == VERSION_ERROR ? Reason.WRONG_VERSION : Reason.FAILED;
      throw new HostException(
          reason,
          library
              + ": "
              + function
              + " returned "
              + result
              + " "
              + CLibrary.text(stream.get(POINTER, MESSAGE)));
    }
  }
}
