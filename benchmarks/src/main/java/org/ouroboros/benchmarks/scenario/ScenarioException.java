package org.ouroboros.benchmarks.scenario;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file that is no valid scenario. The message is one line that names the file, the line in it and
 * the fault.
 */
public final class ScenarioException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The line, counted from 1. */
  private final int line;

  /**
   * Makes one.
   *
   * @param source the file, or the name of the scenario
   * @param line the line in it, counted from 1
   * @param fault what is wrong, as a phrase
   * @param cause what led to it, or null
   */
  public ScenarioException(String source, int line, String fault, @Nullable Throwable cause) {
    super(source + ": line " + line + ": " + fault.replace('\n', ' ').replace('\r', ' '), cause);
    this.line = line;
  }

  /**
   * Where the fault is.
   *
   * @return the line, counted from 1
   */
  public int line() {
    return line;
  }
}
