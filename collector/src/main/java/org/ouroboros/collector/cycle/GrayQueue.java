package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Objects that were marked and are to be scanned, for {@link RootMarking}. They are scanned some at
 * a time, the newest first: the headers of all of them are read before any is looked at, so that
 * the processor waits for many places of memory at once and not for one after the other.
 *
 * <p>Its size is fixed: what it has no room for stays gray. Thread rule: as the heap.
 */
final class GrayQueue {

  private static final int CAPACITY = 4096;
  private static final int BATCH = 64;

  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final RootMarking marking;
  private final boolean paged;

  private final int[] ids = new int[CAPACITY];
  private final int[] batch = new int[BATCH];
  private final long[] headers = new long[BATCH];
  private int size;
  private boolean leavesKnown;

  GrayQueue(ConfinedHeap heap, RootMarking marking) {
    this.store = heap.store();
    this.space = store.space;
    this.sides = store.sides;
    this.marking = marking;
    this.paged = space.isPaged();
  }

  /** Forgets all, as marking may end while some are left. */
  void clear() {
    size = 0;
  }

  /** Adds the objects of a word of marks. There must be room for them: it is not filled. */
  void addAll(int word, long objects) {
    for (long rest = objects; rest != 0; rest &= rest - 1) {
      ids[size++] = (word << 6) + Long.numberOfTrailingZeros(rest);
    }
  }

  /** Whether it is time to scan. */
  boolean isFilled() {
    return size > CAPACITY / 4;
  }

  /** Scans until it is empty. */
  void drain(long[] marked) {
    leavesKnown = marking.leavesAreKnown();
    MemorySegment memory = space.memory();
    while (size > 0) {
      int count = Math.min(size, BATCH);
      size -= count;
      System.arraycopy(ids, size, batch, 0, count);
      for (int i = 0; i < count; i++) {
        headers[i] = memory.get(ObjectStore.LONG, offset(batch[i]));
      }
      for (int i = 0; i < count; i++) {
        scan(batch[i], headers[i], memory, marked);
      }
    }
  }

  private long offset(int id) {
    return paged ? Integer.toUnsignedLong(id) << 4 : space.offset(id);
  }

  private void scan(int id, long header, MemorySegment memory, long[] marked) {
    long object = offset(id);
    long edges = store.edges()[Header.type(header)];
    if ((edges & TypeInfo.ROW) == 0) {
      marking.scanOther(id, object, store.info(header));
      return;
    }
    int count = TypeInfo.rowCount(edges);
    if ((edges & TypeInfo.TAILED) != 0) {
      count += memory.get(ObjectStore.INT, object + TypeInfo.LENGTH);
    }
    long first = object + TypeInfo.rowStart(edges);
    for (int i = 0; i < count; i++) {
      int child = memory.get(ObjectStore.INT, first + 4L * i);
      int word = child >>> 6;
      long bit = 1L << child;
      if ((marked[word] & bit) == 0 && child != 0) {
        marked[word] |= bit;
        SidePage page = sides.page(child);
        if (size < CAPACITY && (!leavesKnown || page.has(SidePage.TRACKED, child))) {
          ids[size++] = child;
          page.set(RootMarking.SCANNED, child);
        }
      }
    }
  }
}
