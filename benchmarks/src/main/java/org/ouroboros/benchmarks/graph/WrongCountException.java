package org.ouroboros.benchmarks.graph;

/** A heap has other objects left than it should: the collector, or the loader, is wrong. */
final class WrongCountException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WrongCountException(String message) {
    super(message);
  }
}
