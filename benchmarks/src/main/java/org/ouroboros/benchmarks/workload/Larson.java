package org.ouroboros.benchmarks.workload;

import java.util.concurrent.CountDownLatch;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * A server whose threads bleed into each other (Larson and Krishnan 1998; {@code larson 5 8 1000
 * 5000 100 4141 P}): each chain of threads owns 5000 blocks. A thread replaces blocks chosen at
 * random by ones of 8 to 1000 bytes, half a million times; then it starts a thread that inherits
 * them, and dies. So most frees are of blocks that another thread allocated.
 */
final class Larson implements Workload {

  private static final int SLOTS = 5000;
  private static final int MIN_SIZE = 8;
  private static final int MAX_SIZE = 1000;
  private static final int REPLACEMENTS = 100 * SLOTS;
  private static final int SEED = 4141;
  private static final int GENERATIONS = 24;

  @Override
  public String name() {
    return "larson";
  }

  @Override
  public String question() {
    return "blocks outlive the threads that made them";
  }

  @Override
  public long run(Crew crew, double scale) {
    int generations = Workload.scaled(scale, GENERATIONS);
    CountDownLatch ends = new CountDownLatch(crew.threads());
    Chain[] chains = new Chain[crew.threads()];
    crew.runHere(
        (allocator, index) -> {
          for (int i = 0; i < chains.length; i++) {
            chains[i] = new Chain(crew, i, generations, ends);
            chains[i].fill(allocator);
          }
        });
    for (Chain chain : chains) {
      chain.startNext();
    }
    try {
      ends.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
    crew.check();
    crew.runHere(
        (allocator, index) -> {
          for (Chain chain : chains) {
            chain.empty(allocator);
          }
        });
    return (long) chains.length * generations * REPLACEMENTS;
  }

  /** Threads one after the other, and the blocks that they hand on. */
  private static final class Chain {

    private final Crew crew;
    private final int index;
    private final CountDownLatch ends;
    private final long[] blocks = new long[SLOTS];
    private final Rng rng;

    /** Written by the thread that starts the next one. */
    private int left;

    Chain(Crew crew, int index, int generations, CountDownLatch ends) {
      this.crew = crew;
      this.index = index;
      this.left = generations;
      this.ends = ends;
      this.rng = new Rng(SEED + index);
    }

    void fill(Allocator allocator) {
      for (int i = 0; i < SLOTS; i++) {
        blocks[i] = allocate(allocator, i);
      }
    }

    void startNext() {
      crew.start(index, this::generation);
    }

    private void generation(Allocator allocator, int index) {
      boolean last = true;
      try {
        for (int i = 0; i < REPLACEMENTS; i++) {
          int victim = rng.below(SLOTS);
          free(allocator, victim);
          blocks[victim] = allocate(allocator, victim);
        }
        last = --left == 0;
        if (!last) {
          startNext();
        }
      } finally {
        if (last) {
          ends.countDown();
        }
      }
    }

    private long allocate(Allocator allocator, int slot) {
      long block = allocator.malloc(MIN_SIZE + rng.below(MAX_SIZE - MIN_SIZE + 1));
      NativeMemory.putByte(block, (byte) slot);
      NativeMemory.putByte(block + 1, (byte) index);
      return block;
    }

    private void free(Allocator allocator, int slot) {
      long block = blocks[slot];
      CorruptBlockException.check(block, (byte) slot, NativeMemory.getByte(block));
      CorruptBlockException.check(block, (byte) index, NativeMemory.getByte(block + 1));
      allocator.free(block);
    }

    void empty(Allocator allocator) {
      for (int i = 0; i < SLOTS; i++) {
        free(allocator, i);
      }
    }
  }
}
