package org.ouroboros.allocator.statistics;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;

/** A statistics file that could not be written or read. */
public final class StatisticsException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  private final Kind kind;

  StatisticsException(Kind kind, Path file, String reason, @Nullable Throwable cause) {
    super("the statistics file " + file + " " + reason, cause);
    this.kind = kind;
  }

  /**
   * What is wrong.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /** What is wrong with a statistics file. */
  public enum Kind {
    /** It cannot be made: no such folder, no permission, no room. */
    NOT_WRITABLE,
    /** It cannot be opened: there is none, or no permission. */
    NOT_READABLE,
    /** It is something else, or made by something else. */
    FOREIGN,
    /** It is shorter than its header says. */
    TRUNCATED,
    /** It was made by a newer version. */
    NEWER_VERSION,
    /** A running process writes it. */
    IN_USE
  }
}
