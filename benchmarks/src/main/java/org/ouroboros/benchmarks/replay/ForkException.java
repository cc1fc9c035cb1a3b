package org.ouroboros.benchmarks.replay;

import java.io.IOException;

/** A forked process failed or ended early. The message is one line. */
final class ForkException extends IOException {

  private static final long serialVersionUID = 1L;

  ForkException(String message) {
    super(message);
  }
}
