package org.ouroboros.collector.cycle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What marking threads tell each other beside the {@link MarkMail}: whether to go on.
 *
 * <p><b>The end.</b> {@code pending} counts the threads that are busy and the ids that are on their
 * way: told and not dealt with. A thread counts ids before it tells of them, and takes them off
 * when it has put them among what it has to do; it counts itself before it takes any, having been
 * idle. So a thread or an id is counted by one that is counted itself, and once the number is 0 it
 * stays so: nothing is left to be done.
 *
 * <p><b>All marked.</b> Each thread says once when it has nothing unmarked left. When all have, the
 * others may stop in the middle of their work.
 *
 * <p><b>Failure.</b> Whoever fails says so, and all stop. Nobody waits without looking at that.
 *
 * <pre>
 *   words[16]   state: running, all marked, or failed; all read it all the time
 *   words[32]   pending
 *   words[48]   how many threads have nothing unmarked left
 * </pre>
 *
 * <p>They lie 128 bytes apart, so that what is counted does not take away the line of what is read.
 *
 * <p>Thread rule: any, but {@link #begin} before the others are started.
 */
final class MarkTeam {

  private static final int RUNNING = 0;
  private static final int ALL_MARKED = 1;
  private static final int FAILED = 2;

  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int STATE = 16;
  private static final int PENDING = 32;
  private static final int MARKED = 48;

  private final int threads;

  /** As in the class comment. */
  private final long[] words = new long[66];

  /** The other threads, for the collecting one; null where one was not started. */
  private @Nullable Thread[] helpers = new Thread[0];

  MarkTeam(int threads) {
    this.threads = threads;
  }

  /**
   * All threads are busy.
   *
   * @param helpers those that are going to be started
   */
  void begin(@Nullable Thread[] helpers) {
    this.helpers = helpers;
    setState(RUNNING);
    WORDS.setVolatile(words, MARKED, 0L);
    WORDS.setVolatile(words, PENDING, (long) threads);
  }

  /** So many ids will be told of, or a thread is busy again; negative for the opposite. */
  void add(int count) {
    long before = (long) WORDS.getAndAdd(words, PENDING, (long) count);
    assert before + count >= 0 : "more was taken than told";
  }

  /**
   * For the collecting thread, while it waits: fails if another has ended without a word, which
   * takes a thread that did not get as far as its task.
   */
  void checkHelpers() {
    for (Thread helper : helpers) {
      if (helper != null && !helper.isAlive() && !isDone() && !stops()) {
        fail();
      }
    }
  }

  boolean isDone() {
    return (long) WORDS.getVolatile(words, PENDING) == 0;
  }

  /**
   * One more thread has nothing unmarked left. A failure after that goes unnoticed: all is marked.
   */
  void isAllMarked() {
    if ((long) WORDS.getAndAdd(words, MARKED, 1L) + 1 == threads) {
      WORDS.compareAndSet(words, STATE, (long) RUNNING, (long) ALL_MARKED);
    }
  }

  /** One has failed. */
  void fail() {
    WORDS.compareAndSet(words, STATE, (long) RUNNING, (long) FAILED);
  }

  boolean hasFailed() {
    return state() == FAILED;
  }

  /** Whether all are to stop, be there work left or not. */
  boolean stops() {
    return state() != RUNNING;
  }

  private long state() {
    return (long) WORDS.getAcquire(words, STATE);
  }

  private void setState(long state) {
    WORDS.setVolatile(words, STATE, state);
  }
}
