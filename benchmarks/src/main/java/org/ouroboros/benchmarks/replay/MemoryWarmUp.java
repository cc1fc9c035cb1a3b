package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import org.ouroboros.allocator.Allocator;

/**
 * Makes the JVM load and compile what a memory pass runs, before memory is read for the first time:
 * many calls of every kind, on few and small blocks, so that the allocator stays as good as fresh.
 */
final class MemoryWarmUp {

  private static final int REPLAYS = 2;
  private static final int ROUNDS = 2000;
  private static final int BLOCKS = 4;
  private static final int BYTES = 64;

  private MemoryWarmUp() {}

  static void run(Allocator allocator) throws IOException {
    CallTable table = table();
    MemoryGauge gauge = new ProcessGauge();
    for (int i = 0; i < REPLAYS; i++) {
      MemoryReplay replay = new MemoryReplay(allocator, table, 0, gauge);
      replay.replay();
      replay.finish();
    }
  }

  /** Every kind of call, again and again; nothing is live at the end. */
  private static CallTable table() {
    int[] creating = {Call.MALLOC, Call.CALLOC, Call.ALIGNED};
    int[] calls = new int[ROUNDS * BLOCKS * 3];
    long[] sizes = new long[calls.length];
    int n = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (int slot = 0; slot < BLOCKS; slot++) {
        int op = creating[slot % creating.length];
        calls[n] = Call.pack(op, slot);
        sizes[n++] = op == Call.ALIGNED ? Call.packAligned(4, BYTES) : BYTES;
        calls[n] = Call.pack(Call.REALLOC, slot);
        sizes[n++] = 2 * BYTES;
      }
      for (int slot = 0; slot < BLOCKS; slot++) {
        calls[n++] = Call.pack(Call.FREE, slot);
      }
    }
    return new CallTable(calls, sizes, n, BLOCKS);
  }
}
