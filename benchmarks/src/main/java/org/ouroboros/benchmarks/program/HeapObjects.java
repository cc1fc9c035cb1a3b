package org.ouroboros.benchmarks.program;

import org.ouroboros.collector.CloseReport;
import org.ouroboros.collector.Heap;

/** What the programs on a heap have in common. */
final class HeapObjects {

  private HeapObjects() {}

  /**
   * Closes a heap that must be empty.
   *
   * @throws IllegalStateException if it is not: the program lost objects
   */
  static void closeEmpty(Heap heap) {
    heap.close();
    CloseReport report = heap.closeReport();
    if (report == null || report.liveObjects() != 0) {
      throw new IllegalStateException("objects were left in the heap: " + report);
    }
  }

  /**
   * Looks that a heap is empty which is not to be closed.
   *
   * @throws IllegalStateException if it is not: the program lost objects
   */
  static void requireEmpty(Heap heap) {
    long objects = heap.stats().liveObjects();
    if (objects != 0) {
      throw new IllegalStateException(objects + " objects were left in the heap");
    }
  }
}
