package org.ouroboros.allocator.record;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;

/** A recording that could not be written. The program and its blocks were not disturbed. */
public final class RecordingException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param file the recording
   * @param reason why, and what to do about it, as the rest of a sentence
   * @param cause what led to it, or null
   */
  public RecordingException(String file, String reason, @Nullable Throwable cause) {
    super("the recording " + file + " is not complete: " + reason, cause);
  }
}
