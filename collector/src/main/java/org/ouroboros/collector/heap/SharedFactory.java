package org.ouroboros.collector.heap;

import org.ouroboros.collector.ObjectFactory;
import org.ouroboros.collector.ObjectType;

/**
 * Makes and reads objects of one type on a shared heap, as the heap does.
 *
 * <p>Thread rule: any thread.
 *
 * @param heap of the objects
 * @param type of the objects
 */
public record SharedFactory(SharedHeap heap, ObjectType type) implements ObjectFactory {

  @Override
  public long allocate() {
    return heap.allocate(type);
  }

  @Override
  public long allocateOwning(long first, long second) {
    return heap.allocateOwning(type, first, second);
  }

  @Override
  public long getRef(long ref, int slot) {
    return heap.getRef(ref, slot);
  }
}
