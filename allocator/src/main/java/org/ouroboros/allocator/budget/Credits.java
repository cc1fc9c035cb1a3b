package org.ouroboros.allocator.budget;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What makes the usual allocation through a budget one compare-and-set, however deep the budget
 * lies: a few cells, by the thread, each with some bytes that are charged up the whole chain
 * already and not used yet, and with the number of blocks taken less those given back. So limits
 * are exact, as credit counts as charged; who is refused takes back the credit of all others before
 * he gives up.
 *
 * <pre>
 *   cell, a word:  |63            20|19        0|
 *                  | blocks         | credit    |
 *
 *   blocks   signed: a block may be given back at another cell than the one it was taken at
 *   credit   bytes
 *   CLOSED   the word of a cell that must not be used
 * </pre>
 *
 * <p>Cells lie 128 bytes apart, so that threads do not share cache lines (lines come in pairs).
 * Around a confined allocator there is one, which only the owner may touch: plain accesses then.
 *
 * <p>Thread rule: any thread, or the owner.
 */
final class Credits {

  /** The most credit that a cell can hold. */
  static final int MAX = (1 << 20) - 1;

  private static final int BLOCK_SHIFT = 20;
  private static final long BLOCK = 1L << BLOCK_SHIFT;

  /** No number of blocks comes near. */
  private static final long CLOSED = Long.MIN_VALUE;

  private static final int MAX_CELLS = 16;

  /** Longs from cell to cell; the first lies that far from the array's beginning too. */
  private static final int STRIDE_SHIFT = 4;

  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] words;
  private final int mask;

  /** Null if any thread may come. */
  private final @Nullable Thread owner;

  Credits(@Nullable Thread owner) {
    int processors = Runtime.getRuntime().availableProcessors();
    int cells = owner != null ? 1 : Integer.highestOneBit(Math.min(MAX_CELLS, 2 * processors - 1));
    this.words = new long[cells + 1 << STRIDE_SHIFT];
    this.mask = cells - 1;
    this.owner = owner;
  }

  int cells() {
    return mask + 1;
  }

  /** The cell of the calling thread. */
  int cell() {
    Thread current = Thread.currentThread();
    if (owner == null) {
      return ((int) current.threadId() & mask) + 1 << STRIDE_SHIFT;
    }
    if (current != owner) {
      throw wrongThread();
    }
    return 1 << STRIDE_SHIFT;
  }

  private WrongThreadException wrongThread() {
    return new WrongThreadException(
        "the budget is confined to " + owner + ", as the allocator underneath is");
  }

  private long get(int cell) {
    return (long) WORDS.getOpaque(words, cell);
  }

  private boolean replace(int cell, long from, long to) {
    if (owner == null) {
      return WORDS.compareAndSet(words, cell, from, to);
    }
    WORDS.setOpaque(words, cell, to);
    return true;
  }

  boolean isClosed(int cell) {
    return get(cell) == CLOSED;
  }

  /**
   * Counts a block, and takes its bytes from the credit.
   *
   * @param bytes 0 or more
   * @return false if there is not that much: nothing has changed then. Also if {@code bytes} is 0,
   *     or the cells are closed
   */
  boolean take(int cell, long bytes) {
    while (true) {
      long word = get(cell);
      // Of a closed word the credit is 0; so this holds for it too.
      if (Long.compareUnsigned(bytes - 1, word & MAX) >= 0) {
        return false;
      }
      if (replace(cell, word, word + BLOCK - bytes)) {
        return true;
      }
    }
  }

  /**
   * Counts a block less, and adds its bytes to the credit.
   *
   * @param most the most credit that there may be then
   * @return false if there would be more, or the cells are closed: nothing has changed then
   */
  boolean give(int cell, long bytes, long most) {
    while (true) {
      long word = get(cell);
      if ((word & MAX) + bytes > most || word == CLOSED) {
        return false;
      }
      if (replace(cell, word, word - BLOCK + bytes)) {
        return true;
      }
    }
  }

  /**
   * Counts blocks.
   *
   * @param number how many more
   * @return false if the cells are closed: nothing has changed then
   */
  boolean count(int cell, long number) {
    while (true) {
      long word = get(cell);
      if (word == CLOSED) {
        return false;
      }
      if (replace(cell, word, word + (number << BLOCK_SHIFT))) {
        return true;
      }
    }
  }

  /**
   * Adds bytes to the credit, as many as there may be.
   *
   * @param most the most credit that there may be then
   * @return how many bytes are left over; all if the cells are closed
   */
  long add(int cell, long bytes, long most) {
    while (true) {
      long word = get(cell);
      long room = Math.max(0, most - (word & MAX));
      long added = word == CLOSED ? 0 : Math.min(room, bytes);
      if (added == 0 || replace(cell, word, word + added)) {
        return bytes - added;
      }
    }
  }

  /** Takes all credit of all cells; returns the sum. */
  long drain() {
    long sum = 0;
    for (int i = 1; i <= cells(); i++) {
      int cell = i << STRIDE_SHIFT;
      while (true) {
        long word = get(cell);
        long credit = word == CLOSED ? 0 : word & MAX;
        if (credit == 0 || replace(cell, word, word - credit)) {
          sum += credit;
          break;
        }
      }
    }
    return sum;
  }

  /** The sum of the credit of all cells. */
  long sum() {
    long sum = 0;
    for (int i = 1; i <= cells(); i++) {
      long word = get(i << STRIDE_SHIFT);
      sum += word == CLOSED ? 0 : word & MAX;
    }
    return sum;
  }

  /** Blocks taken less blocks given back; 0 if closed. */
  long blocks() {
    long sum = 0;
    for (int i = 1; i <= cells(); i++) {
      long word = get(i << STRIDE_SHIFT);
      sum += word == CLOSED ? 0 : word >> BLOCK_SHIFT;
    }
    return sum;
  }

  /** Closes all cells; returns what they were, for {@link #reopen}. */
  long[] close() {
    long[] were = new long[cells()];
    for (int i = 0; i < were.length; i++) {
      int cell = i + 1 << STRIDE_SHIFT;
      long word = get(cell);
      while (!replace(cell, word, CLOSED)) {
        word = get(cell);
      }
      were[i] = word;
    }
    return were;
  }

  /** Makes the cells what they were before {@link #close}. */
  void reopen(long[] were) {
    for (int i = 0; i < were.length; i++) {
      WORDS.setVolatile(words, i + 1 << STRIDE_SHIFT, were[i]);
    }
  }

  /** The credit in words that {@link #close} returned. */
  static long creditIn(long[] were) {
    long sum = 0;
    for (long word : were) {
      sum += word & MAX;
    }
    return sum;
  }

  /** The blocks in words that {@link #close} returned. */
  static long blocksIn(long[] were) {
    long sum = 0;
    for (long word : were) {
      sum += word >> BLOCK_SHIFT;
    }
    return sum;
  }
}
