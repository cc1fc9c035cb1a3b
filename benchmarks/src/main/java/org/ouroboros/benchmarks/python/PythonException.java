package org.ouroboros.benchmarks.python;

import java.io.IOException;

/**
 * CPython could not be loaded, given an allocator or started. The message is one line: what, where,
 * and the cure. The JVM is as it was.
 */
final class PythonException extends IOException {

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  PythonException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  PythonException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What went wrong. */
  Kind kind() {
    return kind;
  }

  /** What can go wrong. */
  enum Kind {
    /** The JVM may not call C. */
    NO_NATIVE_ACCESS,
    /** No such library, or none that the dynamic linker can load. */
    LIBRARY_MISSING,
    /** The library has no such function: it is no CPython, or one that was cut down. */
    SYMBOL_MISSING,
    /** CPython, but of another version. */
    WRONG_VERSION,
    /** The library's own functions are not there in Python. */
    STANDARD_LIBRARY_MISSING,
    /** CPython has blocks of another allocator already. */
    ALREADY_ALLOCATED,
    /** The allocator does not do what CPython needs. */
    ALLOCATOR_UNFIT,
    /** CPython has put another allocator in the place of the one that it was given. */
    ALLOCATOR_REPLACED,
    /** CPython refused to start. */
    START_REFUSED
  }
}
