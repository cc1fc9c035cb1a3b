package org.ouroboros.benchmarks.pauses;

import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.CloseReport;
import org.ouroboros.collector.CollectorAgent;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** The rings as objects on a heap, held by a reference array. */
final class HeapRings extends Rings {

  private static final ObjectType NODE =
      ObjectType.builder("node").references("next", "previous").build();
  private static final int NEXT = NODE.slot("next");
  private static final int PREVIOUS = NODE.slot("previous");
  private static final ObjectType TABLE = ObjectType.referenceArray("table");

  private final Heap heap;

  /** Owned. */
  private final long table;

  /** The agent's, that marks beside the mutator; null where there is none. */
  private final @Nullable AgentRunner helper;

  HeapRings(Mode mode, CallClock clock, int places) {
    super(clock);
    boolean beside = mode == Mode.SHARED_BESIDE;
    HeapOptions options = HeapOptions.DEFAULT.withIncremental(beside || mode == Mode.INCREMENTAL);
    heap = beside || mode == Mode.SHARED ? Heap.ofShared(options) : Heap.ofConfined(options);
    table = heap.allocate(TABLE, places);
    helper = beside ? helper(heap) : null;
  }

  private static AgentRunner helper(Heap heap) {
    AgentRunner runner =
        new AgentRunner(
            new SleepingMillisIdleStrategy(1),
            Throwable::printStackTrace,
            null,
            new CollectorAgent(heap));
    AgentRunner.startOnThread(runner);
    return runner;
  }

  Heap heap() {
    return heap;
  }

  @Override
  void store(int place, int nodes) {
    long time = clock.now();
    long head = heap.allocate(NODE);
    time = clock.lap(time);
    long current = head;
    for (int i = 1; i < nodes; i++) {
      long node = heap.allocate(NODE);
      time = clock.lap(time);
      heap.setRef(node, PREVIOUS, current);
      time = clock.lap(time);
      heap.setRefMoved(current, NEXT, node);
      time = clock.lap(time);
      current = node;
    }
    heap.setRef(current, NEXT, head);
    time = clock.lap(time);
    heap.setRef(head, PREVIOUS, current);
    time = clock.lap(time);
    heap.setElement(table, place, head);
    time = clock.lap(time);
    heap.release(head);
    clock.lap(time);
  }

  @Override
  long liveNodes() {
    return heap.stats().liveObjects() - 1;
  }

  @Override
  int collectAll() {
    long time = clock.now();
    long before = heap.stats().frees();
    heap.collector().collect();
    clock.lap(time);
    // not what it says it found: it completes a collection first that is freeing what that found
    return Math.toIntExact(heap.stats().frees() - before);
  }

  /**
   * Drops everything.
   *
   * @throws IllegalStateException if objects are left then
   */
  @Override
  public void close() {
    if (helper != null) {
      helper.close();
    }
    heap.release(table);
    heap.collector().collect();
    heap.close();
    CloseReport report = heap.closeReport();
    if (report == null || report.liveObjects() != 0) {
      throw new IllegalStateException("objects were left in the heap: " + report);
    }
  }
}
