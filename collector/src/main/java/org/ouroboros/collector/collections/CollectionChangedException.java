package org.ouroboros.collector.collections;

import org.ouroboros.collector.HeapException;

/**
 * A collection got or lost entries while something went through it: a cursor is used after a
 * change, or a visitor, filter or key comparison changed the collection it was called for. What
 * {@link java.util.ConcurrentModificationException} is to the collections of Java; but it is found
 * always, since the number of changes is kept in the collection itself.
 */
public final class CollectionChangedException extends HeapException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param heap the heap's name
   * @param collection what was changed
   */
  public CollectionChangedException(String heap, String collection) {
    super(
        heap
            + ": "
            + collection
            + " got or lost entries while something went through it: begin again, or use removeIf",
        null);
  }
}
