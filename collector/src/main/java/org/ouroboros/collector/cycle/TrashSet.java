package org.ouroboros.collector.cycle;

import org.ouroboros.collector.space.MarkWords;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * The set of objects a collection works on: first its candidates, in the end those that are freed.
 * Its members have their TRASH bit set; the pages that may have members are listed, in the order of
 * addresses. {@link SidePage#trashWords} tells in which words of a page there may be any.
 *
 * <p>Members can leave at any time: an object that dies by counting meanwhile does. So passes look
 * at the bits again for each member, through a <i>position</i>: the index of the page in the list,
 * and the low bits of the id.
 *
 * <p>Needs no memory: the list has been reserved. Thread rule: as the heap.
 */
final class TrashSet {

  static final long END = -1;

  private final SideTables sides;
  private int[] pages = new int[0];
  private int pageCount;

  TrashSet(SideTables sides) {
    this.sides = sides;
  }

  /**
   * Makes the tracked objects of young generations the members.
   *
   * @param generation 0 or 1
   * @return how many there are
   */
  long fillYoung(int generation) {
    sides.sortYoungPages();
    pages = sides.workPages();
    pageCount = sides.youngPages();
    long size = 0;
    for (int i = 0; i < pageCount; i++) {
      SidePage page = sides.youngPage(i);
      pages[i] = page.firstId >>> SidePage.SHIFT;
      long[] bits = page.bits;
      page.trashWords = page.youngWords();
      for (long words = page.trashWords; words != 0; words &= words - 1) {
        int w = Long.numberOfTrailingZeros(words);
        long young = bits[SidePage.YOUNG0 + w];
        if (generation > 0) {
          young |= bits[SidePage.YOUNG1 + w];
        }
        bits[SidePage.TRASH + w] = young;
        size += Long.bitCount(young);
      }
    }
    return size;
  }

  /** Lists all pages; no object is a member yet. */
  void listAll() {
    pages = sides.workPages();
    pageCount = 0;
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      if (page != null) {
        page.trashWords = -1;
        pages[pageCount++] = p;
      }
    }
  }

  int pages() {
    return pageCount;
  }

  SidePage page(int index) {
    SidePage page = sides.at(pages[index]);
    if (page == null) {
      throw new IllegalStateException("a listed page is missing");
    }
    return page;
  }

  /** The first member's position; {@link #END} if there is none. */
  long first() {
    return at(0);
  }

  /** The position of the next member. */
  long after(long position) {
    return at(position + 1);
  }

  private long at(long position) {
    int index = (int) position & SidePage.IDS - 1;
    for (int p = (int) (position >>> SidePage.SHIFT); p < pageCount; p++) {
      SidePage page = page(p);
      long words = page.trashWords & -1L << (index >>> 6);
      for (; words != 0; words &= words - 1) {
        int w = Long.numberOfTrailingZeros(words);
        long members = page.bits[SidePage.TRASH + w];
        members &= w == index >>> 6 ? -1L << index : -1L;
        if (members != 0) {
          return (long) p << SidePage.SHIFT | w << 6 | Long.numberOfTrailingZeros(members);
        }
      }
      index = 0;
    }
    return END;
  }

  /** The member at a position. */
  int id(long position) {
    return (pages[(int) (position >>> SidePage.SHIFT)] << SidePage.SHIFT)
        | (int) position & SidePage.IDS - 1;
  }

  boolean has(int id) {
    return sides.has(SidePage.TRASH, id);
  }

  void remove(int id) {
    sides.page(id).clear(SidePage.TRASH, id);
  }

  /** How many members are tracked. */
  int tracked() {
    long count = 0;
    for (int p = 0; p < pageCount; p++) {
      SidePage page = page(p);
      long[] bits = page.bits;
      for (long words = page.trashWords; words != 0; words &= words - 1) {
        int w = Long.numberOfTrailingZeros(words);
        count += Long.bitCount(bits[SidePage.TRASH + w] & bits[SidePage.TRACKED + w]);
      }
    }
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  /** Removes all members; the pages stay listed. */
  void removeAll() {
    for (int p = 0; p < pageCount; p++) {
      SidePage page = page(p);
      for (long words = page.trashWords; words != 0; words &= words - 1) {
        page.bits[SidePage.TRASH + Long.numberOfTrailingZeros(words)] = 0;
      }
    }
  }

  /** Removes all members and pages. */
  void clear() {
    removeAll();
    pageCount = 0;
  }

  /** Removes the members that are marked. */
  void removeMarked() {
    for (int p = 0; p < pageCount; p++) {
      removeMarked(page(p), sides.marks.marked());
    }
  }

  private static void removeMarked(SidePage page, long[] marked) {
    long[] bits = page.bits;
    int base = page.firstId >>> 6;
    for (long words = page.trashWords; words != 0; words &= words - 1) {
      int w = Long.numberOfTrailingZeros(words);
      bits[SidePage.TRASH + w] &= ~marked[base + w];
    }
  }

  /**
   * Makes everything a member that is not marked.
   *
   * @return how many there are
   */
  long addUnmarked() {
    long size = 0;
    for (int p = 0; p < pageCount; p++) {
      SidePage page = page(p);
      size += addUnmarked(page, sides.marks.marked(), page.firstId >>> 6);
    }
    return size;
  }

  /**
   * The same by other marks, which may be of fewer pages: what is in the others is marked.
   *
   * @return how many there are
   */
  long addUnmarked(MarkWords marked) {
    long size = 0;
    for (int p = 0; p < pageCount; p++) {
      SidePage page = page(p);
      int word = page.firstId >>> 6;
      if (word < marked.size()) {
        size += addUnmarked(page, marked.chunk(word), word & MarkWords.MASK);
      }
    }
    return size;
  }

  private static int addUnmarked(SidePage page, long[] marked, int base) {
    long[] bits = page.bits;
    int size = 0;
    for (int w = 0; w < SidePage.WORDS; w++) {
      long unmarked = bits[SidePage.LIVE + w] & ~marked[base + w];
      bits[SidePage.TRASH + w] = unmarked;
      size += Long.bitCount(unmarked);
    }
    return size;
  }

  void clearMarks() {
    for (int p = 0; p < pageCount; p++) {
      sides.marks.clear(page(p));
    }
  }
}
