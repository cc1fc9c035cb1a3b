package org.ouroboros.benchmarks.compare;

/** A block allocated, its first byte written, and the block given back: what is timed. */
interface Pair extends AutoCloseable {

  /**
   * Once.
   *
   * @param size bytes
   * @return something that depends on the block, for the benchmark to consume
   */
  long once(int size);

  /** Ends what the pairs were made on. */
  @Override
  default void close() {}
}
