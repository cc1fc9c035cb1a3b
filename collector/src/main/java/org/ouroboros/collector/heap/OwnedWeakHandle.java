package org.ouroboros.collector.heap;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.WeakHandle;

/** A weak reference that a Java object owns. Thread rule: as the heap. */
final class OwnedWeakHandle implements WeakHandle {

  private final ConfinedHeap heap;
  private long ref;

  OwnedWeakHandle(ConfinedHeap heap, long ref) {
    this.heap = heap;
    this.ref = ref;
  }

  @Override
  public long get() {
    return heap.weakTarget(ref());
  }

  @Override
  public long upgrade() {
    long target = get();
    if (target != Heap.NULL) {
      heap.retain(target);
    }
    return target;
  }

  @Override
  public long ref() {
    if (ref == Heap.NULL) {
      throw new IllegalStateException("the weak handle is closed");
    }
    return ref;
  }

  @Override
  public void close() {
    if (ref != Heap.NULL && !heap.isClosed()) {
      long owned = ref;
      heap.release(owned);
      ref = Heap.NULL;
    }
  }
}
