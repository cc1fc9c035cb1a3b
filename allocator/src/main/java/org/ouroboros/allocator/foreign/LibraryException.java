package org.ouroboros.allocator.foreign;

/** A library that is absent or of no use. The message says why, and the cure. */
final class LibraryException extends Exception {

  private static final long serialVersionUID = 1L;

  LibraryException(String message) {
    super(message);
  }
}
