package org.ouroboros.collector.space;

import java.util.Arrays;

/**
 * A bit for each id of a heap, which only collections use: whether an object was marked. They lie
 * in a plain array over all ids, and not in the {@link SidePage}s, since to mark is the innermost
 * step of a collection:
 *
 * <pre>
 *   marked[id >>> 6], bit id &amp; 63
 * </pre>
 *
 * <p>They mean nothing between collections. There is room for all ids of all pages at any time.
 * Thread rule: as the heap.
 */
public final class MarkBits {

  /** Grown by an eighth at least: each growth copies everything. */
  private static final int GROWTH = 8;

  private long[] marked = new long[4 * SidePage.WORDS];

  MarkBits() {}

  /** Makes room for the ids of so many pages. */
  void reserve(int pages) {
    int words = Math.multiplyExact(pages, SidePage.WORDS);
    if (words > marked.length) {
      marked = Arrays.copyOf(marked, Math.max(words, marked.length + marked.length / GROWTH));
    }
  }

  /** The words of the marks; replaced by longer ones when the heap grows. */
  public long[] marked() {
    return marked;
  }

  public boolean has(int id) {
    return (marked[id >>> 6] & 1L << id) != 0;
  }

  public void set(int id) {
    marked[id >>> 6] |= 1L << id;
  }

  /** Clears the bits of all ids of so many pages. */
  public void clearAll(int pages) {
    Arrays.fill(marked, 0, pages * SidePage.WORDS, 0);
  }

  /** Clears the marks of a page's ids. */
  public void clear(SidePage page) {
    int first = page.firstId >>> 6;
    Arrays.fill(marked, first, first + SidePage.WORDS, 0);
  }

  long bytes() {
    return 16 + 8L * marked.length;
  }
}
