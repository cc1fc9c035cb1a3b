package org.ouroboros.allocator.bdwgc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.foreign.BoehmLibrary;

/**
 * The roots of an allocator: words in blocks that the collector never takes and always reads. That
 * is as good as telling it of a range, and there is a limit to how many ranges it takes.
 *
 * <p>A slot is the address of a word; all that are given to these methods come from {@link #add}.
 * Every method is called by a thread that has this object's monitor.
 */
final class RootTable {

  private static final int SLOTS = 512;

  private final List<MemorySegment> chunks = new ArrayList<>();
  private final MemorySegment memory = BoehmAllocator.MEMORY;
  private long[] free = new long[SLOTS];
  private int freeCount;
  private boolean closed;

  /** A new slot. There is always one if {@link #reserve} was called before. */
  long add(long address) {
    long slot = free[--freeCount];
    memory.set(ValueLayout.JAVA_LONG, slot, address);
    return slot;
  }

  /** Makes room for one more. */
  void reserve() {
    if (closed) {
      throw closed();
    }
    if (freeCount > 0) {
      return;
    }
    long bytes = (long) SLOTS * Long.BYTES;
    long chunk = BoehmLibrary.mallocUncollectable(bytes);
    if (chunk == 0) {
      throw new AllocationFailedException(
          BoehmAllocator.NAME, bytes, "there is no memory for more roots", null);
    }
    chunks.add(memory.asSlice(chunk, bytes));
    if (free.length < chunks.size() * SLOTS) {
      free = Arrays.copyOf(free, Math.max(2 * free.length, chunks.size() * SLOTS));
    }
    for (int n = 0; n < SLOTS; n++) {
      free[freeCount++] = chunk + (long) n * Long.BYTES;
    }
  }

  long get(long slot) {
    if (closed) {
      throw closed();
    }
    return memory.get(ValueLayout.JAVA_LONG, slot);
  }

  void set(long slot, long address) {
    if (closed) {
      throw closed();
    }
    memory.set(ValueLayout.JAVA_LONG, slot, address);
  }

  /** Does nothing once closed. */
  void release(long slot) {
    if (!closed) {
      memory.set(ValueLayout.JAVA_LONG, slot, 0);
      free[freeCount++] = slot;
    }
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    if (!closed) {
      closed = true;
      chunks.forEach(chunk -> BoehmLibrary.free(chunk.address()));
      chunks.clear();
    }
  }

  private static IllegalStateException closed() {
    return new IllegalStateException(BoehmAllocator.NAME + " is closed");
  }
}
