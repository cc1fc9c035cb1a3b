package org.ouroboros.benchmarks.workload;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * Threads that replace blocks chosen at random among 1024 of their own, of 4 to 32,768 bytes, where
 * the likelihood of a size falls with its square ({@code glibc-thread P}, glibc's {@code
 * bench-malloc-thread}). Every byte is written.
 */
final class GlibcThread implements Workload {

  private static final int ITERATIONS = 20_000_000;
  private static final int SLOTS = 1024;
  private static final int SIZES = 1 << 16;
  private static final double MIN_SIZE = 4;
  private static final double MAX_SIZE = 32_768;

  @Override
  public String name() {
    return "glibc-thread";
  }

  @Override
  public String question() {
    return "mixed sizes, threads that keep to themselves";
  }

  @Override
  public long run(Crew crew, double scale) {
    int iterations = Workload.scaled(scale, ITERATIONS);
    int[] sizes = sizes();
    crew.run((allocator, index) -> replace(allocator, sizes, new Rng(index), iterations));
    return (long) crew.threads() * iterations;
  }

  /** Sizes by the inverse of their distribution: 1/size is uniform. */
  private static int[] sizes() {
    Rng rng = new Rng(0);
    int[] sizes = new int[SIZES];
    for (int i = 0; i < SIZES; i++) {
      double inverse = 1 / MIN_SIZE + (1 / MAX_SIZE - 1 / MIN_SIZE) * rng.fraction();
      sizes[i] = (int) (1 / inverse);
    }
    return sizes;
  }

  private static void replace(Allocator allocator, int[] sizes, Rng rng, int iterations) {
    long[] blocks = new long[SLOTS];
    for (int i = 0; i < iterations; i++) {
      int slot = rng.below(SLOTS);
      if (blocks[slot] != 0) {
        CorruptBlockException.check(blocks[slot], (byte) slot, NativeMemory.getByte(blocks[slot]));
        allocator.free(blocks[slot]);
      }
      int size = sizes[i & SIZES - 1];
      blocks[slot] = allocator.malloc(size);
      NativeMemory.fill(blocks[slot], size, (byte) slot);
    }
    for (long block : blocks) {
      allocator.free(block);
    }
  }
}
