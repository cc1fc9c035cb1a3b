package org.ouroboros.benchmarks.scenario;

import java.util.Arrays;
import java.util.Objects;

/** Ids that are added one by one. */
final class IdList {

  private static final int INITIAL = 16;

  private long[] ids = new long[INITIAL];
  private int size;

  void add(long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, Math.addExact(size, size >> 1));
    }
    ids[size++] = id;
  }

  long get(int index) {
    return ids[Objects.checkIndex(index, size)];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Empties the list, and lets a large array go. */
  void clear() {
    size = 0;
    if (ids.length > 1 << 16) {
      ids = new long[INITIAL];
    }
  }

  long[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}
