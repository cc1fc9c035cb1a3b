package org.ouroboros.collector;

import java.util.List;

/**
 * What finalizers, callbacks and listeners threw: bounded, the oldest entry gives way. An entry
 * names the object and does not hold it, unless the heap {@linkplain HeapOptions#pinFailed pins}
 * objects whose finalizer failed.
 *
 * <p>Thread rule: as the heap.
 */
public interface ErrorLog {

  /**
   * The failures, oldest first.
   *
   * @return a copy
   */
  List<Failure> entries();

  /**
   * How many failures there were since the heap was made.
   *
   * @return entries that have given way and cleared ones included
   */
  long total();

  /** Forgets the entries, and releases the objects they pin. */
  void clear();

  /** What failed. */
  enum Kind {
    /** A {@link Finalizer}. */
    FINALIZER,
    /** A {@link WeakCallback}. */
    WEAK_CALLBACK,
    /** A {@link CollectionListener}, a {@link FreeListener}, or the debug output. */
    LISTENER,
    /** A {@link CustomReferences}, or its edges and the counts do not agree. */
    CUSTOM_REFERENCES,
    /** A block could not be freed, or a segment over an object could not be ended with it. */
    ALLOCATOR,
    /**
     * A {@link HostHandle} was found unreachable, and something else had given back what it owned.
     */
    HOST_HANDLE
  }

  /**
   * One failure.
   *
   * @param kind what failed
   * @param type the name of the object's type; empty for listeners and host handles
   * @param ref the object, for messages; {@link Heap#NULL} for listeners
   * @param error what was thrown
   * @param pinned whether the entry keeps the object alive
   */
  record Failure(Kind kind, String type, long ref, Throwable error, boolean pinned) {}
}
