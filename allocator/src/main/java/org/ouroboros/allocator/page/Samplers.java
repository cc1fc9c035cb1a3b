package org.ouroboros.allocator.page;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Who samples the allocations of an engine.
 *
 * <p>Thread rule: any thread.
 */
final class Samplers {

  /**
   * An array, not a list: it has the interface loaded with the first engine. The JIT inlines no
   * method that has a class in its signature which is not loaded, and those of plain allocations
   * only ever see null there.
   */
  private volatile Sampler[] samplers = {};

  /** Where the clocks begin; guarded by this. */
  private long seed = ThreadLocalRandom.current().nextLong();

  Samplers() {}

  /**
   * Begins to sample for somebody. Threads that have allocated before notice with a delay, of some
   * hundred kilobytes of each size.
   *
   * @param sampler who is to be passed with allocations
   */
  synchronized void add(Sampler sampler) {
    Sampler[] more = Arrays.copyOf(samplers, samplers.length + 1);
    more[samplers.length] = sampler;
    samplers = more;
  }

  /**
   * Ends it. Threads that were on their way may still serve an allocation.
   *
   * @param sampler one that was added, or any
   */
  synchronized void remove(Sampler sampler) {
    samplers = Arrays.stream(samplers).filter(one -> one != sampler).toArray(Sampler[]::new);
  }

  /** The largest probability that one of them has for a size; 0 if nobody samples. */
  double probability(long size) {
    double most = 0;
    for (Sampler one : samplers) {
      most = Math.max(most, one.probability(size));
    }
    return most;
  }

  /** For tests: from now on new heaps sample the same allocations in each run. */
  synchronized void seed(long value) {
    seed = value;
  }

  /** The beginning of a random sequence, another one at each call. */
  synchronized long nextSeed() {
    seed += 0x632BE59BD9B4E019L;
    return seed;
  }
}
