package org.ouroboros.allocator.jfr;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The settings file {@code ouroboros.jfc}: every event of the library is on, samples of allocations
 * with their stacks too.
 *
 * <pre>{@code
 * EventSettings.writeTo(Path.of("ouroboros.jfc"));
 * // java -XX:StartFlightRecording:settings=ouroboros.jfc,filename=out.jfr ...
 * }</pre>
 *
 * <p>Thread rule: any thread.
 */
public final class EventSettings {

  private static final String NAME = "ouroboros.jfc";

  private EventSettings() {}

  /**
   * Writes the file, for {@code settings=}, which takes files only.
   *
   * @param file where to; must not exist
   * @throws IOException if it cannot be written
   */
  public static void writeTo(Path file) throws IOException {
    try (InputStream in = open()) {
      Files.copy(in, file);
    }
  }

  /**
   * Opens it, for {@code jdk.jfr.Configuration.create}.
   *
   * @return a stream, to be closed by the caller
   * @throws IOException if it is not in the jar
   */
  public static InputStream open() throws IOException {
    InputStream in = EventSettings.class.getResourceAsStream(NAME);
    if (in == null) {
      throw new FileNotFoundException(NAME + " is missing beside " + EventSettings.class.getName());
    }
    return in;
  }
}
