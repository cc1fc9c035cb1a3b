package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Objects that were marked and are to be scanned, for {@link RootMarking}. They are scanned some at
 * a time, the newest first: all is read of a {@link GrayBatch} before any of it is looked at, and
 * all references of it are found before the first is marked. Which of them were marked before is
 * not to be predicted, so they are told apart without a branch.
 *
 * <p>Its size is fixed: what it has no room for stays gray. Thread rule: as the heap.
 */
final class GrayQueue {

  private static final int CAPACITY = 4096;

  /** So many references are found before they are marked, at most. */
  private static final int FOUND = 16 * GrayBatch.SHORT;

  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final RootMarking marking;
  private final GrayBatch batch;
  private final long[] headers; // of the batch

  private final int[] ids = new int[CAPACITY + 1]; // one is written behind the last
  private final int[] found = new int[FOUND];
  private int size;
  private int foundCount;
  private boolean leavesKnown;

  /** Not a constant for the compiler, see {@link RootMarking}. */
  private long step = Integer.BYTES;

  GrayQueue(ConfinedHeap heap, RootMarking marking) {
    this.store = heap.store();
    this.space = store.space;
    this.sides = store.sides;
    this.marking = marking;
    this.batch = new GrayBatch(store);
    this.headers = batch.headers;
  }

  /** Forgets all, as marking may end while some are left. */
  void clear() {
    size = 0;
    foundCount = 0;
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
    marked[0] |= 1; // null references
    while (size > 0) {
      int count = batch.take(ids, size);
      size -= count;
      for (int i = 0; i < count; i++) {
        headers[i] = memory.get(ObjectStore.LONG, batch.offset(i));
      }
      batch.look(count, memory);
      for (int i = 0; i < count; i++) {
        scan(i, memory, marked);
      }
      reachFound(marked);
    }
  }

  private void scan(int index, MemorySegment memory, long[] marked) {
    int count = batch.counts[index];
    if (count > GrayBatch.SHORT) {
      scanRare(index, memory, marked);
      return;
    }
    if (foundCount + count > FOUND) {
      reachFound(marked);
    }
    int[] found = this.found;
    int behindFound = foundCount;
    long step = this.step;
    long at = batch.starts[index];
    for (long behind = at + 4L * count; at < behind; at += step) {
      found[behindFound++] = memory.get(ObjectStore.INT, at);
    }
    foundCount = behindFound;
  }

  private void scanRare(int index, MemorySegment memory, long[] marked) {
    int count = batch.counts[index];
    if (count == GrayBatch.OTHER) {
      int id = batch.ids[index];
      marking.scanOther(id, batch.offset(index), store.info(batch.headers[index]));
      return;
    }
    long start = batch.starts[index];
    for (int i = 0; i < count; i++) {
      if (foundCount == FOUND) {
        reachFound(marked);
      }
      found[foundCount++] = memory.get(ObjectStore.INT, start + 4L * i);
    }
  }

  /** Marks what was found, and keeps what is to be scanned. */
  private void reachFound(long[] marked) {
    int[] found = this.found;
    int fresh = 0;
    int count = foundCount;
    for (int i = 0; i < count; i++) {
      int child = found[i];
      int word = child >>> 6;
      long there = marked[word];
      marked[word] = there | 1L << child;
      found[fresh] = child;
      fresh += (int) (~there >>> child) & 1;
    }
    foundCount = 0;
    keep(Math.min(fresh, CAPACITY - size));
  }

  /** Keeps so many of those that were found, but objects without references. */
  private void keep(int count) {
    SideTables sides = this.sides;
    int[] found = this.found;
    int[] ids = this.ids;
    int size = this.size;
    int map = leavesKnown ? SidePage.TRACKED : SidePage.LIVE;
    for (int i = 0; i < count; i++) {
      int child = found[i];
      long[] bits = sides.page(child).bits;
      int word = child >>> 6 & SidePage.WORDS - 1;
      long kept = bits[map + word] & 1L << child;
      bits[RootMarking.SCANNED + word] |= kept;
      ids[size] = child;
      size += (int) (kept >>> child) & 1;
    }
    this.size = size;
  }
}
