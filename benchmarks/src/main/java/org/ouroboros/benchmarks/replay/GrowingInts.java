package org.ouroboros.benchmarks.replay;

import java.util.Arrays;

/** An {@code int[]} that grows at its end, in place of a list of boxes. */
public final class GrowingInts {

  private static final int FIRST_CAPACITY = 1024;

  private int[] array = new int[FIRST_CAPACITY];
  private int size;

  /** An empty one. */
  public GrowingInts() {}

  /**
   * Adds an element.
   *
   * @param value put after the last
   * @throws HeapFullException if there is no room
   */
  public void add(int value) {
    if (size == array.length) {
      grow();
    }
    array[size++] = value;
  }

  int get(int index) {
    return array[index];
  }

  void set(int index, int value) {
    array[index] = value;
  }

  int removeLast() {
    return array[--size];
  }

  /**
   * How many elements there are.
   *
   * @return 0 or more
   */
  public int size() {
    return size;
  }

  /**
   * The array itself, of which the first {@link #size()} elements count.
   *
   * @return not a copy
   */
  public int[] array() {
    return array;
  }

  private void grow() {
    try {
      array = Arrays.copyOf(array, Capacities.larger(size));
    } catch (OutOfMemoryError e) {
      throw new HeapFullException(e);
    }
  }
}
