package org.ouroboros.benchmarks.workload;

/**
 * Marsaglia's xorshift64, star variant: good enough to choose slots and sizes, and a few
 * instructions, so that the generator is not what is measured. For one thread.
 */
final class Rng {

  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private long state;

  Rng(long seed) {
    state = (seed + 1) * GOLDEN;
    next();
  }

  /** Any 32 bits, as a non-negative number. */
  long next() {
    long x = state;
    x ^= x >>> 12;
    x ^= x << 25;
    x ^= x >>> 27;
    state = x;
    return x * 0x2545_F491_4F6C_DD1DL >>> 32;
  }

  /** A number from 0 to {@code bound - 1}. */
  int below(int bound) {
    return (int) (next() * bound >>> 32);
  }

  /** True in about {@code percent} of a hundred calls. */
  boolean chance(int percent) {
    return below(100) < percent;
  }

  /** A number from 0 (included) to 1 (excluded). */
  double fraction() {
    return next() * 0x1p-32;
  }
}
