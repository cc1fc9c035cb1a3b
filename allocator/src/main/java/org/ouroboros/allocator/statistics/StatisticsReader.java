package org.ouroboros.allocator.statistics;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a statistics file, of a process that is running or of one that is not any more.
 *
 * <p>Whether the process is running is told by its id and its time of start: where the reader has
 * other process ids (from outside of a container, for instance), the answer is wrong, and {@link
 * StatisticsSnapshot#sampled} tells more.
 *
 * <p>Thread rule: the thread that opened it.
 */
public final class StatisticsReader implements AutoCloseable {

  /** Times of start that are closer than this are the same. */
  private static final Duration SAME_START = Duration.ofSeconds(2);

  private final Path path;
  private final FileChannel channel;
  private final Arena arena;
  private final MemorySegment file;
  private final int capacity;

  private StatisticsReader(Path path, FileChannel channel, Arena arena) throws IOException {
    this.path = path;
    this.channel = channel;
    this.arena = arena;
    long size = channel.size();
    MemorySegment header = map(0, Math.min(size, StatisticsLayout.HEADER_BYTES));
    checkHeader(header);
    this.capacity = StatisticsLayout.getInt(header, StatisticsLayout.CAPACITY_AT);
    checkSize(size);
    this.file = map(0, StatisticsLayout.fileBytes(capacity));
  }

  /**
   * Opens a file.
   *
   * @param path where it is
   * @return what reads it, to be closed by the caller
   * @throws StatisticsException if it cannot be read, is something else, is cut off, or was made by
   *     a newer version
   */
  public static StatisticsReader open(Path path) {
    if (Files.isDirectory(path)) {
      throw new StatisticsException(
          StatisticsException.Kind.NOT_READABLE, path, "is a folder; name the file", null);
    }
    Arena arena = Arena.ofConfined();
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      return new StatisticsReader(path, channel, arena);
    } catch (IOException | RuntimeException e) {
      arena.close();
      close(channel);
      if (e instanceof StatisticsException typed) {
        throw typed;
      }
      throw new StatisticsException(
          StatisticsException.Kind.NOT_READABLE,
          path,
          "cannot be read (" + e + "); is it there, and yours?",
          e);
    }
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // It was only read.
      }
    }
  }

  private MemorySegment map(long from, long bytes) throws IOException {
    return channel.map(MapMode.READ_ONLY, from, bytes, arena);
  }

  private void checkHeader(MemorySegment header) {
    if (header.byteSize() < Long.BYTES
        || StatisticsLayout.getLong(header, StatisticsLayout.MAGIC_AT) != StatisticsLayout.MAGIC) {
      throw failure(
          StatisticsException.Kind.FOREIGN,
          "is none: it does not begin with OUROSTAT; name another file");
    }
    if (header.byteSize() < StatisticsLayout.HEADER_BYTES) {
      throw failure(
          StatisticsException.Kind.TRUNCATED,
          "is cut off in its header, at " + header.byteSize() + " bytes; it cannot be used");
    }
    int version = StatisticsLayout.getInt(header, StatisticsLayout.VERSION_AT);
    if (version > StatisticsLayout.VERSION) {
      throw failure(
          StatisticsException.Kind.NEWER_VERSION,
          "has version "
              + version
              + ", newer than "
              + StatisticsLayout.VERSION
              + ", which this program reads; read it with the program's own release of Ouroboros");
    }
    if (version < 1
        || StatisticsLayout.getInt(header, StatisticsLayout.HEADER_BYTES_AT)
            != StatisticsLayout.HEADER_BYTES
        || StatisticsLayout.getInt(header, StatisticsLayout.ENTRY_BYTES_AT)
            != StatisticsLayout.ENTRY_BYTES
        || StatisticsLayout.getInt(header, StatisticsLayout.CAPACITY_AT) < 1) {
      throw failure(
          StatisticsException.Kind.FOREIGN, "has a header that makes no sense; it is damaged");
    }
  }

  private void checkSize(long size) {
    long wanted = StatisticsLayout.fileBytes(capacity);
    if (size < wanted) {
      throw failure(
          StatisticsException.Kind.TRUNCATED,
          "is cut off: it has " + size + " of " + wanted + " bytes; it cannot be used");
    }
  }

  private StatisticsException failure(StatisticsException.Kind kind, String reason) {
    return new StatisticsException(kind, path, reason, null);
  }

  /**
   * Reads the file as it is now. Each entry is of one instant; several need not be of the same.
   *
   * @return what was read
   * @throws StatisticsException if the file was cut off meanwhile
   */
  public StatisticsSnapshot read() {
    try {
      checkSize(channel.size()); // behind its end the mapping cannot be read
      return readMapped();
    } catch (IOException | InternalError e) {
      throw new StatisticsException(
          StatisticsException.Kind.TRUNCATED, path, "was cut off while it was read", e);
    }
  }

  private StatisticsSnapshot readMapped() {
    int used = Math.clamp(StatisticsLayout.getInt(file, StatisticsLayout.USED_AT), 0, capacity);
    List<EntryReading> entries = new ArrayList<>();
    for (int i = 0; i < used; i++) {
      EntryReading entry = StatisticsLayout.read(file, StatisticsLayout.entryAt(i));
      if (entry.kind() != EntryKind.OTHER) {
        entries.add(entry);
      }
    }
    long pid = StatisticsLayout.getLong(file, StatisticsLayout.PID_AT);
    long started = StatisticsLayout.getLong(file, StatisticsLayout.STARTED_AT);
    return new StatisticsSnapshot(
        pid,
        started,
        StatisticsLayout.getLong(file, StatisticsLayout.SAMPLED_AT),
        state(pid, started),
        capacity,
        StatisticsLayout.getLong(file, StatisticsLayout.DROPPED_AT),
        entries);
  }

  private StatisticsSnapshot.State state(long pid, long started) {
    boolean running =
        isRunning(pid, started); // before the mark is read, or an end looks like death
    if (StatisticsLayout.getInt(file, StatisticsLayout.STATE_AT) == StatisticsLayout.ENDED) {
      return StatisticsSnapshot.State.ENDED;
    }
    return running ? StatisticsSnapshot.State.RUNNING : StatisticsSnapshot.State.DIED;
  }

  private static boolean isRunning(long pid, long started) {
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    if (process == null || !process.isAlive()) {
      return false;
    }
    Instant now = process.info().startInstant().orElse(null);
    return started == 0
        || now == null
        || Math.abs(now.toEpochMilli() - started) < SAME_START.toMillis();
  }

  /** Closes the file. Closing twice does nothing. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
      close(channel);
    }
  }
}
