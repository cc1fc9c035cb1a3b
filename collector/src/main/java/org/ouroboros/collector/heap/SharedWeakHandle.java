package org.ouroboros.collector.heap;

import java.util.concurrent.atomic.AtomicLong;
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
  private final AtomicLong ref;

  SharedWeakHandle(SharedHeap heap, long ref) {
    this.heap = heap;
    this.ref = new AtomicLong(ref);
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
    long owned = ref.get();
    if (owned == Heap.NULL) {
      throw new IllegalStateException("the weak handle is closed");
    }
    return owned;
  }

  @Override
  public void close() {
    if (!heap.isClosed()) {
      heap.release(ref.getAndSet(Heap.NULL));
    }
  }
}
