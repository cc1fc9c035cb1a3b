package org.ouroboros.benchmarks.scenario;

import java.util.HashMap;
import java.util.Map;
import org.ouroboros.collector.Heap;

/**
 * The variables and the weak table of a scenario: each entry owns one reference. Whatever an
 * assignment releases is released last, when the table has the new value already, since a finalizer
 * may assign to the same variable.
 */
final class HeapRoots {

  private final Map<String, Long> variables = new HashMap<>();
  private final Map<Long, Long> weakTable = new HashMap<>();

  /** Assigns a borrowed reference, which is retained; {@link Heap#NULL} clears the variable. */
  void assign(Heap heap, String variable, long ref) {
    if (ref != Heap.NULL) {
      heap.retain(ref);
    }
    assignMoved(heap, variable, ref);
  }

  /** Assigns an owned reference. */
  void assignMoved(Heap heap, String variable, long owned) {
    Long former = owned == Heap.NULL ? variables.remove(variable) : variables.put(variable, owned);
    if (former != null) {
      heap.release(former);
    }
  }

  /** Puts an owned weak reference into the weak table. */
  void addWeak(long id, long owned) {
    weakTable.put(id, owned);
  }

  /** Takes a weak reference out of the weak table. */
  void dropWeak(Heap heap, long id) {
    Long weak = weakTable.remove(id);
    if (weak != null) {
      heap.release(weak);
    }
  }

  /** The borrowed weak reference of the weak table, or {@link Heap#NULL}. */
  long weak(long id) {
    return weakTable.getOrDefault(id, Heap.NULL);
  }
}
