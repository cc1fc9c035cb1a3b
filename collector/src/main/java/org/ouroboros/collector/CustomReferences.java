package org.ouroboros.collector;

/**
 * References of an object that are not in its slots, told to the collector by hand: CPython's
 * {@code tp_traverse} and {@code tp_clear}. Each of them must have been counted with {@link
 * Heap#addEdge}.
 */
public interface CustomReferences {

  /**
   * Reports every reference the object keeps outside its slots, each as often as it was counted.
   * May only read the heap; whatever else it tries is refused. What it throws ends the collection
   * before anything is freed, and goes to the {@link ErrorLog}.
   *
   * @param heap the heap
   * @param ref the object
   * @param visitor to be called once for each reference
   */
  void traverse(Heap heap, long ref, ReferenceVisitor visitor);

  /**
   * Gives all these references back with {@link Heap#removeEdge}: the object is about to be freed.
   * They must not be reported any more afterwards. An object that is brought back by this call
   * lives on without them.
   *
   * @param heap the heap
   * @param ref the object
   */
  void clear(Heap heap, long ref);

  /** Receives references. */
  @FunctionalInterface
  interface ReferenceVisitor {

    /**
     * Takes one.
     *
     * @param target a reference; {@link Heap#NULL} is ignored
     */
    void visit(long target);
  }
}
