package org.ouroboros.allocator.source;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sparse temporary files, mapped: the source that needs no native access and runs wherever Java
 * does. Each reservation is a file of its own that no directory lists, and that disappears with the
 * reservation or with the process.
 *
 * <p>Commit writes zeros into the file, so that a full disk is a {@link SourceException} here and
 * not an error inside a plain store later. What was committed once stays so: there is no call to
 * give it back, {@link #purges()} is false.
 *
 * <p>Segments of its reservations have a shared scope that ends with the release: one that is used
 * afterwards throws {@link IllegalStateException}. Release costs a handshake with all threads.
 */
public final class MappedFileSource implements MemorySource {

  /** {@link #name()}. */
  public static final String NAME = "mapped-file";

  /** Pages of the operating system are not larger than this anywhere, and divide it. */
  static final long GRANULARITY = 64 << 10;

  /** The file system in memory that Linux has. */
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  /** Where room is scarce a reservation larger than that goes to the next directory. */
  private static final long ENOUGH_ROOM = 1L << 30;

  private final List<Path> directories;

  private MappedFileSource(List<Path> directories) {
    this.directories = directories;
  }

  /**
   * A source of files in {@code /dev/shm}, which is memory, or, if there is no such directory, it
   * cannot be written or it lacks room, in the one that {@code java.io.tmpdir} names.
   *
   * @return the source
   */
  public static MappedFileSource create() {
    return new MappedFileSource(
        List.of(SHARED_MEMORY, Path.of(System.getProperty("java.io.tmpdir", "."))));
  }

  /**
   * A source of files in a directory of the caller's choice.
   *
   * @param directory where; it need not exist before the first reservation
   * @return the source
   */
  public static MappedFileSource in(Path directory) {
    return new MappedFileSource(List.of(directory));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public long granularity() {
    return GRANULARITY;
  }

  @Override
  public boolean purges() {
    return false;
  }

  @Override
  public Reservation reserve(long bytes, long alignment) {
    AbstractReservation.checkRequest(bytes, alignment, GRANULARITY);
    String operation = "reserving " + bytes + " bytes aligned to " + alignment;
    // A mapping begins at a page, whose size is not known here: any alignment takes slack.
    if (bytes > Long.MAX_VALUE - alignment) {
      throw failure(operation, "there is not that much address space", null);
    }
    Path directory = directoryFor(bytes);
    // An interrupted thread cannot use a channel: it would be closed under it.
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return MappedFile.create(directory, bytes, alignment);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      throw failure(operation + " in " + directory, reason(e), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The first directory that can be written and has room, or the last. */
  private Path directoryFor(long bytes) {
    for (Path directory : directories.subList(0, directories.size() - 1)) {
      if (Files.isDirectory(directory) && Files.isWritable(directory)) {
        try {
          long room = Files.getFileStore(directory).getUsableSpace();
          if (room >= Math.min(bytes, ENOUGH_ROOM)) {
            return directory;
          }
        } catch (IOException e) {
          // As good as not there.
        }
      }
    }
    return directories.getLast();
  }

  static SourceException failure(String operation, String reason, @Nullable Exception cause) {
    return new SourceException(NAME, operation, SourceException.NO_ERRNO, reason, cause);
  }

  /** An exception's text, or its kind where it has none. */
  static String reason(Exception e) {
    Throwable root = e.getCause() == null ? e : e.getCause();
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
