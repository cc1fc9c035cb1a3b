package org.ouroboros.allocator.record;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The number and the size of each live block by its address. Addresses are multiples of 16 and have
 * {@link EventWord#ADDRESS_BITS}.
 *
 * <p>A radix tree over the address rather than a hash table: blocks that a program uses together
 * lie together, and so do their entries, where a hash table takes a cache miss for most events.
 *
 * <pre>
 *   46                      22 21            12 11          4 3  0
 *  +--------------------------+----------------+-------------+----+
 *  | region of 4 MiB          | leaf of 4 KiB  | entry       | 0  |   address
 *  +--------------------------+----------------+-------------+----+
 *
 *   63                                       20 19              0
 *  +-------------------------------------------+-----------------+
 *  | number of the block, plus 1               | size            |   entry; 0: no block
 *  +-------------------------------------------+-----------------+
 *    size = 2^20 - 1: it is in largeSizes
 * </pre>
 *
 * <p>A leaf takes half as much memory as it covers, and is there while a block begins in it. The
 * directory of a region takes a thousandth of that, and stays.
 *
 * <p>Thread rule: the writer's.
 */
final class LiveBlocks {

  private static final int REGION_SHIFT = 22;
  private static final int LEAF_SHIFT = 12;
  private static final int ENTRY_SHIFT = 4;
  private static final int LEAVES = 1 << REGION_SHIFT - LEAF_SHIFT;
  private static final int ENTRIES = 1 << LEAF_SHIFT - ENTRY_SHIFT;

  /** Where a leaf counts its blocks, behind its entries. */
  private static final int COUNT = ENTRIES;

  private static final int SIZE_BITS = 20;
  private static final int LARGE = (1 << SIZE_BITS) - 1;

  private static final int REGIONS_AT_HAND = 1024;
  private static final int MAX_SPARE = 1024;

  /** A leaf without blocks, for every place that has no leaf; never written. */
  private static final long[] NO_LEAF = new long[ENTRIES + 1];

  /** A directory without leaves, for every region that has none; never written. */
  private static final long[][] NO_REGION = newRegion();

  /** The directories of some regions, and their numbers, by the low bits of those. */
  private final long[][][] atHand = new long[REGIONS_AT_HAND][][];

  private final long[] numbersAtHand = new long[REGIONS_AT_HAND];

  private final Map<Long, long[][]> regions = new HashMap<>();

  /** By the block's number. */
  private final Map<Long, Long> largeSizes = new HashMap<>();

  /** Leaves without blocks. */
  private final ArrayDeque<long[]> spare = new ArrayDeque<>();

  LiveBlocks() {
    Arrays.fill(atHand, NO_REGION);
    Arrays.fill(numbersAtHand, -1);
  }

  /** Whether there is a block. */
  boolean has(long address) {
    return region(address)[leafIndex(address)][entryIndex(address)] != 0;
  }

  /** Adds a block that is not there. */
  void put(long address, long number, long size) {
    long[] leaf = region(address)[leafIndex(address)];
    if (leaf == NO_LEAF) {
      leaf = addLeaf(address);
    }
    leaf[entryIndex(address)] = number + 1 << SIZE_BITS | Math.min(size, LARGE);
    leaf[COUNT]++;
    if (size >= LARGE) {
      largeSizes.put(number, size);
    }
  }

  /**
   * Removes a block.
   *
   * @return its entry, of which {@link #takeSize} is to be asked; 0 if there is no block
   */
  long remove(long address) {
    long[][] region = region(address);
    long[] leaf = region[leafIndex(address)];
    long entry = leaf[entryIndex(address)];
    if (entry == 0) {
      return 0;
    }
    leaf[entryIndex(address)] = 0;
    if (--leaf[COUNT] == 0) {
      retire(region, leafIndex(address));
    }
    return entry;
  }

  /** The number of a block that was removed. */
  static long number(long entry) {
    return (entry >>> SIZE_BITS) - 1;
  }

  /** The size of a block that was removed, which is forgotten. */
  long takeSize(long entry) {
    long size = entry & LARGE;
    return size != LARGE ? size : takeLargeSize(entry);
  }

  private long takeLargeSize(long entry) {
    Long size = largeSizes.remove(number(entry));
    return size == null ? LARGE : size;
  }

  // -------------------------------------------------------------------- the tree

  private static int leafIndex(long address) {
    return (int) (address >>> LEAF_SHIFT) & LEAVES - 1;
  }

  private static int entryIndex(long address) {
    return (int) (address >>> ENTRY_SHIFT) & ENTRIES - 1;
  }

  private long[][] region(long address) {
    long number = address >>> REGION_SHIFT;
    int place = (int) number & REGIONS_AT_HAND - 1;
    return numbersAtHand[place] == number ? atHand[place] : fetchRegion(number, place);
  }

  private long[][] fetchRegion(long number, int place) {
    long[][] region = regions.get(number);
    if (region == null) {
      return NO_REGION;
    }
    atHand[place] = region;
    numbersAtHand[place] = number;
    return region;
  }

  private long[] addLeaf(long address) {
    long[] leaf = spare.isEmpty() ? new long[ENTRIES + 1] : spare.pop();
    regions.computeIfAbsent(address >>> REGION_SHIFT, key -> newRegion())[leafIndex(address)] =
        leaf;
    return leaf;
  }

  private static long[][] newRegion() {
    long[][] region = new long[LEAVES][];
    Arrays.fill(region, NO_LEAF);
    return region;
  }

  private void retire(long[][] region, int index) {
    if (spare.size() < MAX_SPARE) {
      spare.push(region[index]);
    }
    region[index] = NO_LEAF;
  }
}
