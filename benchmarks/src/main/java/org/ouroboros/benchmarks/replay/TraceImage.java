package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A decoded trace in a temporary file, so that a trace is decoded and validated once and its many
 * forks only copy arrays. Written and read by the same program on the same machine: native byte
 * order, no version.
 *
 * <pre>
 *   15 longs (header numbers, peakCall, counts) | sizes | calls | switchCall | switchTo | name
 * </pre>
 */
final class TraceImage {

  private static final int HEADER_LONGS = 15;

  private TraceImage() {}

  /** Writes {@code trace} to a new file. */
  static void write(Trace trace, Path file) throws IOException {
    TraceHeader h = trace.header();
    byte[] name = trace.name().getBytes(StandardCharsets.UTF_8);
    int callCount = trace.callCount();
    int switches = trace.switchCall().length;
    long[] head = {
      h.events(),
      h.mallocs(),
      h.callocs(),
      h.aligned(),
      h.reallocs(),
      h.frees(),
      h.threads(),
      h.peakLiveBytes(),
      h.peakLiveBlocks(),
      h.endLiveBlocks(),
      callCount,
      trace.slotCount(),
      trace.peakCall(),
      switches,
      name.length
    };
    long bytes = 8L * HEADER_LONGS + 12L * callCount + 8L * switches + name.length;
    try (Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      MemorySegment image = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
      long at = put(image, 0, head, HEADER_LONGS);
      at = put(image, at, trace.sizes(), callCount);
      at = put(image, at, trace.calls(), callCount);
      at = put(image, at, trace.switchCall(), switches);
      at = put(image, at, trace.switchTo(), switches);
      MemorySegment.copy(name, 0, image, ValueLayout.JAVA_BYTE, at, name.length);
    }
  }

  /** Reads what {@link #write} wrote. The description is left out. */
  static Trace read(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment image = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      long[] head = longs(image, 0, HEADER_LONGS);
      int callCount = (int) head[10];
      int switches = (int) head[13];
      long at = 8L * HEADER_LONGS;
      long[] sizes = longs(image, at, callCount);
      at += 8L * callCount;
      int[] calls = ints(image, at, callCount);
      at += 4L * callCount;
      int[] switchCall = ints(image, at, switches);
      at += 4L * switches;
      int[] switchTo = ints(image, at, switches);
      at += 4L * switches;
      byte[] name = image.asSlice(at, head[14]).toArray(ValueLayout.JAVA_BYTE);
      TraceHeader header =
          new TraceHeader(
              "", head[0], head[1], head[2], head[3], head[4], head[5], head[6], head[7], head[8],
              head[9], false);
      return new Trace(
          new String(name, StandardCharsets.UTF_8),
          header,
          calls,
          sizes,
          callCount,
          (int) head[11],
          (int) head[12],
          switchCall,
          switchTo);
    }
  }

  private static long put(MemorySegment image, long at, long[] from, int count) {
    MemorySegment.copy(from, 0, image, ValueLayout.JAVA_LONG_UNALIGNED, at, count);
    return at + 8L * count;
  }

  private static long put(MemorySegment image, long at, int[] from, int count) {
    MemorySegment.copy(from, 0, image, ValueLayout.JAVA_INT_UNALIGNED, at, count);
    return at + 4L * count;
  }

  private static long[] longs(MemorySegment image, long at, int count) {
    return image.asSlice(at, 8L * count).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }

  private static int[] ints(MemorySegment image, long at, int count) {
    return image.asSlice(at, 4L * count).toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }
}
