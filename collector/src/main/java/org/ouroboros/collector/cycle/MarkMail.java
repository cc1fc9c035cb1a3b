package org.ouroboros.collector.cycle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Ids on their way from one marking thread to another: a ring with one writer and one reader.
 *
 * <p>The writer stores ids and then, with release, how many it has stored since the beginning; the
 * reader, who has read that with acquire, sees them. In the same way the reader tells how many it
 * has read, so that the writer stores no id over one that was not read. The numbers may wrap.
 *
 * <pre>
 *   state[32]   told: so many the reader can read; written by the writer
 *   state[64]   taken: so many it has read; written by the reader
 *   state[96]   stored, and limit: of the writer alone
 * </pre>
 *
 * <p>They lie 128 bytes apart, so that the two threads write to no line of a cache in turns.
 *
 * <p>Thread rule: {@link #put} and {@link #tell} for the writer, {@link #available} and {@link
 * #take} for the reader; {@link #clear} while there is neither.
 */
final class MarkMail {

  /** How many ids are on their way at most, but in tests. */
  static final int CAPACITY = 1 << 15;

  /** What one takes on the Java heap, about. */
  static final long BYTES = 4L * CAPACITY + 640;

  private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int TOLD = 32;
  private static final int TAKEN = 64;
  private static final int STORED = 96;
  private static final int LIMIT = 97;

  private final int[] state = new int[130];
  private final int[] ids;

  MarkMail() {
    this(CAPACITY);
  }

  /** With room for so many ids, a power of two. */
  MarkMail(int capacity) {
    ids = new int[capacity];
    clear();
  }

  void clear() {
    Arrays.fill(state, 0);
    state[LIMIT] = ids.length;
  }

  // -------------------------------------------------------------------- the writer

  /**
   * Stores ids, as many as there is room for, to be told later.
   *
   * @param from where the first one is in the array
   * @return how many were stored
   */
  int put(int[] refs, int from, int count) {
    int stored = state[STORED];
    if (state[LIMIT] - stored < count) {
      state[LIMIT] = (int) STATE.getAcquire(state, TAKEN) + ids.length;
    }
    int put = Math.min(count, state[LIMIT] - stored);
    int start = stored & ids.length - 1;
    int straight = Math.min(put, ids.length - start);
    System.arraycopy(refs, from, ids, start, straight);
    System.arraycopy(refs, from + straight, ids, 0, put - straight);
    state[STORED] = stored + put;
    return put;
  }

  /** How many ids are stored that the reader was not told of. */
  int untold() {
    return state[STORED] - state[TOLD];
  }

  /** Lets the reader have all that is stored. */
  void tell() {
    STATE.setRelease(state, TOLD, state[STORED]);
  }

  // -------------------------------------------------------------------- the reader

  /** How many ids there are to read. */
  int available() {
    return (int) STATE.getAcquire(state, TOLD) - state[TAKEN];
  }

  /** Reads as many ids as there are, or there is room for; returns how many. */
  int take(int[] to) {
    int taken = state[TAKEN];
    int count = Math.min(available(), to.length);
    int start = taken & ids.length - 1;
    int straight = Math.min(count, ids.length - start);
    System.arraycopy(ids, start, to, 0, straight);
    System.arraycopy(ids, 0, to, straight, count - straight);
    STATE.setRelease(state, TAKEN, taken + count);
    return count;
  }
}
