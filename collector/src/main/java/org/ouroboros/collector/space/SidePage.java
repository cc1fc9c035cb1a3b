package org.ouroboros.collector.space;

import org.jspecify.annotations.Nullable;

/**
 * What is noted about the objects of {@value #IDS} ids in a row: a bit each in some bitmaps. In the
 * paged space that is a page of 64 KiB, and only the id of an object's first 16 bytes has bits.
 *
 * <pre>
 *   bits[map * 64 + (id >>> 6 & 63)], bit id & 63
 *
 *   LIVE     an object begins there
 *   TRACKED  the collector looks at it
 *   YOUNG0   it is in generation 0
 *   YOUNG1   it is in generation 1; in 2 if in none of these, and not frozen
 *   TRASH    in the set that a collection works on: not to be shown; or while a full collection
 *            looks for that set, scanned
 *   TAKEN    in the paged space: not to be given to a new object, see BlockClass
 * </pre>
 *
 * <p>Marks are in {@link MarkBits}.
 */
public final class SidePage {

  public static final int SHIFT = 12;
  public static final int IDS = 1 << SHIFT;

  /** Words of one bitmap. */
  public static final int WORDS = IDS / Long.SIZE;

  public static final int LIVE = 0;
  public static final int TRACKED = WORDS;
  public static final int YOUNG0 = 2 * WORDS;
  public static final int YOUNG1 = 3 * WORDS;
  public static final int TRASH = 4 * WORDS;

  static final int TAKEN = 5 * WORDS;

  public final long[] bits;

  /** The page's first id. */
  public final int firstId;

  /** How often each id was freed, in heaps that check it; null in others. */
  public final char @Nullable [] versions;

  /** A bit for each id in the permanent generation; null until something of the page is frozen. */
  long @Nullable [] frozen;

  /** When each object with a finalizer was made, see {@link SideTables#number}; null if none is. */
  int @Nullable [] serials;

  /** The trial counts of the page's objects while a collection works on it, by the low id bits. */
  public int @Nullable [] trial;

  /** Whether the page is in the list of those that may have young objects. */
  boolean listedYoung;

  /**
   * A bit for each word of ids that may have young objects. Where those lie scattered, as new
   * objects do in the gaps of old ones, whole bitmaps are not to be read for some bits.
   */
  long youngWords;

  /** The same of objects in the set that a collection works on; see {@code TrashSet}. */
  public long trashWords;

  /** Whether objects of the page are to be freed when all that dies with them is dead. */
  boolean listedDying;

  SidePage(int number, boolean versioned, boolean paged) {
    this.bits = new long[paged ? TAKEN + WORDS : TAKEN];
    this.firstId = number << SHIFT;
    this.versions = versioned ? new char[IDS] : null;
  }

  /** See {@link SideTables#listDying}. */
  public boolean isListedDying() {
    return listedDying;
  }

  /** See the field. */
  public long youngWords() {
    return youngWords;
  }

  /** Learns anew which words have young objects; returns whether any has. */
  boolean trimYoungWords() {
    long kept = 0;
    for (long words = youngWords; words != 0; words &= words - 1) {
      int w = Long.numberOfTrailingZeros(words);
      kept |= (bits[YOUNG0 + w] | bits[YOUNG1 + w]) != 0 ? words & -words : 0;
    }
    youngWords = kept;
    return kept != 0;
  }

  /** The word of an id in a bitmap. */
  public static int word(int map, int id) {
    return map + (id >>> 6 & WORDS - 1);
  }

  public boolean has(int map, int id) {
    return (bits[word(map, id)] & 1L << id) != 0;
  }

  public void set(int map, int id) {
    bits[word(map, id)] |= 1L << id;
  }

  public void clear(int map, int id) {
    bits[word(map, id)] &= ~(1L << id);
  }

  /** Whether an id is in the permanent generation. */
  public boolean isFrozen(int id) {
    return (frozen(id >>> 6 & WORDS - 1) & 1L << id) != 0;
  }

  /** A word of the bits of what is in the permanent generation. */
  public long frozen(int word) {
    long[] map = frozen;
    return map == null ? 0 : map[word];
  }

  /** Takes an id out of the permanent generation, if it is there. */
  void unfreeze(int id) {
    unfreeze(id >>> 6 & WORDS - 1, 1L << id);
  }

  /** Takes ids of a word out of the permanent generation, as far as they are there. */
  void unfreeze(int word, long ids) {
    long[] map = frozen;
    if (map != null) {
      map[word] &= ~ids;
    }
  }

  /** Whether a bitmap has any bit. */
  public boolean any(int map) {
    long all = 0;
    for (int i = map; i < map + WORDS; i++) {
      all |= bits[i];
    }
    return all != 0;
  }

  /** How many bits a bitmap has. */
  public int count(int map) {
    int count = 0;
    for (int i = map; i < map + WORDS; i++) {
      count += Long.bitCount(bits[i]);
    }
    return count;
  }

  public void clearAll(int map) {
    for (int i = map; i < map + WORDS; i++) {
      bits[i] = 0;
    }
  }

  long bytes() {
    return 40
        + 16
        + 8L * bits.length
        + (frozen == null ? 0 : 16 + 8L * WORDS)
        + (versions == null ? 0 : 16 + 2L * IDS)
        + (serials == null ? 0 : 16 + 4L * IDS);
  }
}
