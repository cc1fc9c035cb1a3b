package org.ouroboros.benchmarks.program;

import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.latency.Times;

/** Lists are built once and collected often; how is up to the twins. */
abstract class TraversalTask implements Task {

  private static final int WARM_UPS = 3;

  private final int loops;

  TraversalTask(int loops) {
    this.loops = loops;
  }

  /** Builds the lists, the last of which is held. */
  abstract void build();

  /** Collects, and tells how many objects were garbage, where that is told. */
  abstract int collect();

  /** How many references the lists have, counted along the way from the last to the first. */
  abstract long references();

  /** Builds the lists, if they are not there; collects as often as is timed. */
  @Override
  public void warmUp() {
    build();
    for (int i = 0; i < WARM_UPS * loops; i++) {
      collect();
    }
  }

  @Override
  public Outcome run(Histogram calls) {
    long nanos = 0;
    long found = 0;
    for (int i = 0; i < loops; i++) {
      collect();
      long begin = System.nanoTime();
      found += collect();
      long time = System.nanoTime() - begin;
      Times.record(calls, time);
      nanos += time;
    }
    long references = references();
    return new Outcome(loops * references, nanos, references + found);
  }

  @Override
  public void fillToPeak() {
    build();
  }
}
