package org.ouroboros.benchmarks.host;

import org.junit.jupiter.api.Assumptions;

/** Opens libraries for tests. */
final class Hosts {

  private Hosts() {}

  /** The library, or the test is skipped, saying why. */
  static Host open(HostLibrary library) throws HostException {
    try {
      return library.open();
    } catch (HostException e) {
      throw skippedIfMissing(e);
    }
  }

  /** The library without its functions, or the test is skipped, saying why. */
  static CLibrary library(HostLibrary library) throws HostException {
    try {
      return library.library();
    } catch (HostException e) {
      throw skippedIfMissing(e);
    }
  }

  private static HostException skippedIfMissing(HostException e) {
    if (e.reason() == HostException.Reason.MISSING_LIBRARY) {
      Assumptions.abort(e.getMessage());
    }
    return e;
  }
}
