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
   * method that has a class in its signature which is not loaded, and some of plain allocations
   * only ever see null there.
   */
  private volatile Sampler[] samplers = {};

  /** Where the clocks begin; guarded by this. */
  private long seed = ThreadLocalRandom.current().nextLong();

  Samplers() {}

  /**
   * Begins to sample for somebody. Threads that have allocated with a sampler before notice with a
   * delay: at the next block that the others have due, or after a thousand blocks.
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

  /** The largest {@link Sampler#perBlock} of them; 0 if nobody samples. */
  double perBlock() {
    return Arrays.stream(samplers).mapToDouble(Sampler::perBlock).max().orElse(0);
  }

  /** The largest {@link Sampler#perByte} of them; 0 if nobody samples. */
  double perByte() {
    return Arrays.stream(samplers).mapToDouble(Sampler::perByte).max().orElse(0);
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
