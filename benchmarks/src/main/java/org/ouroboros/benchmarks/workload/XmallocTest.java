package org.ouroboros.benchmarks.workload;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * Producers that only allocate and consumers that only free ({@code xmalloc-test -w P -s 64}, after
 * Lever and Boreham): batches of 4096 blocks of 64 bytes go through a queue of at most a hundred.
 * There are as many consumers as producers. A batch is a block of the allocator too.
 */
final class XmallocTest implements Workload {

  private static final int BATCHES = 6000;
  private static final int BLOCKS = 4096;
  private static final int SIZE = 64;
  private static final int QUEUE = 100;

  @Override
  public String name() {
    return "xmalloc-test";
  }

  @Override
  public String question() {
    return "every block is freed by another thread";
  }

  @Override
  public long run(Crew crew, double scale) {
    int batches = Workload.scaled(scale, BATCHES);
    int producers = crew.threads();
    Queue queue = new Queue();
    crew.run(
        2 * producers,
        (allocator, index) -> {
          for (int i = 0; i < batches && !crew.failed(); i++) {
            if (index < producers) {
              queue.put(fill(allocator));
            } else {
              empty(allocator, queue.take());
            }
          }
        });
    return (long) producers * batches * (BLOCKS + 1);
  }

  private static long fill(Allocator allocator) {
    long batch = allocator.malloc((long) BLOCKS * Long.BYTES);
    for (int i = 0; i < BLOCKS; i++) {
      long block = allocator.malloc(SIZE);
      NativeMemory.fill(block, SIZE, (byte) i);
      NativeMemory.putLong(batch + (long) i * Long.BYTES, block);
    }
    return batch;
  }

  private static void empty(Allocator allocator, long batch) {
    for (int i = 0; i < BLOCKS; i++) {
      long block = NativeMemory.getLong(batch + (long) i * Long.BYTES);
      CorruptBlockException.check(block, (byte) i, NativeMemory.getByte(block + SIZE - 1));
      allocator.free(block);
    }
    allocator.free(batch);
  }

  /** Batches in the order they come; a lock, as in the original. */
  private static final class Queue {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notFull = lock.newCondition();
    private final Condition notEmpty = lock.newCondition();
    private final long[] batches = new long[QUEUE];
    private int first;
    private int count;

    void put(long batch) throws InterruptedException {
      lock.lock();
      try {
        while (count == QUEUE) {
          notFull.await();
        }
        batches[(first + count++) % QUEUE] = batch;
        notEmpty.signal();
      } finally {
        lock.unlock();
      }
    }

    long take() throws InterruptedException {
      lock.lock();
      try {
        while (count == 0) {
          notEmpty.await();
        }
        long batch = batches[first];
        first = (first + 1) % QUEUE;
        count--;
        notFull.signal();
        return batch;
      } finally {
        lock.unlock();
      }
    }
  }
}
