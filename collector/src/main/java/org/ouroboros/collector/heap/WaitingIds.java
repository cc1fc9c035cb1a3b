package org.ouroboros.collector.heap;

import java.util.Arrays;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.space.Faults;

/**
 * Ids of objects that wait for their turn to die; the newest goes first. It grows as needed, and
 * where there is no memory for that it says so, and whoever wanted to add has to do without.
 *
 * <p>Thread rule: as the heap.
 */
final class WaitingIds {

  private static final int LEAST = 256;

  private final Faults faults;
  private final String name;
  private int[] ids;
  private int size;

  /**
   * Makes an empty list.
   *
   * @param name for requests that fail
   * @param room how many ids it takes without more memory, 0 or more
   */
  WaitingIds(Faults faults, String name, int room) {
    this.faults = faults;
    this.name = name;
    this.ids = new int[room];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** One that waits, by its number; the oldest is 0. */
  int get(int index) {
    return ids[index];
  }

  /** Adds one; returns false if there is no memory for that. */
  boolean add(int id) {
    if (!makeRoom()) {
      return false;
    }
    ids[size++] = id;
    return true;
  }

  /** Makes sure that one more can be added; returns false if there is no memory for that. */
  boolean makeRoom() {
    return size < ids.length || grow();
  }

  private boolean grow() {
    int length = Math.max(LEAST, 2 * ids.length);
    try {
      faults.request(name, 4L * length);
      ids = Arrays.copyOf(ids, length);
      return true;
    } catch (AllocationFailedException | OutOfMemoryError e) {
      return false;
    }
  }

  /** Takes the newest out; there is one. */
  int take() {
    return ids[--size];
  }
}
