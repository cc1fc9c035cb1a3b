package org.ouroboros.benchmarks.latency;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * Calls at due times that do not depend on how long calls take: a slow call delays those after it,
 * and they are made at once then, as a program's work would pile up. Each call frees the block of a
 * random slot, or allocates one if the slot is empty.
 *
 * <p>Sizes: nine of ten 1 to 512 bytes, most others up to 8 KiB, one of a thousand up to 256 KiB.
 */
final class OpenLoop {

  private static final int SMALL = 512;
  private static final int MEDIUM = 8 << 10;
  private static final int LARGE = 256 << 10;
  private static final int PER_MILLE_SMALL = 900;
  private static final int PER_MILLE_MEDIUM = 999;

  private final @Nullable Allocator allocator;
  private final Tails tails;
  private final long[] slots;
  private long random = 0x9E3779B97F4A7C15L;

  OpenLoop(@Nullable Allocator allocator, int slots, Tails tails) {
    this.allocator = allocator;
    this.slots = new long[slots];
    this.tails = tails;
  }

  /** Makes calls as fast as it can. */
  void runClosed(int calls) {
    for (int i = 0; i < calls; i++) {
      step();
    }
  }

  /** Makes calls at their due times. */
  void run(int callsPerSecond, long nanos) {
    double interval = 1e9 / callsPerSecond;
    long calls = (long) (nanos / interval);
    long start = System.nanoTime();
    for (long i = 0; i < calls; i++) {
      long due = start + (long) (i * interval);
      long now = System.nanoTime();
      while (now - due < 0) {
        Thread.onSpinWait();
        now = System.nanoTime();
      }
      Times.record(tails.late(), now - due);
      step();
    }
  }

  private void step() {
    random ^= random << 13;
    random ^= random >>> 7;
    random ^= random << 17;
    int slot = (int) ((random >>> 32) * slots.length >>> 32);
    long block = slots[slot];
    if (block == 0) {
      slots[slot] = timeMalloc(size());
    } else {
      slots[slot] = 0;
      timeFree(block);
    }
  }

  private long timeMalloc(long size) {
    Allocator callee = allocator;
    if (callee == null) {
      timeNothing(tails.malloc());
      return 1;
    }
    long begin = System.nanoTime();
    long block = callee.malloc(size);
    long end = System.nanoTime();
    Times.record(tails.malloc(), end - begin);
    return block;
  }

  private void timeFree(long block) {
    Allocator callee = allocator;
    if (callee == null) {
      timeNothing(tails.free());
      return;
    }
    long begin = System.nanoTime();
    callee.free(block);
    long end = System.nanoTime();
    Times.record(tails.free(), end - begin);
  }

  private static void timeNothing(Histogram histogram) {
    long begin = System.nanoTime();
    long end = System.nanoTime();
    Times.record(histogram, end - begin);
  }

  private long size() {
    int perMille = (int) ((random & 0xfffff) * 1000 >>> 20);
    int most = perMille < PER_MILLE_SMALL ? SMALL : perMille < PER_MILLE_MEDIUM ? MEDIUM : LARGE;
    return 1 + ((random >>> 20 & 0xfffff) * most >>> 20);
  }

  /** Frees all blocks. */
  void drain() {
    for (int i = 0; i < slots.length; i++) {
      if (allocator != null && slots[i] != 0) {
        allocator.free(slots[i]);
      }
      slots[i] = 0;
    }
  }
}
