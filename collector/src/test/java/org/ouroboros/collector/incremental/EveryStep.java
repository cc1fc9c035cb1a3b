package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;

/**
 * A scenario that is run again and again, each time with one step of an incremental collection more
 * before the program does what is to be tested, until the collection ends before that.
 */
final class EveryStep {

  private static final int MOST = 10_000;

  final Heap heap;
  private final int steps;
  private boolean over;

  private EveryStep(Heap heap, int steps) {
    this.heap = heap;
    this.steps = steps;
  }

  /** Runs a scenario, which builds a heap, calls {@link #goOn}, and does something. */
  static void run(HeapOptions options, Consumer<EveryStep> scenario) {
    run(options, 1, scenario);
  }

  /** The same, but only after every step whose number is a multiple of something. */
  static void run(HeapOptions options, int stride, Consumer<EveryStep> scenario) {
    int runs = 0;
    boolean over = false;
    while (!over) {
      try (Heap heap = Heap.ofConfined(options)) {
        EveryStep every = new EveryStep(heap, runs * stride);
        try {
          scenario.accept(every);
        } catch (Throwable e) {
          throw new AssertionError("after " + runs * stride + " steps: " + e, e);
        }
        over = every.over;
      }
      assertThat(++runs).isLessThan(MOST);
    }
    assertThat(runs).as("steps of a collection").isGreaterThan(3);
  }

  /** Takes the steps that come before what is tested. */
  void goOn() {
    for (int i = 0; i < steps && !over; i++) {
      over = heap.collector().step(0);
    }
  }

  /** How many steps that were. */
  int steps() {
    return steps;
  }

  /** Whether the collection was over by then. */
  boolean isOver() {
    return over;
  }

  /** Completes what is under way, and another collection. */
  void complete() {
    complete(heap);
    complete(heap);
  }

  /** Steps until a collection ends. */
  static void complete(Heap heap) {
    complete(heap, 0);
  }

  /** The same, with steps of so many nanoseconds. */
  static void complete(Heap heap, long nanos) {
    for (int i = 0; !heap.collector().step(nanos); i++) {
      assertThat(i).isLessThan(MOST);
    }
  }

  /** Spaces in modes that differ in how they free. */
  static Stream<Named<HeapOptions>> heaps() {
    HeapOptions incremental = HeapOptions.DEFAULT.withIncremental(true);
    HeapOptions onLibc = incremental.withAllocator(() -> Allocators.of("libc"));
    return Stream.of(
        Named.of("paged", incremental),
        Named.of("paged, checked", incremental.withMode(HeapMode.CHECKED)),
        Named.of("paged, debug", incremental.withMode(HeapMode.DEBUG)),
        Named.of("libc", onLibc),
        Named.of("libc, checked", onLibc.withMode(HeapMode.CHECKED)));
  }
}
