package org.ouroboros.benchmarks.program;

import org.HdrHistogram.Histogram;

/** Who asks the cache for what; how the cache works is up to the twins. */
abstract class LruTask implements Task {

  private static final long SEED = 0x9E3779B97F4A7C15L;
  private static final int HASH = 0x9E3779B1;

  /** Accesses before the timed ones, as a part of those. */
  private static final int WARM_UP_PART = 4;

  private final int operations;
  private final int shift;

  /** How many entries it holds. */
  final int capacity;

  private long random = SEED;

  LruTask(int capacity, int operations) {
    this.capacity = capacity;
    this.operations = operations;
    this.shift = Integer.numberOfLeadingZeros(Math.max(1, capacity - 1));
  }

  /**
   * Looks a key up, and makes its entry the newest; where there is none, makes one of {@link
   * #value}, and drops the oldest if there are too many then.
   *
   * @return the value that was found, or -1
   */
  abstract int access(long key);

  /** As many chains as there are entries, rounded up to a power of two. */
  final int chains() {
    return 1 << Integer.SIZE - shift;
  }

  /** The chain of a key: the upper bits of Fibonacci's hash. */
  final int chain(long key) {
    return (int) key * HASH >>> shift;
  }

  /** What the cache is to hold: computed from the key, not negative. */
  static int value(long key) {
    return (int) (key * 31) & Integer.MAX_VALUE;
  }

  private long nextKey() {
    random ^= random << 13;
    random ^= random >>> 7;
    random ^= random << 17;
    return (random >>> 32) * (2L * capacity) >>> 32;
  }

  @Override
  public void fillToPeak() {
    for (long key = 0; key < capacity; key++) {
      access(key);
    }
  }

  @Override
  public void warmUp() {
    fillToPeak();
    accessMany(operations / WARM_UP_PART + 1);
  }

  @Override
  public Outcome run(Histogram calls) {
    long begin = System.nanoTime();
    long sum = accessMany(operations);
    return new Outcome(operations, System.nanoTime() - begin, sum);
  }

  /** Makes some accesses; the sum of what they found. */
  private long accessMany(int accesses) {
    long sum = 0;
    for (int i = 0; i < accesses; i++) {
      sum += access(nextKey());
    }
    return sum;
  }

  @Override
  public boolean serves() {
    return true;
  }

  @Override
  public void serve() {
    access(nextKey());
  }
}
