package org.ouroboros.benchmarks.pauses;

import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.latency.Times;

/**
 * Times single calls, one after the other: where one ends the next begins, so that a call's time
 * has in it what it took to read the clock and to note the call before, some tens of nanoseconds.
 *
 * <p>Calls of {@link #LONG_NANOS} or more are kept with their begin and end.
 */
final class CallClock {

  /** From here on a call is one that the mutator had to wait for. */
  static final long LONG_NANOS = 20_000;

  private final Histogram calls = Times.histogram();
  private final Spans longCalls = new Spans();
  private boolean running;

  /** Begins or ends timing; calls are neither timed nor noted in between. */
  void run(boolean on) {
    running = on;
  }

  /** Forgets all calls. */
  void reset() {
    calls.reset();
    longCalls.clear();
  }

  /** When the first of some calls begins. */
  long now() {
    return running ? System.nanoTime() : 0;
  }

  /** Notes a call that has just ended, and tells when the next begins. */
  long lap(long begin) {
    if (!running) {
      return 0;
    }
    long end = System.nanoTime();
    Times.record(calls, end - begin);
    if (end - begin >= LONG_NANOS) {
      longCalls.add(begin, end);
    }
    return end;
  }

  /** Keeps a time in which the mutator stood still outside of any call, if it was long. */
  void gap(long begin, long end) {
    if (end - begin >= LONG_NANOS) {
      longCalls.add(begin, end);
    }
  }

  /** Nanoseconds of all calls. */
  Histogram calls() {
    return calls;
  }

  /** The long ones. */
  Spans longCalls() {
    return longCalls;
  }
}
