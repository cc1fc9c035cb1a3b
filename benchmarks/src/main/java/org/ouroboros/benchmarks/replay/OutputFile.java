package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that is written whole or not at all. Opening it makes a temporary file beside it, so that
 * a path that cannot be written is found before the work is done, not after.
 */
final class OutputFile implements AutoCloseable {

  private final Path file;
  private final Path temporary;

  private OutputFile(Path file, Path temporary) {
    this.file = file;
    this.temporary = temporary;
  }

  /**
   * Checks that a file can be written.
   *
   * @throws IOException if it cannot; the message is one line
   */
  static OutputFile open(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("the folder of " + file + " does not exist");
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new IOException(file + " cannot be written to");
    }
    try {
      return new OutputFile(file, Files.createTempFile(folder, ".replay", ".tmp"));
    } catch (IOException e) {
      throw new IOException("no file can be made in the folder of " + file, e);
    }
  }

  /** Puts the text in the place of the file. */
  void write(String text) throws IOException {
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
    Files.deleteIfExists(temporary);
  }
}
