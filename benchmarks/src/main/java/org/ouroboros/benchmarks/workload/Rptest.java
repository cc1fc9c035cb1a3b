package org.ouroboros.benchmarks.workload;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/**
 * Random sizes from 8 to 16,000 bytes, small ones likelier by a linear fall-off, replaced in a
 * scattered walk over a thousand slots, with alignments 0, 8 and 16 in rotation; every second loop
 * a batch of a hundred blocks is also made for the next thread, which frees it ({@code rptest P 0 1
 * 2 500 1000 100 8 16000}, from rpmalloc's benchmark). Each 4 KiB page of a block is touched.
 */
final class Rptest implements Workload {

  private static final int LOOPS = 500;
  private static final int TIMES = 160;
  private static final int SLOTS = 1000;
  private static final int BATCH = 100;
  private static final int CROSS_RATE = 2;
  private static final int MIN_SIZE = 8;
  private static final int MAX_SIZE = 16_000;
  private static final int OS_PAGE = 4096;

  /** Prime to the number of slots, so that the walk meets them all. */
  private static final int SCATTER = 319;

  private static final int[] ALIGNMENTS = {0, 8, 16};

  @Override
  public String name() {
    return "rptest";
  }

  @Override
  public String question() {
    return "sizes to 16 KB, batches freed by the next thread";
  }

  @Override
  public long run(Crew crew, double scale) {
    int loops = Workload.scaled(scale, LOOPS * TIMES);
    AtomicReferenceArray<long @Nullable []> mail = new AtomicReferenceArray<>(crew.threads());
    crew.run((allocator, index) -> new Walk(allocator, index, mail).run(loops));
    crew.runHere(
        (allocator, index) -> {
          for (int i = 0; i < crew.threads(); i++) {
            freeAll(allocator, mail.getAndSet(i, null));
          }
        });
    int crossing = (loops + CROSS_RATE - 1) / CROSS_RATE;
    return (long) crew.threads() * (loops + crossing) * BATCH;
  }

  private static void freeAll(Allocator allocator, long @Nullable [] blocks) {
    if (blocks != null) {
      for (long block : blocks) {
        free(allocator, block);
      }
    }
  }

  private static void free(Allocator allocator, long block) {
    if (block != 0) {
      // the size is in the first bytes, and on every further page too
      long size = NativeMemory.getLong(block);
      for (long at = OS_PAGE; at + Long.BYTES <= size; at += OS_PAGE) {
        CorruptBlockException.check(block, size, NativeMemory.getLong(block + at));
      }
      allocator.free(block);
    }
  }

  /** What one thread does. */
  private static final class Walk {

    private final Allocator allocator;
    private final int index;
    private final AtomicReferenceArray<long @Nullable []> mail;
    private final Rng rng;
    private final long[] slots = new long[SLOTS];
    private int at;
    private int rotation;

    Walk(Allocator allocator, int index, AtomicReferenceArray<long @Nullable []> mail) {
      this.allocator = allocator;
      this.index = index;
      this.mail = mail;
      this.rng = new Rng(index);
    }

    void run(int loops) {
      int next = (index + 1) % mail.length();
      for (int loop = 0; loop < loops; loop++) {
        for (int i = 0; i < BATCH; i++) {
          free(allocator, slots[at]);
          slots[at] = allocate();
          at = (at + SCATTER) % SLOTS;
        }
        freeAll(allocator, mail.getAndSet(index, null));
        if (loop % CROSS_RATE == 0) {
          long[] batch = new long[BATCH];
          for (int i = 0; i < BATCH; i++) {
            batch[i] = allocate();
          }
          // where the next thread is behind, its last batch is freed here
          freeAll(allocator, mail.getAndSet(next, batch));
        }
      }
      freeAll(allocator, slots);
    }

    private long allocate() {
      // the smaller of two uniform choices falls off linearly
      int range = MAX_SIZE - MIN_SIZE + 1;
      int size = MIN_SIZE + Math.min(rng.below(range), rng.below(range));
      int alignment = ALIGNMENTS[rotation];
      rotation = rotation + 1 == ALIGNMENTS.length ? 0 : rotation + 1;
      long block =
          alignment == 0 ? allocator.malloc(size) : allocator.alignedAlloc(alignment, size);
      NativeMemory.putLong(block, size);
      for (long page = OS_PAGE; page + Long.BYTES <= size; page += OS_PAGE) {
        NativeMemory.putLong(block + page, size);
      }
      return block;
    }
  }
}
