package org.ouroboros.benchmarks.replay;

import java.util.Arrays;

/** An {@code int[]} that grows at its end, in place of a list of boxes. */
final class GrowingInts {

  private static final int FIRST_CAPACITY = 1024;

  private int[] array = new int[FIRST_CAPACITY];
  private int size;

  void add(int value) {
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

  int size() {
    return size;
  }

  /** The array itself, of which the first {@link #size()} elements count. */
  int[] array() {
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
