package org.ouroboros.benchmarks.replay;

/**
 * The calls of a trace as the replaying loops want them, see {@link Call}.
 *
 * @param calls what is done to which slot
 * @param sizes the size word of each
 * @param count how many calls there are; the arrays may be longer
 * @param slots how many slots they use
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose: they hold millions of calls
record CallTable(int[] calls, long[] sizes, int count, int slots) {

  /** The calls with slots that are used again, for loops that should stay in cache. */
  static CallTable bySlot(Trace trace) {
    return new CallTable(trace.calls(), trace.sizes(), trace.callCount(), trace.slotCount());
  }

  /**
   * The calls with a slot of its own for each block: slot and block id are the same. Threads need
   * it, since a slot that is used again would order calls that the trace does not order.
   */
  static CallTable byBlock(Trace trace) {
    int[] blockIn = new int[trace.slotCount()];
    int[] calls = new int[trace.callCount()];
    int blocks = 0;
    for (int n = 0; n < calls.length; n++) {
      int op = Call.op(trace.calls()[n]);
      int slot = Call.slot(trace.calls()[n]);
      if (op <= Call.ALIGNED) {
        blockIn[slot] = blocks++;
      }
      calls[n] = Call.pack(op, blockIn[slot]);
    }
    if (blocks > Call.MAX_SLOTS) {
      throw new IllegalArgumentException(
          trace.name() + " creates more than " + Call.MAX_SLOTS + " blocks");
    }
    return new CallTable(calls, trace.sizes(), calls.length, blocks);
  }
}
