package org.ouroboros.benchmarks.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A file that is written whole or not at all. Opening it makes a temporary file beside it, so that
 * a path that cannot be written is found before the work is done, not after. What is there and no
 * regular file, as a pipe or a terminal, stays and is written to.
 */
final class OutputFile implements AutoCloseable {

  private final Path file;

  /** Null if the file itself is written to. */
  private final @Nullable Path temporary;

  private OutputFile(Path file, @Nullable Path temporary) {
    this.file = file;
    this.temporary = temporary;
  }

  /**
   * Checks that a file can be written.
   *
   * @throws IOException if it cannot; the message is one line
   */
  static OutputFile open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder");
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new IOException(file + " cannot be written to");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      return new OutputFile(file, null);
    }
    // behind a link, so that the link is not replaced
    Path place = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = place.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("the folder of " + file + " does not exist");
    }
    try {
      return new OutputFile(place, Files.createTempFile(folder, ".replay", ".tmp"));
    } catch (IOException e) {
      throw new IOException("no file can be made in the folder of " + file, e);
    }
  }

  /** Puts the text in the place of the file. */
  void write(String text) throws IOException {
    if (temporary == null) {
      Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
      return;
    }
    Files.writeString(temporary, text, StandardCharsets.UTF_8);
    if (Files.getFileStore(temporary).supportsFileAttributeView("posix")) {
      // a temporary file is for its owner alone, a report is not
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
    }
    try {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Removes the temporary file if nothing was written. */
  @Override
  public void close() throws IOException {
    if (temporary != null) {
      Files.deleteIfExists(temporary);
    }
  }
}
