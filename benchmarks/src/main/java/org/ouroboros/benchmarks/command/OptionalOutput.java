package org.ouroboros.benchmarks.command;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An {@link OutputFile} that may not have been asked for. */
public final class OptionalOutput implements AutoCloseable {

  private final @Nullable OutputFile file;

  private OptionalOutput(@Nullable OutputFile file) {
    this.file = file;
  }

  /**
   * Checks that the file can be written.
   *
   * @param path the file, or null for none
   * @return the output, which writes nothing if there is no file
   * @throws IOException if it cannot be written; the message is one line
   */
  public static OptionalOutput open(@Nullable Path path) throws IOException {
    return new OptionalOutput(path == null ? null : OutputFile.open(path));
  }

  /**
   * Puts a text in the place of the file.
   *
   * @param text all of it
   * @throws IOException if that fails
   */
  public void write(String text) throws IOException {
    if (file != null) {
      file.write(text);
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
