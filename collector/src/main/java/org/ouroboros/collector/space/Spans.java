package org.ouroboros.collector.space;

import java.util.Arrays;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.allocator.page.Engine;
import org.ouroboros.allocator.page.LocalHeap;

/**
 * The units of a paged space, and what each serves: spans of blocks of one size, or an object for
 * itself. Pages of 64 units are taken from the engine, and given back when all of their units are
 * free. A run of units is looked for from the lowest page on that may have one of its size. A run
 * of more than half a page may reach into the next page; others lie in one.
 *
 * <pre>
 *   kinds[unit]   0                  free, or not of this space
 *                 1 + class          of a span of blocks
 *                 1 + class, LISTED  the first of a span that is in its class's list
 *                 RUN, REST          the first, and the others, of an object of units
 *                 PAGES              the first of an object of whole pages of the engine
 * </pre>
 *
 * <p>Giving back needs no memory: every table grows when pages are taken. Thread rule: as the heap.
 */
final class Spans {

  static final byte RUN = 125;
  static final byte REST = 126;
  static final byte PAGES = 127;
  static final byte LISTED = -128;

  /** The owner of units that nobody in particular has. */
  static final byte ANYBODY = 0;

  /** Units of a page, as a shift. */
  private static final int PAGE_SHIFT = SidePage.SHIFT - BlockSizes.UNIT_SHIFT;

  static final int PAGE_UNITS = 1 << PAGE_SHIFT;
  private static final int PAGE_BYTES = PAGE_UNITS * BlockSizes.UNIT_BYTES;

  private final Engine engine;
  private final LocalHeap heap;
  private final SideTables sides;
  private final Faults faults;
  private final long base;

  /** Whether no span changes its class or goes back for now. */
  boolean keeping;

  byte[] kinds = new byte[0];

  /** Who took blocks of units last, where several threads do; else empty. */
  private byte[] owners = new byte[0];

  /** Neighbours of spans in their class's lists, by an eighth of the first unit; -1: none. */
  int[] next = new int[0];

  int[] previous = new int[0];

  /** The free units of each page. */
  private long[] free = new long[0];

  /** No page below has a run of so many units, by the logarithm of their number, rounded up. */
  private final int[] lowest = new int[PAGE_SHIFT + 1];

  /** The highest page's number, and one. */
  private int end;

  Spans(Engine engine, LocalHeap heap, SideTables sides, Faults faults, long base) {
    this.engine = engine;
    this.heap = heap;
    this.sides = sides;
    this.faults = faults;
    this.base = base;
  }

  /** Whether a unit is of a span of blocks. */
  static boolean isOfBlocks(byte kind) {
    int unlisted = kind & ~LISTED;
    return unlisted > 0 && unlisted < RUN;
  }

  /** The number of a span's kind bytes, without the flag. */
  static int sizeClass(byte kind) {
    return (kind & ~LISTED) - 1;
  }

  /**
   * Takes units in a row.
   *
   * @param units 1 to 64
   * @param kind of the first
   * @param rest of the others
   * @param aligned whether the first is to be a multiple of {@code units}, a power of two
   * @return the first one's number
   * @throws AllocatorException if there is no memory; nothing has changed then
   */
  int take(int units, byte kind, byte rest, boolean aligned) {
    int order = order(units);
    for (int page = lowest[order]; page < end; page++) {
      int at = find(page, units, aligned);
      if (at >= 0) {
        lowest[order] = page;
        return claim((page << PAGE_SHIFT) + at, units, kind, rest);
      }
    }
    lowest[order] = end;
    int page = newPage();
    int before = Math.max(page - 1, 0);
    int across = find(before, units, aligned);
    int first = across >= 0 ? (before << PAGE_SHIFT) + across : page << PAGE_SHIFT;
    return claim(first, units, kind, rest);
  }

  private int claim(int first, int units, byte kind, byte rest) {
    int page = first >>> PAGE_SHIFT;
    int here = unitsHere(first, units);
    free[page] &= ~mask(first & PAGE_UNITS - 1, here);
    if (here < units) {
      free[page + 1] &= ~mask(0, units - here);
    }
    Arrays.fill(kinds, first, first + units, rest);
    kinds[first] = kind;
    return first;
  }

  /** How many units of a run are in the page it begins in. */
  private static int unitsHere(int first, int units) {
    return Math.min(units, PAGE_UNITS - (first & PAGE_UNITS - 1));
  }

  private static int order(int units) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(units - 1);
  }

  private static long mask(int at, int units) {
    return -1L >>> Long.SIZE - units << at;
  }

  /** Where in a page a run can begin, or -1. One of more than half a page may end in the next. */
  private int find(int page, int units, boolean aligned) {
    int at = find(free[page], units, aligned);
    if (at >= 0 || aligned || units <= PAGE_UNITS / 2 || page + 1 >= end) {
      return at;
    }
    int tail = Long.numberOfLeadingZeros(~free[page]);
    int head = Long.numberOfTrailingZeros(~free[page + 1]);
    return tail > 0 && tail + head >= units ? PAGE_UNITS - tail : -1;
  }

  private static int find(long free, int units, boolean aligned) {
    long starts = free;
    for (int length = 1; length < units && starts != 0; ) {
      int shift = Math.min(length, units - length);
      starts &= starts >>> shift;
      length += shift;
    }
    if (aligned) {
      starts &= units == PAGE_UNITS ? 1 : Long.divideUnsigned(-1, (1L << units) - 1);
    }
    return starts == 0 ? -1 : Long.numberOfTrailingZeros(starts);
  }

  private int newPage() {
    long address = engine.mallocLarge(PAGE_BYTES, PAGE_BYTES, false);
    int page = (int) (address - base >>> SidePage.SHIFT + 4);
    try {
      reserve(page);
    } catch (AllocatorException | OutOfMemoryError e) {
      heap.free(address);
      throw e instanceof AllocatorException failure ? failure : Faults.javaHeap("a page", e);
    }
    hasFree(page, -1);
    return page;
  }

  /** Makes sure that a page, and those below, are in the tables, and that it has a side page. */
  void reserve(int page) {
    if (sides.find((long) page << SidePage.SHIFT) == null) {
      faults.request("a side table", SidePage.IDS);
      sides.reserve(page << SidePage.SHIFT);
    }
    if (page >= free.length) {
      int length = Math.max(page + 1, page + (page >>> 2) + 4);
      long[] moreFree = Arrays.copyOf(free, length);
      int[] moreNext = Arrays.copyOf(next, length << PAGE_SHIFT - 3);
      int[] morePrevious = Arrays.copyOf(previous, length << PAGE_SHIFT - 3);
      kinds = Arrays.copyOf(kinds, length << PAGE_SHIFT);
      free = moreFree;
      next = moreNext;
      previous = morePrevious;
    }
    end = Math.max(end, page + 1);
  }

  /** Makes sure that there is room for the owners of all units. */
  void reserveOwners() {
    if (owners.length < kinds.length) {
      owners = Arrays.copyOf(owners, kinds.length);
    }
  }

  /** Whether one can take blocks of a unit that are next to others. */
  boolean isFor(int unit, byte owner) {
    return owner == ANYBODY || owners[unit] == ANYBODY || owners[unit] == owner;
  }

  void setOwner(int unit, byte owner) {
    if (unit < owners.length) {
      owners[unit] = owner;
    }
  }

  /** The highest number of a page that was ever taken, and one. */
  int end() {
    return end;
  }

  /** How many units there are up to the last one in the first page that is not free. */
  int usedInFirstPage() {
    int unit = Math.min(PAGE_UNITS, kinds.length);
    while (unit > 0 && kinds[unit - 1] == 0) {
      unit--;
    }
    return unit;
  }

  /** Gives all pages back, but for the unit of the null reference. */
  void forgetAll() {
    for (int page = 1; page < end; page++) {
      int first = page << PAGE_SHIFT;
      if (kinds[first] != 0 || free[page] != 0) {
        Arrays.fill(kinds, first, first + PAGE_UNITS, (byte) 0);
        free[page] = 0;
        heap.free(base + ((long) page << SidePage.SHIFT + 4));
      }
    }
    Arrays.fill(kinds, 1, PAGE_UNITS, (byte) 0);
    hasFree(0, -2);
  }

  /** Takes units back. */
  void giveBack(int first, int units) {
    Arrays.fill(kinds, first, first + units, (byte) 0);
    int page = first >>> PAGE_SHIFT;
    int here = unitsHere(first, units);
    giveBack(page, mask(first & PAGE_UNITS - 1, here));
    if (here < units) {
      giveBack(page + 1, mask(0, units - here));
    }
  }

  private void giveBack(int page, long units) {
    long all = free[page] | units;
    if (all == -1) {
      free[page] = 0;
      heap.free(base + ((long) page << SidePage.SHIFT + 4));
    } else {
      hasFree(page, all);
    }
  }

  private void hasFree(int page, long units) {
    free[page] = units;
    for (int order = 0; order < PAGE_SHIFT; order++) {
      lowest[order] = Math.min(lowest[order], page);
    }
    // A large run can begin in the page before.
    lowest[PAGE_SHIFT] = Math.min(lowest[PAGE_SHIFT], Math.max(page - 1, 0));
  }

  /** How many units an object has that begins with one. */
  int runUnits(int first) {
    int end = first + 1;
    while (end < kinds.length && kinds[end] == REST) {
      end++;
    }
    return end - first;
  }

  /**
   * Takes whole pages for one object that reads as zero.
   *
   * @return its first unit
   */
  int takePages(long bytes, long alignment) {
    long address = engine.mallocLarge(bytes, Math.max(alignment, PAGE_BYTES), true);
    int page = (int) (address - base >>> SidePage.SHIFT + 4);
    try {
      reserve(page);
    } catch (AllocatorException | OutOfMemoryError e) {
      heap.free(address);
      throw e instanceof AllocationFailedException failure ? failure : Faults.javaHeap("a page", e);
    }
    kinds[page << PAGE_SHIFT] = PAGES;
    return page << PAGE_SHIFT;
  }

  /** Makes an object of whole pages longer where it is, if the pages behind it are free. */
  boolean extendPages(int first, long bytes, boolean zeroed) {
    return kinds[first] == PAGES
        && engine.extendInPlace(base + ((long) first << BlockSizes.UNIT_SHIFT + 4), bytes, zeroed);
  }

  void giveBackPages(int first) {
    kinds[first] = 0;
    heap.free(base + ((long) first << BlockSizes.UNIT_SHIFT + 4));
  }

  long bytes() {
    return 4 * 16L
        + kinds.length
        + owners.length
        + 8L * free.length
        + 4L * next.length
        + 4L * previous.length;
  }
}
