package org.ouroboros.allocator.page;

/**
 * Finds those allocations of a local heap that are sampled, among those that come with a {@link
 * Sampler}; others do not touch it.
 *
 * <p>It counts down, by so much a block and so much a byte, from a number that is drawn from the
 * exponential distribution: a block is <i>due</i> if the count gets below zero in it. Such a
 * distribution has no memory, so it does not matter that the count begins anew behind a block that
 * was due, or whenever the rates have changed.
 *
 * <p>The rates are the largest of all samplers of the engine. One that takes less accepts such a
 * share of the blocks due that its own probability results. Blocks above the medium sizes are not
 * counted; each draws for itself.
 *
 * <p>While nobody samples, it looks again every {@link #IDLE} blocks: the rates are those of the
 * last look, since only the heap's holder may change them.
 *
 * <p>Thread rule: as the heap.
 */
final class SampleClock {

  /** While nobody samples, how many blocks are allocated between two looks. */
  private static final int IDLE = 1024;

  /** What a rate of 1 is counted as: rates are counted to 12 digits, and what is less as none. */
  private static final double ONE = 1L << 40;

  /** The largest count of a block; with 64 KiB at a point a byte that is still no overflow. */
  private static final double MOST = 1L << 61;

  private final Samplers samplers;
  private long random;

  /** How much is left to the next point. */
  private long left;

  private long perBlock;
  private long perByte;

  /** Whether nobody samples. */
  private boolean idle;

  SampleClock(Samplers samplers) {
    this.samplers = samplers;
    this.random = samplers.nextSeed();
    restart();
  }

  /**
   * Counts a block, and tells whether it is due.
   *
   * @param size bytes, 0 to 64 KiB
   */
  boolean isDue(long size) {
    long now = left - perBlock - perByte * size;
    left = now;
    return now < 0;
  }

  /** Goes on behind a block that was due, and tells whether a sampler accepts it. */
  boolean isAccepted(Sampler sampler, long size) {
    boolean wasIdle = idle;
    double odds = -Math.expm1(-(perBlock + (double) perByte * size) / ONE);
    restart();
    return !wasIdle && next() * odds < sampler.probability(size);
  }

  /** Draws for a block that is not counted. */
  boolean draws(Sampler sampler, long size) {
    return next() < sampler.probability(size);
  }

  /** Draws the next point, with the rates of now. */
  void restart() {
    perBlock = Math.round(Math.min(samplers.perBlock() * ONE, MOST));
    perByte = Math.round(Math.min(samplers.perByte(), 1) * ONE);
    idle = perBlock == 0 && perByte == 0;
    if (idle) {
      perBlock = 1;
      left = IDLE;
      return;
    }
    // 1 - next() is never 0, and no number is above 2^46.
    left = (long) (-Math.log(1 - next()) * ONE);
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
