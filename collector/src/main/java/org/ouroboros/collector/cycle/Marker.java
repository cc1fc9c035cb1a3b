package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Marks those members of the {@link TrashSet} that can be reached through members from what was
 * marked first.
 *
 * <p>Depth first, with a stack of objects to be scanned; large objects are scanned in pieces. The
 * stack grows, but need not: what does not fit is left out, and found again by {@link #finish}
 * among the marked objects. So marking needs no memory beyond what it began with.
 *
 * <p>Thread rule: as the heap.
 */
final class Marker {

  private static final int FIRST_CAPACITY = 1 << 10;

  /** A stack that has grown larger than this is not kept for the next collection. */
  private static final int KEPT_CAPACITY = 1 << 16;

  /** How many references of an object are scanned at a time. */
  private static final int PIECE = 1 << 10;

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final TrashSet set;

  /** Ids in the low half, the first reference to be scanned in the high half. */
  private long[] stack = new long[FIRST_CAPACITY];

  private int size;
  private boolean overflown;
  private boolean failed;

  Marker(ConfinedHeap heap, TrashSet set) {
    this.heap = heap;
    this.store = heap.store();
    this.space = store.space;
    this.sides = store.sides;
    this.set = set;
  }

  /** Begins anew. The marks of the set's pages have been cleared. */
  void begin() {
    size = 0;
    overflown = false;
    failed = false;
    if (stack.length > KEPT_CAPACITY) {
      stack = new long[FIRST_CAPACITY];
    }
  }

  /** Whether references outside the slots could not be followed, so that the marks mean nothing. */
  boolean hasFailed() {
    return failed;
  }

  /** Marks an object, if it is none of those to be left alone, and all that it leads to. */
  void mark(int id) {
    add(id);
    drain();
  }

  /** Marks an object, to be scanned later. */
  void add(int id) {
    long[] marked = sides.marks.marked();
    long bit = 1L << id;
    if ((marked[id >>> 6] & bit) != 0 || !set.has(id)) {
      return;
    }
    marked[id >>> 6] |= bit;
    push(Integer.toUnsignedLong(id));
  }

  private void push(long entry) {
    if (size < stack.length || grow()) {
      stack[size++] = entry;
    } else {
      overflown = true;
    }
  }

  private boolean grow() {
    try {
      store.faults.request("the mark stack", 2L * stack.length * Long.BYTES);
      stack = Arrays.copyOf(stack, 2 * stack.length);
      return true;
    } catch (AllocationFailedException | OutOfMemoryError e) {
      return false;
    }
  }

  /** Scans until nothing is left to be scanned. */
  void drain() {
    while (size > 0) {
      long entry = stack[--size];
      scan((int) entry, (int) (entry >>> 32));
    }
  }

  /** Marks what an object refers to. */
  void scan(int id) {
    scan(id, 0);
    drain();
  }

  private void scan(int id, int from) {
    MemorySegment memory = space.memory();
    long object = space.offset(id);
    TypeInfo info = store.info(store.header(id));
    if (!info.hasEdges) {
      return;
    }
    int count = info.type.isOpaque() ? 0 : info.references(memory, object);
    int end = from + Math.min(count - from, PIECE);
    if (end < count) {
      push(Integer.toUnsignedLong(id) | (long) end << 32);
    }
    for (int i = from; i < end; i++) {
      int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
      if (child != 0) {
        add(child);
      }
    }
    if (info.custom != null && from == 0) {
      failed |= !heap.hooks().traverse(id, info.custom, this::addReference);
    }
  }

  private void addReference(long ref) {
    if (ref != 0) {
      add(heap.liveId(ref));
    }
  }

  /** Scans what did not fit on the stack. To be called when all roots have been marked. */
  void finish() {
    drain();
    while (overflown) {
      overflown = false;
      for (int p = 0; p < set.pages(); p++) {
        scanMarked(set.page(p));
      }
    }
  }

  private void scanMarked(SidePage page) {
    long[] marked = sides.marks.marked();
    for (int w = 0; w < SidePage.WORDS; w++) {
      long rest = marked[(page.firstId >>> 6) + w] & page.bits[SidePage.LIVE + w];
      for (; rest != 0; rest &= rest - 1) {
        scan(page.firstId + (w << 6) + Long.numberOfTrailingZeros(rest));
      }
    }
  }
}
