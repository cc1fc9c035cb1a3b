package org.ouroboros.benchmarks.program;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.ObjectType;

/** Reference arrays on a heap. */
final class HeapTraversal extends TraversalTask {

  private static final ObjectType LIST = ObjectType.referenceArray("list");

  private final Heap heap = Heap.ofConfined();
  private long last;

  HeapTraversal(int loops) {
    super(loops);
  }

  @Override
  void build() {
    last = heap.allocate(LIST, 0);
    for (int length = 0; length < Traversal.LEVELS; length++) {
      long list = heap.allocate(LIST, length);
      for (int i = 0; i < length; i++) {
        heap.setElement(list, i, last);
      }
      heap.release(last);
      last = list;
    }
  }

  @Override
  int collect() {
    return heap.collector().collect();
  }

  @Override
  long references() {
    long references = 0;
    for (long list = last; heap.length(list) > 0; list = heap.getElement(list, 0)) {
      references += heap.length(list);
    }
    return references;
  }

  @Override
  public HeapStats stats() {
    return heap.stats();
  }

  @Override
  public void close() {
    heap.release(last);
    HeapObjects.closeEmpty(heap);
  }
}
