package org.ouroboros.allocator.output;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a file that is there with all of its content, or not at all: beside its place at first,
 * and moved there when it is complete. A file that was there before stays until then, and is
 * replaced.
 */
public final class WholeFile {

  private static final String SUFFIX = ".part";

  /** Writes the content. */
  @FunctionalInterface
  public interface Content {

    /**
     * Writes all of it.
     *
     * @param channel may take less than is offered
     * @throws IOException if it does not take it
     */
    void write(WritableByteChannel channel) throws IOException;
  }

  private WholeFile() {}

  /**
   * Writes a file.
   *
   * @param path where it is to be; nothing, or a regular file
   * @param secret whether only the user may read it, where the file system knows of users
   * @param content writes it
   * @throws IOException if it cannot be written; whatever was there is still there then
   */
  public static void write(Path path, boolean secret, Content content) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new FileSystemException(path.toString(), null, "it is there, and is no regular file");
    }
    Path place = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    Path part = create(place, secret);
    boolean done = false;
    try {
      try (WritableByteChannel channel =
          Files.newByteChannel(
              part, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
        content.write(channel);
      }
      move(part, place);
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(part);
      }
    }
  }

  private static Path create(Path place, boolean secret) throws IOException {
    Path directory = place.getParent();
    Path name = place.getFileName();
    if (directory == null || name == null) {
      throw new FileSystemException(place.toString(), null, "it is no place for a file");
    }
    if (!Files.isDirectory(directory)) {
      throw new NoSuchFileException(place.toString(), null, "there is no folder " + directory);
    }
    if (secret) {
      return Files.createTempFile(directory, name + ".", SUFFIX);
    }
    long number = ThreadLocalRandom.current().nextLong();
    return Files.createFile(directory.resolve(name + "." + Long.toUnsignedString(number) + SUFFIX));
  }

  private static void move(Path part, Path place) throws IOException {
    try {
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, place, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
