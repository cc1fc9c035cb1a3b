package org.ouroboros.benchmarks.replay;

import org.ouroboros.allocator.Allocator;

/**
 * Replays a trace's calls in order on one thread, against the clock.
 *
 * <p>The loop is what is measured, so it does nothing but decode a call, make it and touch the
 * block. There must be one kind of allocator in the JVM: then the call sites are monomorphic and
 * the allocator is inlined as it would be in a program that uses it.
 */
final class TimedReplay {

  /**
   * Calls in one invocation of the loop. Many short invocations let HotSpot compile the loop as a
   * method; one long one would leave it to on-stack replacement.
   */
  private static final int CHUNK = 4096;

  private final Allocator allocator;
  private final CallTable table;
  private final long[] slots;

  TimedReplay(Allocator allocator, CallTable table) {
    this.allocator = allocator;
    this.table = table;
    this.slots = new long[table.slots()];
  }

  /**
   * One replay. What is live at its end is freed after the clock was read, so that the next one
   * begins on an allocator that is warm and empty.
   *
   * @return nanoseconds
   */
  long replay() {
    int count = table.count();
    long begin = System.nanoTime();
    for (int from = 0; from < count; from += CHUNK) {
      run(allocator, table.calls(), table.sizes(), slots, from, Math.min(count, from + CHUNK));
    }
    long end = System.nanoTime();
    drain(allocator, slots);
    return end - begin;
  }

  private static void run(
      Allocator allocator, int[] calls, long[] sizes, long[] slots, int from, int to) {
    for (int i = from; i < to; i++) {
      one(allocator, calls[i], sizes[i], slots);
    }
  }

  /** One call, and the writes to its block. */
  static void one(Allocator allocator, int call, long size, long[] slots) {
    int slot = Call.slot(call);
    switch (Call.op(call)) {
      case Call.MALLOC -> touch(slots, slot, allocator.malloc(size), size);
      case Call.CALLOC -> touch(slots, slot, allocator.calloc(1, size), size);
      case Call.REALLOC -> touch(slots, slot, allocator.realloc(slots[slot], size), size);
      case Call.FREE -> {
        allocator.free(slots[slot]);
        slots[slot] = 0;
      }
      default -> {
        long bytes = Call.alignedSize(size);
        touch(slots, slot, allocator.alignedAlloc(Call.alignment(size), bytes), bytes);
      }
    }
  }

  /** Frees what is live. */
  static void drain(Allocator allocator, long[] slots) {
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != 0) {
        allocator.free(slots[i]);
        slots[i] = 0;
      }
    }
  }

  private static void touch(long[] slots, int slot, long address, long size) {
    slots[slot] = address;
    NativeMemory.touch(address, size);
  }
}
