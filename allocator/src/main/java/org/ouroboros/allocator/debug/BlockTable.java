package org.ouroboros.allocator.debug;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Domain;

/**
 * What is known of blocks, out of band, in the order of their addresses: neighbours in memory are
 * neighbours here, so what walks through memory walks through the table, and the cache holds both.
 *
 * <pre>
 *   directory           by the hash of address >> 16
 *     chunk             of 64 KiB of addresses, made when a block begins there
 *       [0]             address >> 16
 *       [1 + 2 i]       {@link BlockInfo} of the block that begins in the granule i
 *       [2 + 2 i]       its serial: beside it, for one cache line to hold both
 *       [1 + 2 n + i]   | stack of its free : 32 | of its allocation : 32 |, if stacks are kept
 *
 *   granule   32 or 64 bytes: not more than two guards, which lie between the beginnings of any two
 *             blocks that are held, so that no two of them begin in the same
 * </pre>
 *
 * <p>What is known of a freed block stays until another begins in its granule, or room is needed
 * for chunks: a second free can tell of the first.
 *
 * <p>Thread rule: under the lock of its {@link Stripe}.
 */
final class BlockTable {

  private static final int CHUNK_SHIFT = 16;
  private static final int MAX_GRANULE_SHIFT = 6;
  private static final int MIN_CAPACITY = 16;

  private final int granuleShift;

  /** Granules of a chunk, a power of two. */
  private final int granules;

  /** Whose numbers are kept of each block; null if none are. */
  private final @Nullable Stacks stacks;

  /** Stands in all empty places of the directory; nothing is known there, and its number is -1. */
  private final long[] none;

  private long[][] directory = new long[MIN_CAPACITY][];

  /** Chunks in the directory. */
  private int chunks;

  private long live;
  private long liveBytes;

  /** What is done with each block that is known. */
  interface Visitor {
    void visit(long address, long info);
  }

  /** A table for blocks with guards of at least that many bytes around each. */
  BlockTable(int guard, @Nullable Stacks stacks) {
    this.granuleShift = Math.min(Integer.numberOfTrailingZeros(2 * guard), MAX_GRANULE_SHIFT);
    this.granules = 1 << CHUNK_SHIFT - granuleShift;
    this.stacks = stacks;
    this.none = newChunk(-1);
    Arrays.fill(directory, none);
  }

  private long[] newChunk(long number) {
    long[] chunk = new long[1 + granules * (stacks == null ? 2 : 3)];
    chunk[0] = number;
    return chunk;
  }

  /** The hash that the directory goes by; its upper bits are free to choose a table. */
  static long hash(long address) {
    return (address >>> CHUNK_SHIFT) * 0x9E3779B97F4A7C15L;
  }

  private static int first(long hash, int mask) {
    return (int) (hash >>> 32) & mask;
  }

  /** The chunk that an address lies in; one where nothing is known if there is none. */
  long[] chunk(long address) {
    long number = address >>> CHUNK_SHIFT;
    long[][] places = directory;
    int mask = places.length - 1;
    int i = first(hash(address), mask);
    long[] chunk = places[i];
    while (chunk[0] != number && chunk != none) {
      i = i + 1 & mask;
      chunk = places[i];
    }
    return chunk;
  }

  /** The place of an address in its chunk. */
  int index(long address) {
    return 1 + 2 * ((int) (address >>> granuleShift) & granules - 1);
  }

  /** The place of the stacks of the block whose place is {@code index}. */
  private int stackIndex(int index) {
    return 1 + 2 * granules + (index >> 1);
  }

  private int low(long address) {
    return (int) address & (1 << granuleShift) - 1;
  }

  /** What is known of the block that begins at an address; {@link BlockInfo#NONE} if nothing. */
  long info(long address) {
    return info(chunk(address), address);
  }

  /** The same, of its chunk. */
  long info(long[] chunk, long address) {
    long info = chunk[index(address)];
    return BlockInfo.low(info) == low(address) ? info : BlockInfo.NONE;
  }

  /** Enters a live block, in place of a freed one. */
  void put(long address, long size, long front, Domain domain, long serial, int allocStack) {
    long[] chunk = chunk(address);
    if (chunk == none) {
      chunk = addChunk(address);
    }
    int i = index(address);
    if (BlockInfo.isHeld(chunk[i])) {
      throw new IllegalStateException(
          "the allocator underneath handed out 0x" + Long.toHexString(address) + " twice");
    }
    chunk[i] = BlockInfo.live(low(address), size, front, domain);
    chunk[i + 1] = serial;
    if (stacks != null) {
      int at = stackIndex(i);
      release(stacks, chunk[at]);
      chunk[at] = Integer.toUnsignedLong(allocStack);
    }
    live++;
    liveBytes += size;
  }

  private static void release(Stacks stacks, long pair) {
    stacks.release((int) pair);
    stacks.release((int) (pair >>> Integer.SIZE));
  }

  private long[] addChunk(long address) {
    if ((chunks + 1) * 2 > directory.length) {
      makeRoom();
    }
    long[] chunk = newChunk(address >>> CHUNK_SHIFT);
    enter(chunk);
    return chunk;
  }

  private void enter(long[] chunk) {
    int mask = directory.length - 1;
    int i = first(hash(chunk[0] << CHUNK_SHIFT), mask);
    while (directory[i] != none) {
      i = i + 1 & mask;
    }
    directory[i] = chunk;
    chunks++;
  }

  /** Forgets the chunks where all blocks are freed, and doubles if those are few. */
  private void makeRoom() {
    long[][] old = directory;
    int kept = 0;
    for (int i = 0; i < old.length; i++) {
      if (old[i] != none && hasHeld(old[i])) {
        kept++;
      } else {
        forget(old[i]);
        old[i] = none;
      }
    }
    directory = new long[kept > old.length / 4 ? Math.multiplyExact(old.length, 2) : old.length][];
    Arrays.fill(directory, none);
    chunks = 0;
    for (long[] chunk : old) {
      if (chunk != none) {
        enter(chunk);
      }
    }
  }

  private void forget(long[] chunk) {
    if (stacks != null) {
      for (int i = 1 + 2 * granules; i < chunk.length; i++) {
        release(stacks, chunk[i]);
      }
    }
  }

  private boolean hasHeld(long[] chunk) {
    for (int i = 1; i < 2 * granules; i += 2) {
      if (BlockInfo.isHeld(chunk[i])) {
        return true;
      }
    }
    return false;
  }

  /** Changes what is known of a block that is held. */
  void set(long address, long info) {
    chunk(address)[index(address)] = info;
  }

  /** A live block that shrinks where it is. */
  void resize(long address, long info, long size) {
    liveBytes += size - BlockInfo.size(info);
    set(address, BlockInfo.resized(info, size));
  }

  /** A live block that is freed, to the state that {@code freed} says. */
  void leave(long[] chunk, long address, long freed, int freeStack) {
    live--;
    liveBytes -= BlockInfo.size(freed);
    int i = index(address);
    chunk[i] = freed;
    if (stacks != null) {
      chunk[stackIndex(i)] |= (long) freeStack << Integer.SIZE;
    }
  }

  /** The serial of a block that is known. */
  long serial(long address) {
    return chunk(address)[index(address) + 1];
  }

  /** The number of the stack of its allocation, {@link Stacks#NONE} if there is none. */
  int allocStack(long address) {
    return stacks != null ? (int) chunk(address)[stackIndex(index(address))] : Stacks.NONE;
  }

  /** The number of the stack of its free, {@link Stacks#NONE} if there is none. */
  int freeStack(long address) {
    return stacks != null
        ? (int) (chunk(address)[stackIndex(index(address))] >>> Integer.SIZE)
        : Stacks.NONE;
  }

  /** Visits all blocks that are known, freed ones too, in no order. Infos may be set meanwhile. */
  void forEach(Visitor visitor) {
    for (long[] chunk : directory) {
      for (int i = 1; i < 2 * granules; i += 2) {
        long info = chunk[i];
        if (info != BlockInfo.NONE) {
          long begin = (chunk[0] << CHUNK_SHIFT) + ((long) (i >> 1) << granuleShift);
          visitor.visit(begin + BlockInfo.low(info), info);
        }
      }
    }
  }

  long live() {
    return live;
  }

  long liveBytes() {
    return liveBytes;
  }

  /** Bytes on the Java heap. */
  long bytes() {
    long references = (long) directory.length * Integer.BYTES;
    return references + (long) (chunks + 1) * none.length * Long.BYTES;
  }
}
