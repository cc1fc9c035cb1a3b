package org.ouroboros.benchmarks.workload;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * Twenty live buffers of 5 to 25 MiB, replaced one after the other in random order and zeroed by
 * their user ({@code malloc-large}): does the allocator keep the memory of large blocks, or does it
 * ask the kernel for the same pages again and again?
 */
final class MallocLarge implements Workload {

  private static final int REPLACEMENTS = 400;
  private static final int LIVE = 20;
  private static final int MIN_SIZE = 5 << 20;
  private static final int MAX_SIZE = 25 << 20;
  private static final int SEED = 42;

  @Override
  public String name() {
    return "malloc-large";
  }

  @Override
  public String question() {
    return "buffers of 5 to 25 MiB, one thread";
  }

  @Override
  public long run(Crew crew, double scale) {
    int replacements = Workload.scaled(scale, REPLACEMENTS);
    crew.runHere(
        (allocator, index) -> {
          long[] buffers = new long[LIVE];
          Rng rng = new Rng(SEED);
          for (int i = 0; i < replacements; i++) {
            int slot = rng.below(LIVE);
            // the new one is there before the old one goes, as where a pointer is assigned
            long old = buffers[slot];
            buffers[slot] = allocate(allocator, rng);
            allocator.free(old);
          }
          for (long buffer : buffers) {
            allocator.free(buffer);
          }
        });
    return replacements;
  }

  private static long allocate(Allocator allocator, Rng rng) {
    int size = MIN_SIZE + rng.below(MAX_SIZE - MIN_SIZE + 1);
    long buffer = allocator.malloc(size);
    NativeMemory.fill(buffer, size, (byte) 0);
    return buffer;
  }
}
