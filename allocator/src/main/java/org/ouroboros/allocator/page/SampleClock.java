package org.ouroboros.allocator.page;

/**
 * Finds the allocations of a local heap that are sampled, at no cost for the others.
 *
 * <p>Each bin counts down, in the word that an allocation changes anyway ({@link Bin#state}). What
 * it counts is drawn from the geometric distribution with the bin's <i>odds</i>, the largest
 * probability that a {@link Sampler} has for a block of its size. So each allocation of the class
 * is due with these odds, independent of all others. A sampler that takes fewer, or fewer of that
 * size, accepts such a share of the due ones that its probability results: exactly so, whatever
 * sizes a class serves. Large blocks are not counted; each draws for itself.
 *
 * <p>While nobody samples, a bin looks again now and then, since only the heap's holder may change
 * the word.
 *
 * <p>Thread rule: as the heap.
 */
final class SampleClock {

  /** While nobody samples, how many bytes of a class are allocated between looks, about. */
  private static final long IDLE_BYTES = 256 << 10;

  private static final int LEAST_IDLE = 16;
  private static final int MOST_IDLE = 1024;

  /** The largest number that the word has room for; at the end of it is another draw. */
  private static final int MOST = Integer.MAX_VALUE;

  private final Samplers samplers;
  private long random;

  SampleClock(Samplers samplers) {
    this.samplers = samplers;
    this.random = samplers.nextSeed();
  }

  /** Draws the next allocation of a bin that is due. */
  void restart(Bin bin) {
    double odds = samplers.probability(bin.blockSize);
    if (odds <= 0) {
      bin.odds = 0;
      bin.countTo(Math.clamp(IDLE_BYTES / bin.blockSize, LEAST_IDLE, MOST_IDLE));
      return;
    }
    // 1 - nextDouble() is never 0.
    double number = odds >= 1 ? 1 : 1 + Math.floor(Math.log(1 - next()) / Math.log1p(-odds));
    bin.odds = number > MOST ? 0 : odds;
    bin.countTo((int) Math.min(number, MOST));
  }

  /** Whether an allocation that was due with some odds is one of those with a probability. */
  boolean isAccepted(double odds, double probability) {
    return probability >= odds ? odds > 0 : next() * odds < probability;
  }

  /** A number in [0, 1): SplitMix64 (Steele, Lea, Flood, 2014). */
  private double next() {
    random += 0x9E3779B97F4A7C15L;
    long z = random;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return ((z ^ z >>> 31) >>> 11) * 0x1p-53;
  }
}
