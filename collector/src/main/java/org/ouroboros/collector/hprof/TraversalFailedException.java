package org.ouroboros.collector.hprof;

import java.io.IOException;

/** The references that an object has outside its slots could not be told. */
final class TraversalFailedException extends IOException {

  private static final long serialVersionUID = 1L;

  TraversalFailedException(String type, int id) {
    super(
        "the traversal of the references outside the slots of "
            + type
            + " #"
            + Integer.toUnsignedLong(id)
            + " failed; the heap's error log has what it threw");
  }
}
