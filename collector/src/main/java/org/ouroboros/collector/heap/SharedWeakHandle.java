package org.ouroboros.collector.heap;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.WeakHandle;

/**
 * A weak reference to an object of a shared heap that a Java object owns.
 *
 * <p>Thread rule: any thread; who closes it sees to it that no other thread is using it.
 */
final class SharedWeakHandle implements WeakHandle {

  private final SharedHeap heap;

  /** The owned reference; 0 from the close on. */
  private volatile long ref;

  SharedWeakHandle(SharedHeap heap, long ref) {
    this.heap = heap;
    this.ref = ref;
  }

  @Override
  public long get() {
    return heap.weakTarget(ref());
  }

  @Override
  public long upgrade() {
    return heap.upgradeWeak(ref());
  }

  @Override
  public long ref() {
    long owned = ref;
    if (owned == Heap.NULL) {
      throw new IllegalStateException("the weak handle is closed");
    }
    return owned;
  }

  /** Once the heap is closed or being closed there is nothing left to be done. */
  @Override
  public void close() {
    long owned = ref;
    if (owned != Heap.NULL) {
      try {
        heap.release(owned);
      } catch (IllegalStateException e) {
        if (!heap.isEnding()) {
          throw e;
        }
      }
      ref = Heap.NULL;
    }
  }
}
