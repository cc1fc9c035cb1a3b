package org.ouroboros.benchmarks.pauses;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.latency.Times;

/**
 * Times single calls, one after the other: where one ends the next begins, so that a call's time
 * has in it what it took to read the clock and to note the call before, some tens of nanoseconds.
 *
 * <p>Calls of {@link #LONG_NANOS} or more are kept with their begin and end. For how long the
 * machine had taken the processor away meanwhile is told by the thread's own processor time, which
 * is read after each of them: what is missing since it was read last was missing in that call, as
 * no shorter one can have stood still. The time it takes to read it is in no call.
 *
 * <p>A virtual machine may stand still as a whole, which no guest can tell from its own time. How
 * long it does is seen where the mutator waits and does nothing but read the clock, see {@link
 * #gaps}; in calls it is as likely, for as long as they last.
 */
final class CallClock {

  /** From here on a call is one that the mutator had to wait for. */
  static final long LONG_NANOS = 20_000;

  /** Room for gaps at first: a Java heap under test is small. */
  private static final int FEW = 1 << 8;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final boolean processor = THREADS.isCurrentThreadCpuTimeSupported();
  private final Histogram calls = Times.histogram();
  private final Spans longCalls = new Spans();
  private final Spans running = new Spans();
  private final Spans gaps = new Spans(FEW);
  private boolean on;
  private long lastMark;
  private long lastProcessor;

  /** Begins or ends timing by the calling thread; calls are neither timed nor noted in between. */
  void run(boolean on) {
    this.on = on;
    missing();
  }

  /** Forgets all calls. */
  void reset() {
    calls.reset();
    longCalls.clear();
    running.clear();
    gaps.clear();
  }

  /** When the first of some calls begins. */
  long now() {
    return on ? System.nanoTime() : 0;
  }

  /** Notes a call that has just ended, and tells when the next begins. */
  long lap(long begin) {
    if (!on) {
      return 0;
    }
    long end = System.nanoTime();
    Times.record(calls, end - begin);
    if (end - begin >= LONG_NANOS) {
      add(begin, end);
      return System.nanoTime();
    }
    return end;
  }

  /** Keeps a time in which the mutator stood still outside of any call, if it was long. */
  void gap(long begin, long end) {
    if (end - begin >= LONG_NANOS) {
      add(begin, end);
    }
  }

  /** Keeps a time between two readings of the clock, in which nothing else was done, if long. */
  void idle(long begin, long end) {
    if (end - begin >= LONG_NANOS) {
      gaps.add(begin, end);
      missing();
    }
  }

  private void add(long begin, long end) {
    longCalls.add(begin, end);
    running.add(begin, end - Math.min(missing(), end - begin));
  }

  /** For how long the thread did not run since this was asked last; 0 if that is not known. */
  private long missing() {
    if (!processor) {
      return 0;
    }
    long time = THREADS.getCurrentThreadCpuTime();
    long mark = System.nanoTime();
    long missing = mark - lastMark - (time - lastProcessor);
    lastMark = mark;
    lastProcessor = time;
    return Math.max(0, missing);
  }

  /** Nanoseconds of all calls. */
  Histogram calls() {
    return calls;
  }

  /** The long ones. */
  Spans longCalls() {
    return longCalls;
  }

  /** The same, each only for as long as the thread ran meanwhile. */
  Spans running() {
    return running;
  }

  /** What the machine took while the mutator only waited. */
  Spans gaps() {
    return gaps;
  }
}
