package org.ouroboros.collector;

/**
 * Objects that were found unreachable and not freed. The list holds them: each is an owned
 * reference of it. Who takes one off has to break its cycle first, or it will be found again.
 *
 * <p>Thread rule: as the heap.
 */
public interface Garbage {

  /**
   * How many there are.
   *
   * @return 0 or more
   */
  int size();

  /**
   * One of them.
   *
   * @param index from 0, in the order they were found
   * @return a borrowed reference
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  long get(int index);

  /**
   * Takes one off the list and releases it.
   *
   * @param ref an object
   * @return whether it was on the list
   */
  boolean remove(long ref);

  /** Takes all off the list and releases them. */
  void clear();

  /**
   * All of them.
   *
   * @return borrowed references
   */
  long[] toArray();
}
