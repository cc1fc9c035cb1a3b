package org.ouroboros.benchmarks.replay;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * Replays a trace and checks everything that can be seen of the allocator: that blocks are aligned,
 * large enough and their own, that calloc zeroes, that realloc keeps content. A fault names the
 * event at which it shows.
 *
 * <p>Blocks that overlap are found by their content, when the one that was written first is freed,
 * resized or checked at the end; the message then names the live block that lies over it.
 *
 * <p>Thread rule: {@link #call} may run on several threads if calls on one block are ordered, as
 * {@link ThreadedReplay} orders them.
 */
final class VerifyingReplay implements Step {

  private final Allocator allocator;
  private final Trace trace;
  private final CallTable table;

  /** By block: where it is (0 if not live) and what it was last asked to hold. */
  private final long[] addresses;

  private final long[] held;

  /** For a trace with {@code table} being its {@link CallTable#byBlock}. */
  VerifyingReplay(Allocator allocator, Trace trace, CallTable table) {
    this.allocator = allocator;
    this.trace = trace;
    this.table = table;
    this.addresses = new long[table.slots()];
    this.held = new long[table.slots()];
  }

  /**
   * Verifies a whole trace in the order of its events.
   *
   * @throws VerificationException at the first fault
   */
  static void verify(Allocator allocator, Trace trace) {
    VerifyingReplay replay = new VerifyingReplay(allocator, trace, CallTable.byBlock(trace));
    for (int n = 0; n < replay.table.count(); n++) {
      replay.call(n);
    }
    replay.finish();
  }

  /**
   * Verifies a whole trace on threads of its own.
   *
   * @throws VerificationException at a fault
   */
  static void verifyOnThreads(Allocator allocator, Trace trace) {
    CallTable table = CallTable.byBlock(trace);
    VerifyingReplay replay = new VerifyingReplay(allocator, trace, table);
    new ThreadedReplay(trace, table).replay(replay);
    replay.finish();
  }

  @Override
  public void call(int n) {
    int op = Call.op(table.calls()[n]);
    int block = Call.slot(table.calls()[n]);
    long size = table.sizes()[n];
    try {
      switch (op) {
        case Call.MALLOC -> created(n, block, allocator.malloc(size), size, 1);
        case Call.CALLOC -> zeroed(n, block, allocator.calloc(1, size), size);
        case Call.REALLOC -> resize(n, block, size);
        case Call.FREE -> release(n, block);
        default -> {
          long alignment = Call.alignment(size);
          long bytes = Call.alignedSize(size);
          created(n, block, allocator.alignedAlloc(alignment, bytes), bytes, alignment);
        }
      }
    } catch (VerificationException e) {
      throw e;
    } catch (RuntimeException | AssertionError e) {
      throw fault(n, block, "the allocator threw " + oneLine(e), e);
    }
  }

  /** Checks and frees what is live at the end. */
  void finish() {
    for (int block = 0; block < addresses.length; block++) {
      if (addresses[block] != 0) {
        release(table.count(), block);
      }
    }
  }

  private void zeroed(int n, int block, long address, long size) {
    long at = address == 0 ? BlockPattern.NONE : BlockPattern.nonZero(address, size);
    if (at != BlockPattern.NONE) {
      byte found = NativeMemory.getByte(address + at);
      throw fault(n, block, "not zeroed at offset " + at + ": found " + hex(found), null);
    }
    created(n, block, address, size, 1);
  }

  private void created(int n, int block, long address, long size, long alignment) {
    long wanted = Math.max(alignment, Allocator.MIN_ALIGNMENT);
    if (address == 0) {
      throw fault(n, block, "the address is 0", null);
    }
    if ((address & (wanted - 1)) != 0) {
      String where = "0x" + Long.toHexString(address);
      throw fault(n, block, where + " is not aligned to " + wanted + " bytes", null);
    }
    long usable = allocator.usableSize(address);
    if (usable < size) {
      throw fault(n, block, "usable size " + usable + " for " + size + " bytes", null);
    }
    addresses[block] = address;
    held[block] = size;
    BlockPattern.fill(address, block, size);
  }

  private void resize(int n, int block, long size) {
    long old = held[block];
    check(n, block, old, "");
    long address = allocator.realloc(addresses[block], size);
    if (address != 0) {
      addresses[block] = address;
      check(n, block, Math.min(old, size), " after it was resized from " + old + " to " + size);
    }
    created(n, block, address, size, 1);
  }

  private void release(int n, int block) {
    check(n, block, held[block], "");
    long address = addresses[block];
    addresses[block] = 0;
    allocator.free(address);
  }

  private void check(int n, int block, long limit, String when) {
    long address = addresses[block];
    long at = BlockPattern.mismatch(address, block, held[block], limit);
    if (at != BlockPattern.NONE) {
      byte expected = BlockPattern.expected(block, at);
      byte found = NativeMemory.getByte(address + at);
      throw fault(
          n,
          block,
          "wrong content at offset "
              + at
              + when
              + ": expected "
              + hex(expected)
              + ", found "
              + hex(found)
              + neighbour(block, address + at),
          null);
    }
  }

  /** The other live block, if any, that claims an address. A slow search, made once, on failure. */
  private String neighbour(int block, long address) {
    for (int other = 0; other < addresses.length; other++) {
      long begin = addresses[other];
      if (other != block && begin != 0 && address >= begin && address < begin + held[other]) {
        return "; it lies in live block " + other + " too";
      }
    }
    return "";
  }

  private VerificationException fault(int n, int block, String what, @Nullable Throwable cause) {
    if (n == table.count()) {
      long events = trace.header().events();
      return new VerificationException(events, "end of the trace, free", block, what, cause);
    }
    String call = Call.name(Call.op(table.calls()[n]));
    return new VerificationException(trace.eventOf(n), call, block, what, cause);
  }

  private static String oneLine(Throwable e) {
    return e.toString().lines().findFirst().orElse("");
  }

  private static String hex(byte b) {
    return "0x%02x".formatted(b);
  }
}
