package org.ouroboros.collector.space;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A bit for each id of a heap, that grows without a copy: in chunks, since what grows while a
 * collection is under way must not take longer where the heap is larger.
 *
 * <pre>
 *   chunks[id >>> 18][id >>> 6 &amp; 4095], bit id &amp; 63
 * </pre>
 *
 * <p>The words of a page's ids are in one chunk. Thread rule: as of {@link CycleMarks}, whose this
 * is; the chunks are replaced while nobody is inside.
 */
public final class MarkWords {

  /** A chunk's words, as a shift: 32 KiB, small enough to be made where small objects are. */
  private static final int SHIFT = 12;

  /** From an id to the number of its chunk. */
  public static final int ID_SHIFT = SHIFT + 6;

  private static final int CHUNK = 1 << SHIFT;

  /** From the number of a word to its index in the chunk. */
  public static final int MASK = CHUNK - 1;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private long[][] chunks = {};

  MarkWords() {}

  /** How many words there are. */
  public int size() {
    return chunks.length << SHIFT;
  }

  /**
   * Makes room for so many words; new ones are 0.
   *
   * @throws OutOfMemoryError if there is no room; nothing has changed then
   */
  void reserve(int words) {
    int before = chunks.length;
    int after = words + MASK >>> SHIFT;
    if (after <= before) {
      return;
    }
    long[][] all = Arrays.copyOf(chunks, after);
    for (int i = before; i < after; i++) {
      all[i] = new long[CHUNK];
    }
    chunks = all;
  }

  /** All chunks, as {@link MarkWords} draws them; replaced by more of them when the heap grows. */
  public long[][] chunks() {
    return chunks;
  }

  /** The chunk that has a word. */
  public long[] chunk(int word) {
    return chunks[word >>> SHIFT];
  }

  /** A word by its number. */
  public long get(int word) {
    return chunks[word >>> SHIFT][word & MASK];
  }

  void or(int word, long bits) {
    chunks[word >>> SHIFT][word & MASK] |= bits;
  }

  /** The same where other threads set bits meanwhile. */
  void orAtomically(int word, long bits) {
    WORD.getAndBitwiseOr(chunks[word >>> SHIFT], word & MASK, bits);
  }

  boolean has(int id) {
    return (get(id >>> 6) & 1L << id) != 0;
  }

  /** Clears the last words of so many: those of the chunk that the last is in. */
  int clearLast(int words) {
    int from = words - 1 & ~MASK;
    Arrays.fill(chunk(from), 0, words - from, 0);
    return from;
  }

  long bytes() {
    return (16L + 8 * CHUNK) * chunks.length;
  }
}
