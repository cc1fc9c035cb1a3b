package org.ouroboros.benchmarks.program;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.HeapStats;

/**
 * A program ready to run, once, on one kind of memory: {@link #warmUp}, {@link #run}, perhaps
 * {@link #serve}, {@link #close}. Or {@link #fillToPeak} instead, to see what it keeps alive.
 *
 * <p>Each program has a class of its own between this and its twins, which has all that they have
 * in common, so that both do the same.
 */
interface Task extends AutoCloseable {

  /** Runs a part of the work for the JIT, and makes what {@link #run} needs. */
  void warmUp();

  /**
   * Does the work.
   *
   * @param calls takes the nanoseconds of single calls, if they are timed one by one
   */
  Outcome run(Histogram calls);

  /** Whether {@link #serve} can be called. */
  default boolean serves() {
    return false;
  }

  /** Does one operation. */
  default void serve() {
    throw new IllegalStateException("this program does not serve");
  }

  /** Makes as many objects as are alive at once at the most, and keeps them. */
  void fillToPeak();

  /**
   * The same after {@link #run}; for programs that keep everything alive there is no more to do.
   */
  default void refillToPeak() {
    // it is there
  }

  /** What the heap has; null if it runs on Java objects. */
  default @Nullable HeapStats stats() {
    return null;
  }

  /**
   * Drops everything.
   *
   * @throws IllegalStateException if objects of a heap are left then
   */
  @Override
  void close();

  /**
   * What was done.
   *
   * @param operations how many
   * @param nanos how long they took
   * @param check what comes out, the same whatever it runs on
   */
  record Outcome(long operations, long nanos, long check) {}
}
