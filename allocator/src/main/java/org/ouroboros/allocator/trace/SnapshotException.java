package org.ouroboros.allocator.trace;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;

/** A file that cannot be written, or is no snapshot, or not a whole one. */
public final class SnapshotException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Kind {
    /** The file cannot be read or written. */
    UNREADABLE,
    /** It is no snapshot. */
    FOREIGN,
    /** It is one of a later version of this library. */
    VERSION,
    /** Its end is missing. */
    TRUNCATED,
    /** Its content is not what was written. */
    DAMAGED
  }

  /** What is wrong. */
  private final Kind kind;

  SnapshotException(Path file, Kind kind, String text, @Nullable Throwable cause) {
    super(file + ": " + text, cause);
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
}
