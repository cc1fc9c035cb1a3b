package org.ouroboros.allocator.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * The metadata of all pages of a reservation, and the only class that knows its layout.
 *
 * <p>Pages are grouped in chunks of {@link #CHUNK_PAGES}; each chunk has one {@code long[]} for its
 * owners' metadata, made when its first page is used, and one for remote frees, made at the first of
 * them. A page's record in the first is {@link #STRIDE} longs:
 *
 * <pre>
 *   INFO      63      45 44     32 31                       0   0 unless a small page:
 *            | owner tag | capacity |         magic          |   all that a local free needs
 *   SUMMARY  one bit for each word of BITS: set if the word may hold a set bit (clear: it is 0)
 *   USED     blocks that are handed out, or CURRENT_BIAS more while the page is a bin's current one
 *   LINKS     63                   32 31                     0   neighbours in a bin's queue,
 *            |    next page + 1      |    previous page + 1  |   0 is none
 *   KIND      63                   32 31        12 11   4 3  0
 *            |      head page        |  owner tag | class | kind |
 *   RUN      pages of the run that begins here (small 1, medium, large)
 *   (2 spare, so that BITS begin a cache line apart from the next record's header)
 *   BITS     64 words, one bit a block in address order: set while the block is free
 * </pre>
 *
 * <p>The magic is {@code floor((2^32 - 1) / blockSize) + 1}. For an offset in the page, the high half
 * of {@code offset * magic} is the block's index, and the low half is below the magic if and only if
 * the offset is a multiple of the block size (Lemire, Kaser, Kurz: Faster remainder by direct
 * computation, 2019; 16 bits of offset and 13 of size fit in its bounds).
 *
 * <p>Thread rule: a page's record is written by the heap that owns the page, or under the page
 * heap's lock while none does. A thread that was handed a block sees INFO, KIND and RUN of its page;
 * what it reads of the rest may be stale. Remote records are accessed by atomic operations only.
 */
final class PageTable {

  static final int PAGE_SHIFT = 16;
  static final int PAGE_SIZE = 1 << PAGE_SHIFT;
  static final int CHUNK_SHIFT = 6;
  static final int CHUNK_PAGES = 1 << CHUNK_SHIFT;

  static final int INFO = 0;
  static final int SUMMARY = 1;
  static final int USED = 2;
  static final int LINKS = 3;
  static final int KIND = 4;
  static final int RUN = 5;
  static final int BITS = 8;
  static final int WORDS = PAGE_SIZE / 16 / Long.SIZE;
  static final int STRIDE = BITS + WORDS;

  /** A remote record: SUMMARY as above, the next page + 1 of the pending list, then 64 words. */
  static final int REMOTE_SUMMARY = 0;

  static final int REMOTE_NEXT = 1;
  static final int REMOTE_BITS = 2;
  static final int REMOTE_STRIDE = REMOTE_BITS + WORDS;

  /** Atomic access to the elements of remote records. */
  static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

  static final int FREE = 0;
  static final int SMALL = 1;
  static final int MEDIUM = 2;
  static final int LARGE = 3;

  /** A page of a run that is not its first; the head page tells what it belongs to. */
  static final int INTERIOR = 4;

  /** Keeps USED of a bin's current page from reaching 0. */
  static final long CURRENT_BIAS = 1L << 32;

  /** Owner tags are below this; 0 is nobody. */
  static final int MAX_TAG = 1 << 18;

  private static final long[] NO_CHUNK = new long[CHUNK_PAGES * STRIDE];

  private static final int[] MAGIC = magics();

  /**
   * A chunk's records by page >>> CHUNK_SHIFT; NO_CHUNK (all 0: no page is in use) where there is
   * none yet. Replaced by a longer one under the page heap's lock; reading a stale one is benign,
   * since a thread that was handed a block of a chunk sees a table that has it.
   */
  long[][] chunks = {NO_CHUNK};

  /** Remote records by chunk; null where there are none yet. Same rule. */
  private volatile long @Nullable [][] remotes = {null};

  private final Object growth = new Object();

  // ------------------------------------------------------------- reading records

  static int tagOf(long info) {
    return (int) (info >>> 45);
  }

  static int capacityOf(long info) {
    return (int) (info >>> 32) & 0x1FFF;
  }

  static long magicOf(long info) {
    return info & 0xFFFF_FFFFL;
  }

  static int record(int page) {
    return (page & (CHUNK_PAGES - 1)) * STRIDE;
  }

  static int remoteRecord(int page) {
    return (page & (CHUNK_PAGES - 1)) * REMOTE_STRIDE;
  }

  long[] chunk(int page) {
    return chunks[page >>> CHUNK_SHIFT];
  }

  static int kind(long kindWord) {
    return (int) kindWord & 0xF;
  }

  static int sizeClass(long kindWord) {
    return (int) kindWord >>> 4 & 0xFF;
  }

  static int owner(long kindWord) {
    return (int) kindWord >>> 12;
  }

  static int head(long kindWord) {
    return (int) (kindWord >>> 32);
  }

  static int next(long links) {
    return (int) (links >>> 32) - 1;
  }

  static int previous(long links) {
    return (int) links - 1;
  }

  static long links(int previous, int next) {
    return (long) (next + 1) << 32 | (previous + 1) & 0xFFFF_FFFFL;
  }

  /** How many blocks of a class fit in its page or run. */
  static int capacity(int sizeClass) {
    return (pages(sizeClass) << PAGE_SHIFT) / SizeClasses.blockSize(sizeClass);
  }

  /** How many pages in a row blocks of a class are cut from. */
  static int pages(int sizeClass) {
    return sizeClass < SizeClasses.SMALL_COUNT ? 1 : SizeClasses.MEDIUM_PAGES;
  }

  // ------------------------------------------------------------- writing records

  /** Makes a page, or a run of pages, serve a class: all its blocks free, nobody's current page. */
  void dedicate(int page, int sizeClass, int tag) {
    long[] m = chunk(page);
    int h = record(page);
    int capacity = capacity(sizeClass);
    int pages = pages(sizeClass);
    int words = (capacity + Long.SIZE - 1) >>> 6;
    Arrays.fill(m, h + BITS, h + BITS + words, -1L);
    if ((capacity & 63) != 0) {
      m[h + BITS + words - 1] = (1L << capacity) - 1;
    }
    m[h + SUMMARY] = words == 64 ? -1L : (1L << words) - 1;
    m[h + USED] = 0;
    m[h + LINKS] = 0;
    m[h + RUN] = pages;
    int kind = pages == 1 ? SMALL : MEDIUM;
    m[h + KIND] = kindWord(page, tag, sizeClass, kind);
    if (kind == SMALL) {
      m[h + INFO] =
          (long) tag << 45 | (long) capacity << 32 | MAGIC[sizeClass] & 0xFFFF_FFFFL;
    }
    for (int i = 1; i < pages; i++) {
      chunk(page + i)[record(page + i) + KIND] = kindWord(page, tag, sizeClass, INTERIOR);
    }
  }

  /** Makes a run of pages one large block. */
  void dedicateLarge(int page, int pages) {
    chunk(page)[record(page) + RUN] = pages;
    chunk(page)[record(page) + KIND] = kindWord(page, 0, 0, LARGE);
    for (int i = 1; i < pages; i++) {
      chunk(page + i)[record(page + i) + KIND] = kindWord(page, 0, 0, INTERIOR);
    }
  }

  /** Marks a run of pages as serving nothing. */
  void clear(int page, int pages) {
    for (int i = page; i < page + pages; i++) {
      long[] m = chunk(i);
      int h = record(i);
      m[h + INFO] = 0;
      m[h + KIND] = 0;
      m[h + SUMMARY] = 0;
    }
  }

  private static long kindWord(int head, int tag, int sizeClass, int kind) {
    return (long) head << 32 | (long) tag << 12 | (long) sizeClass << 4 | kind;
  }

  // ------------------------------------------------------------------- growing

  /** Makes records for the pages below {@code pages}. Called under the page heap's lock. */
  void grow(int pages) {
    int needed = (pages + CHUNK_PAGES - 1) >>> CHUNK_SHIFT;
    long[][] grown = chunks;
    if (needed > grown.length) {
      int old = grown.length;
      grown = Arrays.copyOf(grown, Math.max(needed, old * 2));
      Arrays.fill(grown, old, grown.length, NO_CHUNK);
    }
    for (int i = needed - 1; i >= 0 && grown[i] == NO_CHUNK; i--) {
      grown[i] = new long[CHUNK_PAGES * STRIDE];
    }
    chunks = grown;
  }

  /** Forgets all pages: every address is foreign from now on. */
  void forget() {
    chunks = new long[][] {NO_CHUNK};
  }

  /** The remote records of a page's chunk, made if there are none. Any thread. */
  long[] remote(int page) {
    int chunk = page >>> CHUNK_SHIFT;
    long[][] known = remotes;
    if (chunk < known.length) {
      long[] records = known[chunk];
      if (records != null) {
        return records;
      }
    }
    return makeRemote(chunk);
  }

  /** How many blocks of a page have been freed remotely and not been drained. */
  int remoteFrees(int page) {
    long[][] known = remotes;
    int chunk = page >>> CHUNK_SHIFT;
    long[] records = chunk < known.length ? known[chunk] : null;
    int count = 0;
    for (int i = 0; records != null && i < WORDS; i++) {
      count += Long.bitCount((long) ELEMENT.getOpaque(records, remoteRecord(page) + REMOTE_BITS + i));
    }
    return count;
  }

  private long[] makeRemote(int chunk) {
    synchronized (growth) {
      long[][] known = remotes;
      long[][] grown =
          Arrays.copyOf(known, chunk < known.length ? known.length : Math.max(chunk + 1, known.length * 2));
      long[] records = grown[chunk];
      if (records == null) {
        records = new long[CHUNK_PAGES * REMOTE_STRIDE];
        grown[chunk] = records;
        remotes = grown;
      }
      return records;
    }
  }

  /** What the records take on the Java heap, in bytes. */
  long bytes() {
    long longs = 0;
    for (long[] chunk : chunks) {
      longs += chunk == NO_CHUNK ? 0 : chunk.length + 2;
    }
    for (long[] records : remotes) {
      longs += records == null ? 0 : records.length + 2;
    }
    return longs * Long.BYTES + 4L * (chunks.length + remotes.length) + 32;
  }

  private static int[] magics() {
    int[] magics = new int[SizeClasses.SMALL_COUNT];
    for (int c = 0; c < magics.length; c++) {
      magics[c] = (int) (0xFFFF_FFFFL / SizeClasses.blockSize(c) + 1);
    }
    return magics;
  }
}
