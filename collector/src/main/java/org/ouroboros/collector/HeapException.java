package org.ouroboros.collector;

import org.jspecify.annotations.Nullable;

/**
 * Something a heap would not or could not do. Nothing has changed, unless it is a {@link
 * CorruptHeapException}.
 *
 * <p>Every failure of a heap that is not a plain {@link IllegalArgumentException}, {@link
 * IndexOutOfBoundsException}, {@link IllegalStateException} or {@link WrongThreadException} is one
 * of its subclasses.
 */
public abstract class HeapException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * For the subclasses.
   *
   * @param message what, where and what to do
   * @param cause what led to it, or null
   */
  protected HeapException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
