package org.ouroboros.benchmarks.workload;

import java.util.concurrent.atomic.AtomicLongArray;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * Threads in tens that live for one block of 128 bytes: each puts it into a shared table of a
 * thousand, frees the block that it finds there, and dies ({@code mleak 5}, four times its 500
 * rounds). What an allocator keeps for each thread shows in the resident size.
 */
final class Mleak implements Workload {

  private static final int ROUNDS = 2000;
  private static final int THREADS = 10;
  private static final int SLOTS = 1000;
  private static final int SIZE = 128;

  @Override
  public String name() {
    return "mleak";
  }

  @Override
  public String question() {
    return "threads that live for one block";
  }

  @Override
  public long run(Crew crew, double scale) {
    int rounds = Workload.scaled(scale, ROUNDS);
    AtomicLongArray table = new AtomicLongArray(SLOTS);
    for (int round = 0; round < rounds; round++) {
      int seed = round * THREADS;
      crew.run(
          THREADS,
          (allocator, index) -> {
            long block = allocator.calloc(1, SIZE);
            CorruptBlockException.check(block, 0, NativeMemory.getLong(block + SIZE - Long.BYTES));
            NativeMemory.putLong(block + SIZE - Long.BYTES, -1);
            allocator.free(table.getAndSet(new Rng(seed + index).below(SLOTS), block));
          });
    }
    crew.runHere(
        (allocator, index) -> {
          for (int i = 0; i < SLOTS; i++) {
            allocator.free(table.get(i));
          }
        });
    return (long) rounds * THREADS;
  }
}
