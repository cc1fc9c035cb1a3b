package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;

/**
 * Some objects that are to be scanned, read together: their headers, then how many references they
 * have, where these are, and the last of them. No load waits for one of another object, so the
 * processor waits for many places of memory at once and not for one after the other. The last
 * reference is read because an object may lie across two lines of the cache.
 *
 * <p>Thread rule: one thread at a time.
 */
final class GrayBatch {

  /** How many objects. */
  static final int SIZE = 64;

  /** Objects with more references than this are scanned apart, in a loop for many. */
  static final int SHORT = 64;

  /** The count of an object whose references are not in a row. */
  static final int OTHER = Integer.MAX_VALUE;

  final int[] ids = new int[SIZE];
  final long[] headers = new long[SIZE];

  /** Where the references of each object begin. */
  final long[] starts = new long[SIZE];

  /** How many references each has, or {@link #OTHER}. */
  final int[] counts = new int[SIZE];

  /** Stored so that they are read. */
  private final int[] lasts = new int[SIZE];

  private final ObjectStore store;
  private final ObjectSpace space;
  private final boolean paged;

  GrayBatch(ObjectStore store) {
    this.store = store;
    this.space = store.space;
    this.paged = space.isPaged();
  }

  /**
   * Takes the last ids of a stack.
   *
   * @param size how many there are on it
   * @return how many were taken
   */
  int take(int[] stack, int size) {
    int count = Math.min(size, SIZE);
    System.arraycopy(stack, size - count, ids, 0, count);
    return count;
  }

  /**
   * Learns where the references of so many objects are. Their {@link #headers} were read before, in
   * a loop of the caller's: here, in a method that the compiler does not inline, that loop was a
   * third slower.
   */
  void look(int size, MemorySegment memory) {
    long[] shapes = store.edges();
    for (int i = 0; i < size; i++) {
      long object = offset(i);
      long edges = shapes[Header.type(headers[i])];
      int count = TypeInfo.rowCount(edges);
      if ((edges & TypeInfo.TAILED) != 0) {
        count += memory.get(ObjectStore.INT, object + TypeInfo.LENGTH);
      }
      long start = object + TypeInfo.rowStart(edges);
      if ((edges & TypeInfo.ROW) == 0) {
        count = OTHER;
      } else {
        lasts[i] = memory.get(ObjectStore.INT, start + 4L * count - 4); // or before the first
      }
      starts[i] = start;
      counts[i] = count;
    }
  }

  /** Where an object begins. */
  long offset(int index) {
    int id = ids[index];
    return paged ? Integer.toUnsignedLong(id) << 4 : space.offset(id);
  }
}
