package org.ouroboros.benchmarks.program;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.ObjectType;

/** Rings of objects on a heap, freed by its collector. */
final class HeapCycles extends CyclesTask {

  private static final ObjectType NODE =
      ObjectType.builder("node").references("next", "previous").build();
  private static final int NEXT = NODE.slot("next");
  private static final int PREVIOUS = NODE.slot("previous");

  private final Heap heap = Heap.ofConfined();
  private final long[] heads = new long[Cycles.RINGS];

  HeapCycles(int loops) {
    super(loops);
  }

  @Override
  void build() {
    for (int i = 0; i < heads.length; i++) {
      heads[i] = ring();
    }
  }

  /** The owned first node of a ring; the others are held by their neighbours. */
  private long ring() {
    long head = heap.allocate(NODE);
    long current = head;
    for (int i = 0; i < Cycles.LINKS; i++) {
      long node = heap.allocate(NODE);
      heap.setRef(node, PREVIOUS, current);
      heap.setRefMoved(current, NEXT, node);
      current = node;
    }
    heap.setRef(current, NEXT, head);
    heap.setRef(head, PREVIOUS, current);
    return head;
  }

  @Override
  void drop() {
    for (int i = 0; i < heads.length; i++) {
      heap.release(heads[i]);
      heads[i] = Heap.NULL;
    }
  }

  @Override
  int collect() {
    return heap.collector().collect();
  }

  @Override
  public HeapStats stats() {
    return heap.stats();
  }

  @Override
  public void close() {
    drop();
    collect();
    HeapObjects.closeEmpty(heap);
  }
}
