package org.ouroboros.benchmarks.command;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files that a command writes its figures to. */
public final class OutputOptions {

  @Option(names = "--json", paramLabel = "FILE", description = "write the figures as JSON Lines")
  private @Nullable Path json;

  @Option(names = "--report", paramLabel = "FILE", description = "write an HTML page with charts")
  private @Nullable Path report;

  /** For picocli. */
  public OutputOptions() {}

  /**
   * Both files, to be written when the figures are there.
   *
   * @param json for JSON Lines
   * @param report for the page
   */
  public record Outputs(OptionalOutput json, OptionalOutput report) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (json) {
        report.close();
      }
    }
  }

  /**
   * Checks that the files can be written, before the work is done.
   *
   * @return what writes them
   * @throws IOException if one cannot be written, or both are the same; the message is one line
   */
  public Outputs open() throws IOException {
    if (json != null && report != null && isSame(json, report)) {
      throw new IOException("--json and --report name the same file, " + json);
    }
    OptionalOutput first = OptionalOutput.open(json);
    try {
      return new Outputs(first, OptionalOutput.open(report));
    } catch (IOException e) {
      first.close();
      throw e;
    }
  }

  private static boolean isSame(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }
}
