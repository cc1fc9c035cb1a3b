package org.ouroboros.allocator.page;

import java.util.Arrays;

/**
 * A set of pages as a bitmap, with the search for the lowest run that fits.
 *
 * <p>Thread rule: none of its own; the {@link PageHeap} guards it.
 */
final class PageSet {

  private long[] words = new long[1];
  private int size;

  /** No word below this one has a bit set. */
  private int lowest;

  int size() {
    return size;
  }

  boolean contains(int page) {
    int word = page >>> 6;
    return word < words.length && (words[word] & 1L << page) != 0;
  }

  /** Adds a page that is below what the set was grown to. */
  void add(int page) {
    long before = words[page >>> 6];
    if ((before & 1L << page) == 0) {
      words[page >>> 6] = before | 1L << page;
      size++;
      lowest = Math.min(lowest, page >>> 6);
    }
  }

  void remove(int page) {
    long before = words[page >>> 6];
    if ((before & 1L << page) != 0) {
      words[page >>> 6] = before & ~(1L << page);
      size--;
    }
  }

  /** Makes room for the pages below {@code pages}. */
  void grow(int pages) {
    int needed = (pages + 63) >>> 6;
    if (needed > words.length) {
      words = Arrays.copyOf(words, Math.max(needed, words.length * 2));
    }
  }

  /** The lowest page in the set from {@code from} on, or -1. */
  int next(int from) {
    int word = Math.max(from >>> 6, lowest);
    long bits = word < words.length ? words[word] : 0;
    if (word == from >>> 6) {
      bits &= -1L << from;
    }
    while (bits == 0) {
      if (++word >= words.length) {
        return -1;
      }
      bits = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** The lowest page in the set, or -1. */
  int first() {
    int page = size == 0 ? -1 : next(0);
    if (page >= 0) {
      lowest = page >>> 6;
    }
    return page;
  }

  private int nextAbsent(int from, int end) {
    int word = from >>> 6;
    long bits = ~words[word] & -1L << from;
    while (bits == 0) {
      if (++word << 6 >= end) {
        return end;
      }
      bits = ~words[word];
    }
    return Math.min(end, (word << 6) + Long.numberOfTrailingZeros(bits));
  }

  /**
   * The lowest run of pages that are all in the set.
   *
   * @param pages how many
   * @param step the run begins where (offset + page) is a multiple of this power of two
   * @param offset see step
   * @param end the run ends here or before
   * @return its first page, or -1
   */
  int firstRun(int pages, int step, long offset, int end) {
    int from = size < pages ? -1 : next(0);
    if (from >= 0) {
      lowest = from >>> 6;
    }
    while (from >= 0 && from < end) {
      int stop = nextAbsent(from, end);
      long misaligned = (offset + from) & (step - 1);
      long at = misaligned == 0 ? from : from + step - misaligned;
      if (at + pages <= stop) {
        return (int) at;
      }
      from = stop < end ? next(stop) : -1;
    }
    return -1;
  }

  /** Where the run begins that ends just before {@code end}; {@code end} if there is none. */
  int startOfTail(int end) {
    int start = end;
    while (start > 0 && contains(start - 1)) {
      start--;
    }
    return start;
  }

  /** Moves all pages of another set, grown to the same, into this one. */
  void takeAll(PageSet other) {
    for (int i = 0; i < words.length && i < other.words.length; i++) {
      words[i] |= other.words[i];
      other.words[i] = 0;
    }
    size += other.size;
    lowest = Math.min(lowest, other.lowest);
    other.size = 0;
  }

  long bytes() {
    return 16 + 8L * words.length;
  }
}
