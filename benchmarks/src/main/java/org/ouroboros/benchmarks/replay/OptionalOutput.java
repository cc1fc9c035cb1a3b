package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An {@link OutputFile} that may not have been asked for. */
final class OptionalOutput implements AutoCloseable {

  private final @Nullable OutputFile file;

  private OptionalOutput(@Nullable OutputFile file) {
    this.file = file;
  }

  static OptionalOutput open(@Nullable Path path) throws IOException {
    return new OptionalOutput(path == null ? null : OutputFile.open(path));
  }

  void write(String text) throws IOException {
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
