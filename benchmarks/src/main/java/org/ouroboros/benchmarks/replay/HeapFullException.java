package org.ouroboros.benchmarks.replay;

/** An array cannot grow: the Java heap, or what one array may hold, is used up. */
public final class HeapFullException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HeapFullException(OutOfMemoryError cause) {
    super(cause);
  }
}
