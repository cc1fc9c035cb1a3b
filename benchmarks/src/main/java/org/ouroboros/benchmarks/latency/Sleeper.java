package org.ouroboros.benchmarks.latency;

import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A thread that only sleeps, a millisecond at a time, and notes how much longer each sleep took:
 * what the machine does to a thread that needs nothing of anybody.
 */
public final class Sleeper {

  private static final long SLEEP_NANOS = 1_000_000;

  private Sleeper() {}

  /**
   * Does some work with such a thread beside it.
   *
   * @param sleep takes the nanoseconds
   * @param work is done by the calling thread; the other one ends with it
   */
  public static void beside(Histogram sleep, Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().unstarted(() -> run(sleep));
    thread.start();
    try {
      work.run();
    } finally {
      thread.interrupt();
      join(thread);
    }
  }

  private static void run(Histogram sleep) {
    while (!Thread.interrupted()) {
      long begin = System.nanoTime();
      LockSupport.parkNanos(SLEEP_NANOS);
      Times.record(sleep, System.nanoTime() - begin - SLEEP_NANOS);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
