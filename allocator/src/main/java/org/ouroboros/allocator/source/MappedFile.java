package org.ouroboros.allocator.source;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.BitSet;
import java.util.Set;
import java.util.UUID;

/**
 * A reservation that is a part of a mapped, unlinked file.
 *
 * <p>Zeros are written through a {@link RandomAccessFile}, not through the channel: a channel is
 * closed when a thread is interrupted while it writes, and could not be opened again. Ranges that
 * were committed before are never written again, which is what keeps their content; the lock makes
 * the test and the write one step.
 */
final class MappedFile extends AbstractReservation {

  private static final byte[] ZEROS = new byte[(int) MappedFileSource.GRANULARITY];

  private final RandomAccessFile file;
  private final Arena arena;

  /** Where the reservation begins in the file. */
  private final long origin;

  /** A bit for each granule; guarded by itself. */
  private final BitSet committed = new BitSet();

  private MappedFile(RandomAccessFile file, Arena arena, MemorySegment segment, long origin) {
    super(segment, MappedFileSource.GRANULARITY);
    this.file = file;
    this.arena = arena;
    this.origin = origin;
  }

  static MappedFile create(Path directory, long bytes, long alignment) throws IOException {
    Files.createDirectories(directory);
    RandomAccessFile file = open(directory);
    Arena arena = Arena.ofShared();
    try {
      // Mapping extends the file, leaving a hole: nothing is allocated for it.
      MemorySegment all = file.getChannel().map(MapMode.READ_WRITE, 0, bytes + alignment, arena);
      long origin = -all.address() & (alignment - 1);
      return new MappedFile(file, arena, all.asSlice(origin, bytes), origin);
    } catch (Throwable t) {
      arena.close();
      file.close();
      throw t;
    }
  }

  /** An open file that has no name any more; where that cannot be, one that goes at exit. */
  private static RandomAccessFile open(Path directory) throws IOException {
    Path path = directory.resolve("ouroboros-" + UUID.randomUUID() + ".memory");
    // Only creation can ask for a sparse file, where files are not sparse by themselves (Windows).
    Set<OpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
    try {
      Files.newByteChannel(path, options, ownerOnly(directory)).close();
      return new RandomAccessFile(path.toFile(), "rw");
    } finally {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        path.toFile().deleteOnExit();
      }
    }
  }

  /** Nobody else may look into the memory of this process, where permissions can say so. */
  private static FileAttribute<?>[] ownerOnly(Path directory) {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  void doCommit(long offset, long bytes) {
    int begin = (int) (offset / MappedFileSource.GRANULARITY);
    int end = (int) ((offset + bytes) / MappedFileSource.GRANULARITY);
    synchronized (committed) {
      try {
        for (int i = committed.nextClearBit(begin); i < end; i = committed.nextClearBit(i + 1)) {
          file.seek(origin + i * MappedFileSource.GRANULARITY);
          file.write(ZEROS);
          committed.set(i);
        }
      } catch (IOException e) {
        throw MappedFileSource.failure(
            describe("commit", offset, bytes),
            MappedFileSource.reason(e)
                + "; make room, or set java.io.tmpdir to where there is some",
            e);
      }
    }
  }

  @Override
  void doPurge(long offset, long bytes) {
    // Java has no call for it; the source says so.
  }

  @Override
  void doAdviseHugePages(long offset, long bytes) {
    // Nor for that.
  }

  @Override
  void doLock(long offset, long bytes) {
    throw MappedFileSource.failure(
        describe("lock", offset, bytes),
        "Java has no call for it; start the JVM with native access, or do not ask for it",
        null);
  }

  @Override
  void doRelease() {
    arena.close();
    try {
      file.close();
    } catch (IOException e) {
      throw MappedFileSource.failure(describe("release", 0, size), MappedFileSource.reason(e), e);
    }
  }
}
