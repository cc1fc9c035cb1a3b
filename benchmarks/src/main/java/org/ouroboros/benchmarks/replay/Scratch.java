package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A temporary folder that is gone when the run is, however it ends. */
public final class Scratch implements AutoCloseable {

  private static final int DELETE_TRIES = 20;
  private static final long DELETE_PAUSE_NANOS = 20_000_000;

  private final Path folder;
  private final Thread hook;

  /**
   * Makes one.
   *
   * @throws IOException if the system gives none
   */
  public Scratch() throws IOException {
    folder = Files.createTempDirectory("ouroboros-replay");
    hook = new Thread(() -> delete(folder));
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Where it is.
   *
   * @return an existing folder
   */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    delete(folder);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // shutting down: the hook runs
    }
  }

  /** Tries again for a while: at an interrupt, forks that end may still be making files. */
  private static void delete(Path folder) {
    for (int i = 0; i < DELETE_TRIES && Files.exists(folder); i++) {
      try (Stream<Path> files = Files.walk(folder)) {
        List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : deepestFirst) {
          Files.deleteIfExists(file);
        }
      } catch (IOException | UncheckedIOException e) {
        LockSupport.parkNanos(DELETE_PAUSE_NANOS);
      }
    }
  }
}
