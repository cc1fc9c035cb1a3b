package org.ouroboros.allocator.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * The metadata of a page, or run of pages, while it serves one purpose: blocks of one size class,
 * or one large block. It is made when the pages are dedicated to that, and dropped when they are
 * given up; so a stale reference to it can do no harm to what the pages serve next.
 *
 * <p>What the hot paths need of it is one array of longs, its record, so that a free touches few
 * cache lines:
 *
 * <pre>
 *   record[MAGIC]     see below
 *   record[ADDRESS]   where it begins
 *   record[CAPACITY]  how many blocks fit
 *   record[USED]      blocks that are live, or were freed remotely and not drained
 *   record[SUMMARY]    63 ............ 1  0
 *                     |word 63 .. word 0 |       set if the word holds a set bit
 *   record[FREE]       63 ............ 1  0
 *                     |block 63 ... block 0|     set while the block is not live
 *   record[FREE + 1]  |block 127 .. block 64|    and so on
 * </pre>
 *
 * <p>A block's index is found without a division: with {@code magic = floor((2^40 - 1) / size) +
 * 1}, the bits of {@code offset * magic} from 40 up are the index, and the low 40 are below the
 * magic if and only if the offset is a multiple of the size (Lemire, Kaser, Kurz: Faster remainder
 * by direct computation, 2019; 19 bits of offset and 16 of size fit in its bounds).
 *
 * <p>Thread rule: what never changes may be read by any thread that was handed a block of the page.
 * The bits, USED, SUMMARY and the queue links belong to the owner's holder; others may read them
 * for statistics and to detect errors. The remote fields: {@link RemoteFrees}.
 */
final class Page {

  static final int SHIFT = 16;
  static final int SIZE = 1 << SHIFT;

  /** How many bits of {@code offset * magic} are the fraction. */
  static final int FRACTION = 40;

  static final long FRACTION_MASK = (1L << FRACTION) - 1;

  static final int MAGIC = 0;
  static final int ADDRESS = 1;
  static final int CAPACITY = 2;
  static final int USED = 3;
  static final int SUMMARY = 4;
  static final int FREE = 5;

  /** USED of a bin's current page: more than can be freed before it is set anew. */
  static final long CURRENT_BIAS = 1L << 32;

  /** The page of addresses that belong to no page of blocks. */
  static final Page NONE = new Page(null, 0, 0, 0, -1, 0);

  /** The heap that cuts blocks from it; null if it is large, or none. */
  final @Nullable LocalHeap owner;

  /** See above. */
  final long[] record;

  /** Neighbours in the bin's queue. */
  @Nullable Page next;

  @Nullable Page previous;

  /** Its size class; -1 for a large block. */
  final int sizeClass;

  /** How many pages in a row it has. */
  final int pages;

  /** Its first page's number. */
  final int number;

  // Remote frees, see RemoteFrees.

  volatile long remoteSummary;
  volatile long @Nullable [] remote;
  @Nullable Page nextPending;

  private static final VarHandle REMOTE;

  static {
    try {
      REMOTE = MethodHandles.lookup().findVarHandle(Page.class, "remote", long[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Page(
      @Nullable LocalHeap owner, int number, int pages, long address, int sizeClass, int capacity) {
    this.owner = owner;
    this.number = number;
    this.pages = pages;
    this.sizeClass = sizeClass;
    this.record = new long[FREE + Math.max(1, capacity + Long.SIZE - 1 >>> 6)];
    record[MAGIC] = sizeClass < 0 ? 0 : magic(sizeClass);
    record[ADDRESS] = address;
    record[CAPACITY] = capacity;
  }

  /** A page, or run of pages, of blocks that are all free, and nobody's current one. */
  static Page ofClass(LocalHeap owner, int number, long address, int sizeClass) {
    Page page =
        new Page(
            owner,
            number,
            pages(sizeClass),
            address,
            sizeClass,
            (pages(sizeClass) << SHIFT) / SizeClasses.blockSize(sizeClass));
    long[] record = page.record;
    Arrays.fill(record, FREE, record.length, -1L);
    if ((page.capacity() & 63) != 0) {
      record[record.length - 1] = (1L << page.capacity()) - 1;
    }
    record[SUMMARY] = page.words() == 64 ? -1L : (1L << page.words()) - 1;
    return page;
  }

  /** A run of pages that is one live block. */
  static Page large(int number, int pages, long address) {
    return new Page(null, number, pages, address, -1, 0);
  }

  /** See above. */
  static long magic(int sizeClass) {
    return FRACTION_MASK / SizeClasses.blockSize(sizeClass) + 1;
  }

  /** How many pages in a row blocks of a class are cut from. */
  static int pages(int sizeClass) {
    return sizeClass < SizeClasses.SMALL_COUNT ? 1 : SizeClasses.MEDIUM_PAGES;
  }

  boolean isLarge() {
    return pages > 0 && sizeClass < 0;
  }

  boolean isOfClass() {
    return sizeClass >= 0;
  }

  long blockSize() {
    return sizeClass < 0 ? (long) pages << SHIFT : SizeClasses.blockSize(sizeClass);
  }

  long address() {
    return record[ADDRESS];
  }

  int capacity() {
    return (int) record[CAPACITY];
  }

  /** How many words of bits there are. */
  int words() {
    return record.length - FREE;
  }

  /** The index of the block that begins at an address in the page, or -1 if none begins there. */
  int indexOf(long blockAddress) {
    long product = (blockAddress - address()) * record[MAGIC];
    int index = (int) (product >>> FRACTION);
    return (product & FRACTION_MASK) < record[MAGIC] && index < capacity() ? index : -1;
  }

  /** Whether a block is not live, be it that another thread freed it and the owner is to learn. */
  boolean isFree(int index) {
    return (freeBits(index >>> 6) & 1L << index) != 0;
  }

  /** A word of free bits, those of remote frees among them. */
  private long freeBits(int word) {
    long[] words = remote;
    return record[FREE + word] | (words == null ? 0 : words[word]);
  }

  /** Blocks that are not live, by the page's own bits. */
  int locallyFree() {
    int count = 0;
    for (int i = FREE; i < record.length; i++) {
      count += Long.bitCount(record[i]);
    }
    return count;
  }

  /** Blocks that are not live, those freed remotely among them. */
  int freeBlocks() {
    int count = 0;
    for (int i = 0; i < words(); i++) {
      count += Long.bitCount(freeBits(i));
    }
    return count;
  }

  /** What this object and its words take on the Java heap. */
  long metadataBytes() {
    return 64 + 16 + 8L * record.length + (remote == null ? 0 : 16 + 8L * words());
  }

  /** The words of remote frees, made at the first. */
  long[] remoteWords() {
    long[] words = remote;
    if (words == null) {
      long[] made = new long[words()];
      words = (long[]) REMOTE.compareAndExchange(this, null, made);
      if (words == null) {
        return made;
      }
    }
    return words;
  }
}
