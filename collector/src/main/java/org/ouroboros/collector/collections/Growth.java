package org.ouroboros.collector.collections;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.ObjectType;

/** How lists grow. */
final class Growth {

  private static final int LEAST = 8;

  private Growth() {}

  /** The capacity after a full one: half as much again. */
  static int more(int capacity, Heap heap) {
    if (capacity == ObjectType.MAX_LENGTH) {
      throw new HeapExhaustedException(
          heap.options().name(),
          0,
          heap.options().limitBytes(),
          "a list has at most " + ObjectType.MAX_LENGTH + " elements",
          null);
    }
    return (int)
        Math.min(Math.max(LEAST, (long) capacity + (capacity >> 1)), ObjectType.MAX_LENGTH);
  }
}
