package org.ouroboros.collector;

/** What is to be done when an object of a type is about to die. */
@FunctionalInterface
public interface Finalizer {

  /**
   * Runs once in an object's life (or as its {@link ObjectType.FinalizerKind} says), while the
   * object and all it refers to are intact. It may use the heap: allocate, collect, release, and
   * store the object somewhere, which keeps it alive.
   *
   * @param heap the object's heap; it cannot be closed meanwhile
   * @param ref the object, borrowed for the time of the call
   * @throws Exception goes to the heap's {@link ErrorLog}; the object dies all the same, unless
   *     failed objects are {@linkplain HeapOptions#withErrorLog pinned}
   */
  void run(Heap heap, long ref) throws Exception;
}
