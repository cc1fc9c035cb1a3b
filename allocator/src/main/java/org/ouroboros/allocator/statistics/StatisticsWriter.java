package org.ouroboros.allocator.statistics;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A statistics file that this process writes. Programs normally leave that to {@link
 * ProcessStatistics}; this is for those that list things of their own, or want a file of their own.
 *
 * <p>The file is written in full when it is made, so that a full disk shows then and not as an
 * error inside a plain store later. Only its owner can read it, where the file system knows owners.
 * If somebody else cuts the file off while it is mapped, writing ends silently, and nothing else
 * does.
 *
 * <p>Thread rule: any thread.
 */
public final class StatisticsWriter implements AutoCloseable {

  /** How many entries {@link #create(Path)} makes room for. */
  public static final int DEFAULT_CAPACITY = 256;

  private static final int MAX_CAPACITY = 1 << 20;

  private final Path path;
  private final int capacity;

  /** Null once nothing can be written any more. */
  private volatile @Nullable MemorySegment mapped;

  // Guarded by this object's monitor.
  private int used;
  private long lastId;
  private long dropped;
  private final Queue<Long> ended = new ArrayDeque<>();

  private StatisticsWriter(Path path, int capacity, MemorySegment mapped) {
    this.path = path;
    this.capacity = capacity;
    this.mapped = mapped;
  }

  /**
   * Makes a file with room for {@value #DEFAULT_CAPACITY} entries, 128 KiB.
   *
   * @param path as of {@link #create(Path, int)}
   * @return what writes it, to be closed by the caller
   */
  public static StatisticsWriter create(Path path) {
    return create(path, DEFAULT_CAPACITY);
  }

  /**
   * Makes a file. One that is there already is replaced if it is a statistics file of a process
   * that has ended.
   *
   * @param path where; its folder exists
   * @param capacity how many entries it has room for, 1 to 1,048,576; 512 bytes each
   * @return what writes it, to be closed by the caller
   * @throws StatisticsException if it cannot be written, is in use, or is something else
   */
  public static StatisticsWriter create(Path path, int capacity) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "room for " + capacity + " entries: it must be 1 to " + MAX_CAPACITY);
    }
    boolean interrupted = Thread.interrupted(); // channels do not like it
    try {
      claim(path);
      return new StatisticsWriter(path, capacity, map(path, header(capacity)));
    } catch (IOException e) {
      throw new StatisticsException(
          StatisticsException.Kind.NOT_WRITABLE,
          path,
          "cannot be written (" + e + "); name a file in a folder that exists and has room",
          e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Makes the file, empty, so that it is nobody else's. */
  private static void claim(Path path) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      Files.newByteChannel(path, options, ownerOnly(path)).close();
    } catch (FileAlreadyExistsException e) {
      try (StatisticsReader reader = StatisticsReader.open(path)) {
        StatisticsSnapshot old = reader.read();
        if (old.state() == StatisticsSnapshot.State.RUNNING) {
          throw new StatisticsException(
              StatisticsException.Kind.IN_USE,
              path,
              "is written by process " + old.pid() + "; name another file, such as one with %p",
              e);
        }
      }
      Files.delete(path);
      Files.newByteChannel(path, options, ownerOnly(path)).close();
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static byte[] header(int capacity) {
    byte[] bytes = new byte[Math.toIntExact(StatisticsLayout.fileBytes(capacity))];
    MemorySegment file = MemorySegment.ofArray(bytes);
    long started =
        ProcessHandle.current().info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    set(file, StatisticsLayout.MAGIC_AT, StatisticsLayout.MAGIC);
    set(file, StatisticsLayout.VERSION_AT, StatisticsLayout.VERSION);
    set(file, StatisticsLayout.HEADER_BYTES_AT, StatisticsLayout.HEADER_BYTES);
    set(file, StatisticsLayout.PID_AT, ProcessHandle.current().pid());
    set(file, StatisticsLayout.STARTED_AT, started);
    set(file, StatisticsLayout.CAPACITY_AT, capacity);
    set(file, StatisticsLayout.ENTRY_BYTES_AT, StatisticsLayout.ENTRY_BYTES);
    set(file, StatisticsLayout.STATE_AT, StatisticsLayout.RUNNING);
    return bytes;
  }

  private static void set(MemorySegment file, long at, long value) {
    file.set(StatisticsLayout.LONG.withByteAlignment(1), at, value);
  }

  private static void set(MemorySegment file, long at, int value) {
    file.set(StatisticsLayout.INT.withByteAlignment(1), at, value);
  }

  private static MemorySegment map(Path path, byte[] content) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(content);
      // Not closed: a thread may be writing whenever that would be.
      return file.getChannel().map(MapMode.READ_WRITE, 0, content.length, Arena.ofAuto());
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /**
   * Where the file is.
   *
   * @return the path that was given
   */
  public Path file() {
    return path;
  }

  /**
   * Lists an allocator or a heap. Room that others have given back is used when all other is; where
   * there is none, the entry is counted as dropped, and writes nothing.
   *
   * @param kind which figures it will have
   * @param name its name; what is longer than 88 bytes of UTF-8 is cut
   * @return its entry, to be ended by the caller
   */
  public synchronized StatisticsEntry add(EntryKind kind, String name) {
    long at = place();
    if (at == 0) {
      dropped++;
      change(file -> StatisticsLayout.setLong(file, StatisticsLayout.DROPPED_AT, dropped));
      return new StatisticsEntry(this, 0);
    }
    byte[] bytes = StatisticsLayout.nameBytes(name);
    long id = ++lastId;
    change(file -> StatisticsLayout.begin(file, at, kind, id, bytes));
    change(file -> StatisticsLayout.setInt(file, StatisticsLayout.USED_AT, used));
    return new StatisticsEntry(this, at);
  }

  private long place() {
    if (used < capacity) {
      return StatisticsLayout.entryAt(used++);
    }
    Long free = ended.poll(); // the one that ended first
    return free == null ? 0 : free;
  }

  synchronized void giveBack(long at) {
    ended.add(at);
  }

  /** Notes that the figures were up to date just now. */
  public void sampled() {
    long now = System.currentTimeMillis();
    change(file -> StatisticsLayout.setLong(file, StatisticsLayout.SAMPLED_AT, now));
  }

  /** Writes to the file if that is possible. */
  void change(Consumer<MemorySegment> change) {
    MemorySegment file = mapped;
    if (file != null) {
      try {
        change.accept(file);
      } catch (InternalError e) {
        mapped = null; // somebody has cut the file off
      }
    }
  }

  /**
   * Whether writing has ended: by {@link #close}, or since somebody has cut the file off.
   *
   * @return false at first
   */
  public boolean isClosed() {
    return mapped == null;
  }

  /** Marks the file as ended, and keeps it. What is written later goes nowhere. */
  @Override
  public void close() {
    change(
        file -> StatisticsLayout.setInt(file, StatisticsLayout.STATE_AT, StatisticsLayout.ENDED));
    mapped = null;
  }

  @Override
  public String toString() {
    return path + (isClosed() ? " (ended)" : "");
  }
}
