package org.ouroboros.benchmarks.workload;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * Threads that allocate mostly small items, keep some, free others, exchange some through a shared
 * table, and all die: twenty-five times over ({@code mstress P 50 25}; after Leijen's {@code
 * test-stress.c}). Between the rounds half of the table survives. Every word of an item is checked
 * when it is freed.
 */
final class Mstress implements Workload {

  private static final int ITERATIONS = 25;
  private static final int TIMES = 8;
  private static final int SCALE = 50;
  private static final int TRANSFERS = 1000;
  private static final int ITEM_SHIFTS = 5;
  private static final int RETAINED_SHIFTS = ITEM_SHIFTS + 2;
  private static final int TABLE_STEP = 100_000;
  private static final long COOKIE = 0xBF58_476D_1CE4_E5B9L;

  @Override
  public String name() {
    return "mstress";
  }

  @Override
  public String question() {
    return "items cross threads, and all threads die";
  }

  @Override
  public long run(Crew crew, double scale) {
    int iterations = Workload.scaled(scale, ITERATIONS * TIMES);
    AtomicLongArray transfers = new AtomicLongArray(TRANSFERS);
    AtomicLong allocated = new AtomicLong();
    Rng rng = new Rng(43);
    for (int n = 0; n < iterations; n++) {
      boolean last = n == iterations - 1;
      crew.run(
          (allocator, index) -> allocated.addAndGet(new Stress(allocator, transfers, index).run()));
      crew.runHere(
          (allocator, index) -> {
            for (int i = 0; i < TRANSFERS; i++) {
              if (last || rng.chance(50)) {
                freeItems(allocator, transfers.getAndSet(i, 0));
              }
            }
          });
    }
    return allocated.get();
  }

  private static long allocateItems(Allocator allocator, Rng rng, int shifts) {
    long items = 1L << rng.below(shifts);
    if (rng.chance(1)) {
      items *= rng.chance(1) ? 10_000 : rng.chance(10) ? 1000 : 100;
    }
    long block = allocator.calloc(items, Long.BYTES);
    for (long i = 0; i < items; i++) {
      NativeMemory.putLong(block + i * Long.BYTES, items - i ^ COOKIE);
    }
    return block;
  }

  private static void freeItems(Allocator allocator, long block) {
    if (block == 0) {
      return;
    }
    long items = NativeMemory.getLong(block) ^ COOKIE;
    for (long i = 0; i < items; i++) {
      long found = NativeMemory.getLong(block + i * Long.BYTES);
      CorruptBlockException.check(block, items - i ^ COOKIE, found);
    }
    allocator.free(block);
  }

  /** What one thread does; its tables are blocks of the allocator too. */
  private static final class Stress {

    private final Allocator allocator;
    private final AtomicLongArray transfers;
    private final Rng rng;
    private int allocations;
    private int retain;
    private long data;
    private int dataSize;
    private int dataTop;

    Stress(Allocator allocator, AtomicLongArray transfers, int index) {
      this.allocator = allocator;
      this.transfers = transfers;
      this.rng = new Rng((index + 1) * 43L);
      this.allocations = 100 * SCALE * (index % 8 + 1);
      this.retain = allocations / 2;
    }

    /** Returns how many items it allocated. */
    long run() {
      int total = allocations + retain;
      int retainTop = 0;
      long retained = allocator.calloc(retain, Long.BYTES);
      while (allocations > 0 || retain > 0) {
        if (retain == 0 || allocations > 0 && rng.chance(50)) {
          allocations--;
          push(allocateItems(allocator, rng, ITEM_SHIFTS));
        } else {
          retain--;
          put(retained, retainTop++, allocateItems(allocator, rng, RETAINED_SHIFTS));
        }
        if (dataTop > 0 && rng.chance(66)) {
          int i = rng.below(dataTop);
          freeItems(allocator, get(data, i));
          put(data, i, 0);
        }
        if (dataTop > 0 && rng.chance(25)) {
          int i = rng.below(dataTop);
          put(data, i, transfers.getAndSet(rng.below(TRANSFERS), get(data, i)));
        }
      }
      freeTable(retained, retainTop);
      freeTable(data, dataTop);
      return total;
    }

    private void push(long item) {
      if (dataTop == dataSize) {
        dataSize += TABLE_STEP;
        data = allocator.realloc(data, (long) dataSize * Long.BYTES);
      }
      put(data, dataTop++, item);
    }

    private void freeTable(long table, int count) {
      for (int i = 0; i < count; i++) {
        freeItems(allocator, get(table, i));
      }
      allocator.free(table);
    }

    private static long get(long table, int i) {
      return NativeMemory.getLong(table + (long) i * Long.BYTES);
    }

    private static void put(long table, int i, long item) {
      NativeMemory.putLong(table + (long) i * Long.BYTES, item);
    }
  }
}
