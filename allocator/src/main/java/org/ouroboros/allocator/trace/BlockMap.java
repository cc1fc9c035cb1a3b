package org.ouroboros.allocator.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The {@link TraceEntry} of each block by its address, neighbours beside each other.
 *
 * <pre>
 *   directory           by the hash of address >> 14; half empty
 *     chunk             of 16 KiB of addresses, made when a block begins there
 *       [0]             address >> 14
 *       [1 + i]         entry of the block that begins at the granule i of 16 bytes
 * </pre>
 *
 * <p>Thread rule: any thread, without locks, for the entry of an address belongs to the thread that
 * has the block: it is written after the allocator underneath has handed the block out and before
 * the user has it, and taken away while the user frees it. Who hands a block to another thread
 * orders the two. A directory is never changed but for an empty place, so who reads an old one
 * finds all that was there when it got its block.
 */
final class BlockMap {

  /** What granules are aligned to: where a block can begin. */
  static final int GRANULE_SHIFT = 4;

  private static final int CHUNK_SHIFT = 14;
  private static final int GRANULES = 1 << CHUNK_SHIFT - GRANULE_SHIFT;
  private static final int MIN_CAPACITY = 64;
  private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

  /** Stands in all empty places; no entry, and its number is -1. Never written. */
  private static final long[] EMPTY = newChunk(-1);

  private volatile long[][] directory = newDirectory(MIN_CAPACITY);

  /** Guarded by this. */
  private int chunks;

  /** What is done with each block. */
  interface Visitor {
    void visit(long address, long entry);
  }

  private static long[] newChunk(long number) {
    long[] chunk = new long[1 + GRANULES];
    chunk[0] = number;
    return chunk;
  }

  private static long[][] newDirectory(int capacity) {
    long[][] directory = new long[capacity][];
    Arrays.fill(directory, EMPTY);
    return directory;
  }

  private static int first(long number, int mask) {
    return (int) (number * 0x9E3779B97F4A7C15L >>> 40) & mask;
  }

  private static long[] find(long[][] directory, long number) {
    int mask = directory.length - 1;
    int i = first(number, mask);
    while (true) {
      long[] chunk = (long[]) PLACE.getAcquire(directory, i & mask);
      if (chunk[0] == number || chunk == EMPTY) {
        return chunk;
      }
      i++;
    }
  }

  /** Whether a block may begin there. */
  static boolean isAddress(long address) {
    return (address & (1 << GRANULE_SHIFT) - 1) == 0 && address > 0;
  }

  private static int index(long address) {
    return 1 + ((int) (address >>> GRANULE_SHIFT) & GRANULES - 1);
  }

  /**
   * Enters a block.
   *
   * @return what was there: a block that was freed past the tracer
   */
  long put(long address, long entry) {
    long[] chunk = find(directory, address >>> CHUNK_SHIFT);
    if (chunk == EMPTY) {
      chunk = add(address >>> CHUNK_SHIFT);
    }
    int index = index(address);
    long old = chunk[index];
    ENTRY.setOpaque(chunk, index, entry);
    return old;
  }

  /** Takes a block out; {@link TraceEntry#NONE} if there is none. */
  long remove(long address) {
    long[] chunk = find(directory, address >>> CHUNK_SHIFT);
    int index = index(address);
    long entry = chunk[index];
    if (entry != TraceEntry.NONE && isAddress(address)) {
      ENTRY.setOpaque(chunk, index, TraceEntry.NONE);
      return entry;
    }
    return TraceEntry.NONE;
  }

  long get(long address) {
    return isAddress(address)
        ? (long) ENTRY.getOpaque(find(directory, address >>> CHUNK_SHIFT), index(address))
        : TraceEntry.NONE;
  }

  private synchronized long[] add(long number) {
    long[] known = find(directory, number);
    if (known != EMPTY) {
      return known;
    }
    long[] chunk = newChunk(number);
    if ((chunks + 1) * 2 > directory.length) {
      long[][] larger = newDirectory(2 * directory.length);
      for (long[] one : directory) {
        if (one != EMPTY) {
          enter(larger, one);
        }
      }
      enter(larger, chunk);
      directory = larger;
    } else {
      enter(directory, chunk);
    }
    chunks++;
    return chunk;
  }

  private static void enter(long[][] directory, long[] chunk) {
    int mask = directory.length - 1;
    int i = first(chunk[0], mask);
    while (directory[i & mask] != EMPTY) {
      i++;
    }
    PLACE.setRelease(directory, i & mask, chunk);
  }

  /** Visits what is there, in no order; blocks that come and go meanwhile may be missed. */
  void forEach(Visitor visitor) {
    for (long[] chunk : directory) {
      for (int i = 1; i < chunk.length; i++) {
        long entry = (long) ENTRY.getOpaque(chunk, i);
        if (entry != TraceEntry.NONE) {
          visitor.visit((chunk[0] << CHUNK_SHIFT) + ((long) (i - 1) << GRANULE_SHIFT), entry);
        }
      }
    }
  }

  /** Bytes on the Java heap. */
  synchronized long bytes() {
    return (long) chunks * (1 + GRANULES) * Long.BYTES + (long) directory.length * Integer.BYTES;
  }
}
