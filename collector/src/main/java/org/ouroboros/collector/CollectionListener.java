package org.ouroboros.collector;

/**
 * Is told of collections, and of the end of the heap. What it throws goes to the heap's {@link
 * ErrorLog}.
 *
 * <p>It is called by the thread that collects, and may use the heap; {@code collect} does nothing
 * meanwhile.
 */
public interface CollectionListener {

  /**
   * A collection begins.
   *
   * @param generation the one that was asked for
   */
  default void onStart(int generation) {}

  /**
   * A collection has ended.
   *
   * @param summary what it did
   */
  default void onStop(Summary summary) {}

  /**
   * The heap is about to be closed; its finalizers have not run yet. It can only be read meanwhile,
   * and other threads that share it have to wait.
   */
  default void onClose() {}

  /**
   * What a collection did.
   *
   * @param generation the one that was asked for
   * @param collected garbage that was freed, in objects
   * @param uncollectable garbage that could not be
   * @param candidates objects that were looked at
   * @param durationNanos how long it took
   */
  record Summary(
      int generation, int collected, int uncollectable, long candidates, long durationNanos) {}
}
