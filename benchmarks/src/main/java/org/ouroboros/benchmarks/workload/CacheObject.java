package org.ouroboros.benchmarks.workload;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * Does the allocator make threads share cache lines (Berger's {@code cache-scratch} and {@code
 * cache-thrash}, {@code P 1000 1 2000000 P})? Each thread, a thousand times, allocates one byte,
 * writes it again and again, and frees it. In <i>thrash</i> an allocator that gives bytes of one
 * line to two threads is slow at once; in <i>scratch</i> each thread first frees a byte that
 * another allocated beside its neighbour's, and must not be given it again.
 */
final class CacheObject implements Workload {

  private static final int ITERATIONS = 1000;
  private static final int WRITES = 1_000_000;

  private final boolean handed;

  /** The one with objects that are handed to the threads, or the one without. */
  CacheObject(boolean handed) {
    this.handed = handed;
  }

  @Override
  public String name() {
    return handed ? "cache-scratch" : "cache-thrash";
  }

  @Override
  public String question() {
    return handed ? "false sharing, passive" : "false sharing, active";
  }

  @Override
  public long run(Crew crew, double scale) {
    int writes = Workload.scaled(scale, WRITES) / crew.threads();
    long[] objects = new long[crew.threads()];
    if (handed) {
      crew.runHere(
          (allocator, index) -> {
            for (int i = 0; i < objects.length; i++) {
              objects[i] = allocator.malloc(1);
              NativeMemory.putByte(objects[i], (byte) i);
            }
          });
    }
    crew.run(
        (allocator, index) -> {
          allocator.free(objects[index]);
          for (int i = 0; i < ITERATIONS; i++) {
            once(allocator, writes);
          }
        });
    return (long) crew.threads() * ITERATIONS * writes;
  }

  private static void once(Allocator allocator, int writes) {
    long object = allocator.malloc(1);
    NativeMemory.putByte(object, (byte) 0);
    for (int i = 0; i < writes; i++) {
      NativeMemory.increment(object);
    }
    CorruptBlockException.check(object, (byte) writes, NativeMemory.getByte(object));
    allocator.free(object);
  }
}
