package org.ouroboros.collector;

/**
 * A weak reference that Java code holds: names an object without keeping it alive.
 *
 * <p>Thread rule: as the heap.
 */
public interface WeakHandle extends AutoCloseable {

  /**
   * The target.
   *
   * @return a borrowed reference, or {@link Heap#NULL} if it is dead
   */
  long get();

  /**
   * The target, retained.
   *
   * @return an owned reference, or {@link Heap#NULL} if it is dead
   */
  long upgrade();

  /**
   * The weak reference as an object of the heap.
   *
   * @return a borrowed reference, valid until the handle is closed
   */
  long ref();

  /**
   * Lets the weak reference go. Its callback will not be called, unless something else holds the
   * weak reference, or the callbacks for its target have begun. A second call does nothing.
   */
  @Override
  void close();
}
