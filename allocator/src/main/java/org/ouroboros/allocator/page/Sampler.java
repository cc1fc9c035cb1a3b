package org.ouroboros.allocator.page;

/**
 * Takes a share of an engine's allocations, at random, and serves them itself. It is asked on slow
 * paths only: each bin counts down to the next allocation that may be somebody's, see {@link
 * SampleClock}.
 *
 * <p>Thread rule: any thread that allocates; it may hold the lock of a stripe.
 */
public interface Sampler {

  /**
   * With which probability an allocation is to be sampled.
   *
   * @param size bytes that are asked for
   * @return 0 to 1; for a larger size not less
   */
  double probability(long size);

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
