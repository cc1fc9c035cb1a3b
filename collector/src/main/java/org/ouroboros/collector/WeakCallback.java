package org.ouroboros.collector;

/** What is to be done when the target of a weak reference has died. */
@FunctionalInterface
public interface WeakCallback {

  /**
   * Runs when all weak references to the target are cleared already. It may use the heap.
   *
   * @param heap the heap; it cannot be closed meanwhile
   * @param weak the weak reference, borrowed for the time of the call; its target is null
   * @throws Exception goes to the heap's {@link ErrorLog}
   */
  void run(Heap heap, long weak) throws Exception;
}
