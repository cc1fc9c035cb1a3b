package org.ouroboros.benchmarks.host;

/** A C library that cannot be had, refuses its allocator, or does not do its work. */
final class HostException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What kind of failure it is. */
  enum Reason {
    /** There is no such file, or it cannot be opened. */
    MISSING_LIBRARY,
    /** The library lacks a function that is needed. */
    MISSING_FUNCTION,
    /** The library is too old, too new, or says so itself. */
    WRONG_VERSION,
    /** The library allocates already, and takes no other allocator now. */
    TOO_LATE,
    /** The allocator gave null, and the library said so. */
    NO_MEMORY,
    /** The library did its work and the result is not the known one. */
    WRONG_RESULT,
    /** The library reported any other error. */
    FAILED
  }

  private final Reason reason;

  HostException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What kind of failure it is. */
  Reason reason() {
    return reason;
  }

  /** Checks a result. */
  static void check(String what, Object found, Object expected) throws HostException {
    if (!found.equals(expected)) {
      throw new HostException(
          Reason.WRONG_RESULT, what + " is " + shown(found) + ", not " + shown(expected));
    }
  }

  private static String shown(Object value) {
    String text = value.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
