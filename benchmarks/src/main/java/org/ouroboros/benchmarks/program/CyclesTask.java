package org.ouroboros.benchmarks.program;

import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.latency.Times;

/** Rings are built, dropped and collected; how is up to the twins. */
abstract class CyclesTask implements Task {

  /** Objects of one loop. */
  static final int OBJECTS = Cycles.RINGS * (Cycles.LINKS + 1);

  private static final int WARM_UPS = 3;

  private final int loops;

  CyclesTask(int loops) {
    this.loops = loops;
  }

  /** Builds all rings. */
  abstract void build();

  /** Drops all rings. */
  abstract void drop();

  /** Collects, and tells how many of the objects that were built last are gone. */
  abstract int collect();

  @Override
  public void warmUp() {
    for (int i = 0; i < WARM_UPS; i++) {
      run(Times.histogram());
    }
  }

  @Override
  public Outcome run(Histogram calls) {
    long nanos = 0;
    long collected = 0;
    for (int i = 0; i < loops; i++) {
      collect();
      build();
      drop();
      long begin = System.nanoTime();
      collected += collect();
      long time = System.nanoTime() - begin;
      Times.record(calls, time);
      nanos += time;
    }
    return new Outcome((long) loops * OBJECTS, nanos, collected);
  }

  @Override
  public void fillToPeak() {
    build();
  }

  @Override
  public void refillToPeak() {
    build();
  }
}
