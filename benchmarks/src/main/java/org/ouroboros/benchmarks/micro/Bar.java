package org.ouroboros.benchmarks.micro;

import org.ouroboros.benchmarks.replay.Statistics;

/**
 * What the default allocator has to reach: limits of the ratio of its time to that of the fastest C
 * library called from Java, or of our arenas' time to that of the JDK's. {@code NaN} where a row is
 * shown that has no bar.
 */
enum Bar {
  PAIR_CONFINED(Workload.PAIR, AllocatorUnderTest.CONFINED, 0.75, 0.6),
  PAIR_SHARED(Workload.PAIR, AllocatorUnderTest.SHARED, 1.2, 1.0),
  RANDOM_ORDER_CONFINED(Workload.RANDOM_ORDER, AllocatorUnderTest.CONFINED, 1.0, 0.8),
  RANDOM_ORDER_SHARED(Workload.RANDOM_ORDER, AllocatorUnderTest.SHARED, Double.NaN, Double.NaN),
  ARENA_NOT_ESCAPING(Workload.CONFINED_ARENA, AllocatorUnderTest.CONFINED, 0.4, 0.2),
  ARENA_ESCAPING(Workload.CONFINED_ARENA_ESCAPING, AllocatorUnderTest.CONFINED, 0.4, 0.2),
  ARENA_SHARED(Workload.SHARED_ARENA, AllocatorUnderTest.SHARED, 0.02, 0.01);

  /** How far the upper bound of the ratio may lie above the limit. */
  private static final double TOLERANCE = 1.1;

  private final Workload workload;
  private final String allocator;
  private final double must;
  private final double stretch;

  Bar(Workload workload, String allocator, double must, double stretch) {
    this.workload = workload;
    this.allocator = allocator;
    this.must = must;
    this.stretch = stretch;
  }

  Workload workload() {
    return workload;
  }

  /** Which of our allocators is meant. */
  String allocator() {
    return allocator;
  }

  double must() {
    return must;
  }

  double stretch() {
    return stretch;
  }

  /**
   * Whether a ratio meets a limit: its median does, and its upper 95 % bound is at most 10 % above
   * the limit, so that noise alone cannot pass.
   */
  static boolean meets(Statistics.Bounded ratio, double limit) {
    return ratio.value() <= limit && ratio.high() <= limit * TOLERANCE;
  }
}
