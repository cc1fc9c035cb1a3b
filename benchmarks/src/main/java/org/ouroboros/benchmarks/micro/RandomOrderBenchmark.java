package org.ouroboros.benchmarks.micro;

import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What does a pair cost where blocks of many sizes are alive together and die in another order than
 * they were made in? Sizes are uniform and the order is a permutation, both from a fixed seed and
 * the same in each invocation.
 */
@State(Scope.Thread)
public class RandomOrderBenchmark extends AllocatorBenchmark {

  /** How many blocks. */
  static final int BLOCKS = 4096;

  private static final int MIN_SIZE = 8;
  private static final int MAX_SIZE = 256;
  private static final long SEED = 42;

  private final long[] sizes = new long[BLOCKS];
  private final int[] order = new int[BLOCKS];
  private final long[] addresses = new long[BLOCKS];

  /** For JMH. */
  public RandomOrderBenchmark() {}

  /** Draws the sizes and the order. */
  @Setup
  public void draw() {
    Random random = new Random(SEED);
    for (int i = 0; i < BLOCKS; i++) {
      sizes[i] = random.nextInt(MIN_SIZE, MAX_SIZE + 1);
      // inside out, after Fisher and Yates
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
  }

  /**
   * All blocks taken, then all given back.
   *
   * @return the addresses they had
   */
  @Benchmark
  @OperationsPerInvocation(BLOCKS)
  public long[] mallocThenFree() {
    for (int i = 0; i < BLOCKS; i++) {
      addresses[i] = subject.malloc(sizes[i]);
    }
    for (int i = 0; i < BLOCKS; i++) {
      subject.free(addresses[order[i]]);
    }
    return addresses;
  }
}
