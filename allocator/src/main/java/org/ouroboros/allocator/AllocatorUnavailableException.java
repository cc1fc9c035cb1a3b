package org.ouroboros.allocator;

import org.jspecify.annotations.Nullable;

/** An allocator that was chosen by name and is not known, not installed or cannot be loaded. */
public final class AllocatorUnavailableException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /** The name that was asked for. */
  private final String name;

  /**
   * Makes one.
   *
   * @param name the name that was asked for
   * @param reason why it cannot be had, and the cure, as the rest of a sentence
   * @param cause what led to it, or null
   */
  public AllocatorUnavailableException(String name, String reason, @Nullable Throwable cause) {
    super("allocator '" + name + "' cannot be had: " + reason, cause);
    this.name = name;
  }

  /**
   * The name that was asked for.
   *
   * @return the name
   */
  public String name() {
    return name;
  }
}
