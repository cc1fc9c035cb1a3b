package org.ouroboros.collector.cycle;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
 * <p>Thread rule: any, but {@link #begin} before the others are started.
 */
final class MarkTeam {

  private static final int RUNNING = 0;
  private static final int ALL_MARKED = 1;
  private static final int FAILED = 2;

  private final int threads;
  private final AtomicLong pending = new AtomicLong();
  private final AtomicInteger allMarked = new AtomicInteger();
  private volatile int state;

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
    state = RUNNING;
    allMarked.set(0);
    pending.set(threads);
  }

  /** So many ids will be told of, or a thread is busy again; negative for the opposite. */
  void add(int count) {
    pending.addAndGet(count);
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
    return pending.get() == 0;
  }

  /**
   * One more thread has nothing unmarked left. A failure at the same time may go unnoticed: then
   * all is marked all the same.
   */
  void isAllMarked() {
    if (allMarked.incrementAndGet() == threads && state == RUNNING) {
      state = ALL_MARKED;
    }
  }

  /** One has failed. */
  void fail() {
    state = FAILED;
  }

  boolean hasFailed() {
    return state == FAILED;
  }

  /** Whether all are to stop, be there work left or not. */
  boolean stops() {
    return state != RUNNING;
  }
}
