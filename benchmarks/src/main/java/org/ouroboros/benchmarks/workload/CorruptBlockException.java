package org.ouroboros.benchmarks.workload;

/** A block did not hold what was written to it. */
final class CorruptBlockException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CorruptBlockException(long address, long expected, long found) {
    super(
        String.format(
            "the block at 0x%x holds 0x%x where 0x%x was written", address, found, expected));
  }

  /** Does nothing if the two are equal. */
  static void check(long address, long expected, long found) {
    if (expected != found) {
      throw new CorruptBlockException(address, expected, found);
    }
  }
}
