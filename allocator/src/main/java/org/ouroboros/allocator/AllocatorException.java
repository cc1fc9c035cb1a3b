package org.ouroboros.allocator;

/**
 * Something an allocator or a memory source could not or would not do. Every failure of this
 * library that is not a plain {@link IllegalArgumentException}, {@link IllegalStateException} or
 * {@link WrongThreadException} is one of its subclasses, and leaves state as it was before the
 * call.
 */
public abstract class AllocatorException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * For the subclasses.
   *
   * @param message what, where and what to do
   * @param cause what led to it, or null
   */
  protected AllocatorException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
    super(message, cause);
  }
}
