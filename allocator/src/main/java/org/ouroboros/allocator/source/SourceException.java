package org.ouroboros.allocator.source;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;

/**
 * A {@link MemorySource} could not reserve, commit, purge or release. The reservation is as it was
 * before the call.
 */
public final class SourceException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /** The value of {@link #errno()} where the operating system gave none. */
  public static final int NO_ERRNO = 0;

  /** The operating system's error number. */
  private final int errno;

  /**
   * Makes one.
   *
   * @param source the name of the source
   * @param operation what was tried, with its figures, such as {@code commit of 65536 bytes at
   *     0x..}
   * @param errno the operating system's error number, or {@link #NO_ERRNO}
   * @param reason the error's text, and what to do about it
   * @param cause what led to it, or null
   */
  public SourceException(
      String source, String operation, int errno, String reason, @Nullable Throwable cause) {
    super(
        source
            + ": "
            + operation
            + " failed: "
            + reason
            + (errno == NO_ERRNO ? "" : " (errno " + errno + ")"),
        cause);
    this.errno = errno;
  }

  /**
   * The operating system's error number.
   *
   * @return errno, or {@link #NO_ERRNO}
   */
  public int errno() {
    return errno;
  }
}
