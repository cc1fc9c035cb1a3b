package org.ouroboros.benchmarks.workload;

import java.util.concurrent.CountDownLatch;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * Blocks of one size, 25 to 1600 of them, the first half freed in the order of allocation and the
 * other in the opposite one ({@code glibc-simple}, glibc's {@code bench-malloc-simple}): three
 * million of each number and size. Three times over: by a thread that is alone, by the same while
 * there is another, and by a new one. Every word is written.
 */
final class GlibcSimple implements Workload {

  private static final int BLOCKS = 3_000_000;
  private static final int[] COUNTS = {25, 100, 400, 1600};
  private static final int[] SIZES = {16, 32, 64};
  private static final int PHASES = 3;
  private static final long FILLER = 0xDEAD_BEEF_DEAD_BEEFL;

  @Override
  public String name() {
    return "glibc-simple";
  }

  @Override
  public String question() {
    return "small blocks of one size, one thread";
  }

  @Override
  public long run(Crew crew, double scale) {
    int blocks = Workload.scaled(scale, BLOCKS);
    CountDownLatch end = new CountDownLatch(1);
    long[] total = new long[PHASES];
    crew.runHere((allocator, index) -> total[0] = all(allocator, blocks));
    Thread idle = crew.start(1, (allocator, index) -> end.await());
    crew.runHere((allocator, index) -> total[1] = all(allocator, blocks));
    end.countDown();
    Crew.join(idle);
    crew.run(1, (allocator, index) -> total[2] = all(allocator, blocks));
    return total[0] + total[1] + total[2];
  }

  private static long all(Allocator allocator, int blocks) {
    long total = 0;
    for (int size : SIZES) {
      for (int count : COUNTS) {
        long[] slots = new long[count];
        int times = Math.max(1, blocks / count);
        for (int i = 0; i < times; i++) {
          once(allocator, slots, size);
        }
        total += (long) times * count;
      }
    }
    return total;
  }

  private static void once(Allocator allocator, long[] slots, int size) {
    for (int i = 0; i < slots.length; i++) {
      long block = allocator.malloc(size);
      for (int at = 0; at < size; at += Long.BYTES) {
        NativeMemory.putLong(block + at, FILLER);
      }
      slots[i] = block;
    }
    int half = slots.length / 2;
    for (int i = 0; i < half; i++) {
      allocator.free(slots[i]);
    }
    for (int i = slots.length - 1; i >= half; i--) {
      allocator.free(slots[i]);
    }
  }
}
