package org.ouroboros.allocator.page;

/**
 * Takes a share of an engine's allocations, at random, and serves them itself: those into which a
 * point of a Poisson process falls, whose rate may be so much a block and so much a byte. It is
 * asked on slow paths only, see {@link SampleClock}.
 *
 * <p>Thread rule: any thread that allocates; it may hold the lock of a stripe.
 */
public interface Sampler {

  /**
   * The rate of points in a block, whatever its size.
   *
   * @return 0 or more; infinite to sample every block
   */
  double perBlock();

  /**
   * The rate of points in each byte that is asked for.
   *
   * @return 0 or more
   */
  double perByte();

  /**
   * With which probability an allocation is sampled.
   *
   * @param size bytes that are asked for
   * @return 0 to 1
   */
  default double probability(long size) {
    return -Math.expm1(-(perBlock() + perByte() * size));
  }

  /**
   * Serves an allocation that was chosen.
   *
   * @param size bytes, 0 or more
   * @param alignment bytes, a power of two; 16 or more
   * @param zeroed whether its content must be zero
   * @return the block's address; 0 to have it served as if it were not sampled
   */
  long serve(long size, long alignment, boolean zeroed);

  /**
   * Zeroes a block that it served and that is not in the engine's reservation.
   *
   * @param address where it begins
   * @param size bytes, as it was allocated
   */
  void zero(long address, long size);
}
