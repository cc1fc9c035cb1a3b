package org.ouroboros.collector;

/** Is told of every object that is freed. For tests and tools: it slows every death down. */
@FunctionalInterface
public interface FreeListener {

  /**
   * The memory of an object is about to be given back. Its fields can be read; it must not be
   * retained, stored or released, and the heap must not be changed.
   *
   * @param heap the heap
   * @param ref the object
   */
  void onFree(Heap heap, long ref);
}
