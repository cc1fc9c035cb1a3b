package org.ouroboros.benchmarks.replay;

/**
 * An allocator under test.
 *
 * @param name how the tables call it
 * @param detail its version and where it was found
 * @param kind what it is called through
 */
record Subject(String name, String detail, Kind kind) {

  /** What an allocator is, and what it is called through. */
  enum Kind {
    /** Written in Java. */
    JAVA,
    /** A C library called from Java. */
    NATIVE,
    /** A C library called from C: the yardstick. */
    YARDSTICK
  }

  boolean isJava() {
    return kind == Kind.JAVA;
  }

  boolean isNative() {
    return kind == Kind.NATIVE;
  }

  boolean isYardstick() {
    return kind == Kind.YARDSTICK;
  }
}
