package org.ouroboros.benchmarks.replay;

import java.util.Arrays;

/** An {@code long[]} that grows at its end, in place of a list of boxes. */
final class GrowingLongs {

  private static final int FIRST_CAPACITY = 1024;

  private long[] array = new long[FIRST_CAPACITY];
  private int size;

  void add(long value) {
    if (size == array.length) {
      grow();
    }
    array[size++] = value;
  }

  long get(int index) {
    return array[index];
  }

  void set(int index, long value) {
    array[index] = value;
  }

  int size() {
    return size;
  }

  /** The array itself, of which the first {@link #size()} elements count. */
  long[] array() {
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
