package org.ouroboros.benchmarks.workload;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * A heap that lives: a slot is chosen, some slots far more often than others, and its block is
 * freed, or allocated if there is none ({@code alloc-test P}, after Ignatchenko's). Sizes are up to
 * 1 KiB, each power of two half as likely as the one below. A block is written as a whole when it
 * is allocated and read as a whole before it is freed.
 */
final class AllocTest implements Workload {

  private static final int ITERATIONS = 12_000_000;
  private static final int SLOTS = 1 << 18;
  private static final int SIZE_EXPONENTS = 7;
  private static final int MIN_EXPONENT = 2;

  /** Pareto's law, 80 to 20, over six levels: the binomial distribution. */
  private static final double[] LEVELS = {
    0.262144, 0.393216, 0.245760, 0.081920, 0.015360, 0.001536, 0.000064
  };

  @Override
  public String name() {
    return "alloc-test";
  }

  @Override
  public String question() {
    return "a large live heap, touched unevenly";
  }

  @Override
  public long run(Crew crew, double scale) {
    int iterations = Workload.scaled(scale, ITERATIONS);
    int slots = SLOTS / crew.threads();
    crew.run((allocator, index) -> new Heap(allocator, index, slots).run(iterations));
    return (long) crew.threads() * iterations;
  }

  /** The slots of one thread. */
  private static final class Heap {

    private final Allocator allocator;
    private final Rng rng;
    private final long[] blocks;
    private final short[] sizes;

    /** Up to which draw each level is taken, and where its slots begin. */
    private final long[] draws = new long[LEVELS.length];

    private final int[] begins = new int[LEVELS.length + 1];

    Heap(Allocator allocator, int index, int slots) {
      this.allocator = allocator;
      this.rng = new Rng(index);
      this.blocks = new long[slots];
      this.sizes = new short[slots];
      double sum = 0;
      for (int i = 0; i < LEVELS.length; i++) {
        sum += LEVELS[i];
        draws[i] = (long) (0x1p32 * sum);
        // the more often a level is drawn, the fewer slots it has
        begins[i + 1] = begins[i] + (int) (slots * LEVELS[LEVELS.length - 1 - i]);
      }
      draws[LEVELS.length - 1] = 1L << 32;
      begins[LEVELS.length] = slots;
    }

    void run(int iterations) {
      for (int i = 0; i < iterations; i++) {
        toggle(slot());
      }
      for (int slot = 0; slot < blocks.length; slot++) {
        if (blocks[slot] != 0) {
          toggle(slot);
        }
      }
    }

    private int slot() {
      long draw = rng.next();
      int level = 0;
      while (draw >= draws[level]) {
        level++;
      }
      return begins[level] + rng.below(Math.max(1, begins[level + 1] - begins[level]));
    }

    private void toggle(int slot) {
      long block = blocks[slot];
      if (block == 0) {
        int size = size();
        block = allocator.malloc(size);
        NativeMemory.fill(block, size, (byte) slot);
        blocks[slot] = block;
        sizes[slot] = (short) size;
      } else {
        check(block, sizes[slot], (byte) slot);
        allocator.free(block);
        blocks[slot] = 0;
      }
    }

    private int size() {
      long draw = rng.next();
      int exponents = (int) (draw & (1 << SIZE_EXPONENTS) - 1) + 1;
      int exponent = Integer.numberOfTrailingZeros(exponents) + MIN_EXPONENT;
      return (int) (draw >>> SIZE_EXPONENTS & (1 << exponent) - 1) + 1 + (1 << exponent);
    }

    private static void check(long block, int size, byte expected) {
      long word = (expected & 0xFF) * 0x0101_0101_0101_0101L;
      long wrong = 0;
      int at = 0;
      for (; at + Long.BYTES <= size; at += Long.BYTES) {
        wrong |= NativeMemory.getLong(block + at) ^ word;
      }
      for (; at < size; at++) {
        wrong |= NativeMemory.getByte(block + at) ^ expected;
      }
      CorruptBlockException.check(block, word, wrong ^ word);
    }
  }
}
