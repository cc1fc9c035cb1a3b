package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.MarkBits;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Marks all that can be reached from a root: an object with an external count, one that is held, a
 * frozen one, or one that is being taken apart.
 *
 * <p>A marked object that was not scanned is <i>gray</i>. One sweep over the heap, in the order of
 * addresses, looks at all headers, since they tell the roots, and scans the objects that are marked
 * when it comes to them: memory is read in order, while the marks, a bit for each 16 bytes, stay in
 * the cache. What is gray after that goes through a {@link GrayQueue}, which follows references
 * from object to object; what it has no room for stays gray, and is found again by looking through
 * the marks. So marking needs no memory.
 *
 * <p>When all objects are marked, marking ends, be they scanned or not. So where few objects hold
 * all others, as a table does, it reads little more than those.
 *
 * <p>Thread rule: as the heap.
 */
final class RootMarking {

  /** Objects that were scanned: the set the collection works on is only found after marking. */
  static final int SCANNED = SidePage.TRASH;

  /** Pages with no more objects than this are swept first: large arrays reach much. */
  private static final int FEW = 8;

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final boolean paged;
  private final GrayQueue queue;
  private final ParallelMarking parallel;

  private long[] marked = new long[0];
  private long headers;
  private boolean failed;

  private boolean leavesKnown;

  /** So many pages from the first on are known to have marked objects only. */
  private int pagesAllMarked;

  /**
   * The bytes of a reference. Not a constant for the compiler, which would take the short loop over
   * an object's references for one worth unrolling, and compute its bounds for longer than it runs.
   */
  private long step = Integer.BYTES;

  RootMarking(ConfinedHeap heap) {
    this(heap, heap.options().markingThreads());
  }

  RootMarking(ConfinedHeap heap, int threads) {
    this.heap = heap;
    this.store = heap.store();
    this.space = store.space;
    this.sides = store.sides;
    this.paged = space.isPaged();
    this.queue = new GrayQueue(heap, this);
    this.parallel = new ParallelMarking(heap, threads);
  }

  /**
   * Marks. The set the collection works on has no members: its bits are used meanwhile, and are to
   * be set anew.
   *
   * @return false if a traversal failed: the marks mean nothing then
   */
  boolean run() {
    MarkBits marks = sides.marks;
    marks.clearAll(sides.end());
    marked = marks.marked();
    queue.clear();
    headers = 0;
    failed = false;
    pagesAllMarked = 0;
    leavesKnown = !store.hasUntrackedEdges() && heap.death().isIdle();
    sides.setMarking(true);
    try {
      sweepLargeObjects();
      if (!parallel.isWorthIt() || !markInParallel()) {
        sweepRoots();
      }
      heap.death().visitUnfinished(this::mark);
      scanGray();
    } finally {
      sides.setMarking(false);
    }
    marked[0] &= ~1L; // by null references
    return !failed;
  }

  /**
   * Sweeps a page, so that all threads have what the first objects lead to, and lets them do the
   * rest.
   *
   * @return false if one thread is to sweep all pages but those of large objects
   */
  private boolean markInParallel() {
    int swept = 0;
    for (boolean found = false; !found && swept < sides.end(); swept++) {
      SidePage page = sides.at(swept);
      if (page != null && !hasFew(page) && !isAllMarked(page, marked)) {
        sweepRoots(page, space.memory(), marked);
        found = true;
      }
    }
    if (isAllMarked()) {
      return true;
    }
    if (parallel.run(marked, leavesKnown, swept)) {
      headers |= parallel.headers();
      return true;
    }
    sides.marks.clearAll(sides.end());
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      if (page != null) {
        page.clearAll(SCANNED);
      }
    }
    pagesAllMarked = 0;
    sweepLargeObjects();
    return false;
  }

  ParallelMarking parallel() {
    return parallel;
  }

  /** All headers of the heap as one, by or. */
  long headers() {
    return headers;
  }

  /** Whether all objects with references to be followed are tracked. */
  boolean leavesAreKnown() {
    return leavesKnown;
  }

  // ------------------------------------------------------------------ the first sweep

  private void sweepLargeObjects() {
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      if (page != null && hasFew(page)) {
        sweepRoots(page, space.memory(), marked);
      }
    }
  }

  private void sweepRoots() {
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      if (page != null && !hasFew(page) && !isAllMarked(page, marked)) {
        sweepRoots(page, space.memory(), marked);
      }
    }
  }

  /** Whether every object of the heap is marked. Cost: looks at each page once while that holds. */
  private boolean isAllMarked() {
    while (pagesAllMarked < sides.end()) {
      SidePage page = sides.at(pagesAllMarked);
      if (page != null && !isAllMarked(page, marked)) {
        return false;
      }
      pagesAllMarked++;
    }
    return true;
  }

  private static boolean isAllMarked(SidePage page, long[] marks) {
    long[] bits = page.bits;
    int base = page.firstId >>> 6;
    for (int w = 0; w < SidePage.WORDS; w++) {
      if ((bits[SidePage.LIVE + w] & ~marks[base + w]) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a page has so few objects that they may be large arrays, which reach much. */
  static boolean hasFew(SidePage page) {
    long[] bits = page.bits;
    int count = 0;
    for (int w = 0; w < SidePage.WORDS; w++) {
      count += Long.bitCount(bits[SidePage.LIVE + w]);
    }
    return count <= FEW;
  }

  private void sweepRoots(SidePage page, MemorySegment memory, long[] marks) {
    if (!paged) {
      sweepRootsOneByOne(page, memory, marks);
      return;
    }
    long[] shapes = store.edges();
    long[] bits = page.bits;
    long step = this.step;
    boolean leavesKnown = this.leavesKnown;
    int base = page.firstId >>> 6;
    long all = 0;
    for (int w = 0; w < SidePage.WORDS; w++) {
      long live = bits[SidePage.LIVE + w];
      if (live == 0) {
        continue;
      }
      marks[base + w] |= page.frozen(w);
      long leaves = leavesKnown ? live & ~bits[SidePage.TRACKED + w] : 0;
      long done = 0;
      long others = 0;
      long start = (long) (base + w) << 10;
      for (long rest = live & ~leaves; rest != 0; rest &= rest - 1) {
        long object = start + ((long) Long.numberOfTrailingZeros(rest) << 4);
        long header = memory.get(ObjectStore.LONG, object);
        all |= header;
        if ((header & Header.ROOT) == 0 && (marks[base + w] & rest & -rest) == 0) {
          continue;
        }
        done |= rest & -rest;
        long edges = shapes[Header.type(header)];
        int count = TypeInfo.rowCount(edges);
        if ((edges & TypeInfo.TAILED) != 0) {
          count += memory.get(ObjectStore.INT, object + TypeInfo.LENGTH);
        }
        if ((edges & TypeInfo.ROW) == 0 || count > GrayBatch.SHORT) {
          others |= rest & -rest;
          continue;
        }
        long first = object + TypeInfo.rowStart(edges);
        long end = first + 4L * count;
        for (long at = first; at < end; at += step) {
          int child = memory.get(ObjectStore.INT, at);
          int word = child >>> 6;
          long there = marks[word];
          if ((there & 1L << child) == 0) {
            marks[word] = there | 1L << child;
          }
        }
      }
      for (long rest = leaves & ~marks[base + w]; rest != 0; rest &= rest - 1) {
        long object = start + ((long) Long.numberOfTrailingZeros(rest) << 4);
        long header = memory.get(ObjectStore.LONG, object);
        all |= header;
        if ((header & Header.ROOT) != 0) {
          done |= rest & -rest;
        }
      }
      marks[base + w] |= done;
      bits[SCANNED + w] |= done;
      if (others != 0) {
        scanEach(base + w, others);
      }
    }
    headers |= all;
  }

  private void sweepRootsOneByOne(SidePage page, MemorySegment memory, long[] marks) {
    int base = page.firstId >>> 6;
    for (int w = base; w < base + SidePage.WORDS; w++) {
      marks[w] |= page.frozen(w - base);
      for (long rest = page.bits[SidePage.LIVE + w - base]; rest != 0; rest &= rest - 1) {
        int id = (w << 6) + Long.numberOfTrailingZeros(rest);
        long header = memory.get(ObjectStore.LONG, offset(id));
        headers |= header;
        if ((header & Header.ROOT) != 0 || (marks[w] & rest & -rest) != 0) {
          marks[w] |= rest & -rest;
          page.bits[SCANNED + w - base] |= rest & -rest;
          scan(id, space.memory(), marks);
        }
      }
    }
  }

  private void scanEach(int word, long objects) {
    for (long rest = objects; rest != 0; rest &= rest - 1) {
      scan((word << 6) + Long.numberOfTrailingZeros(rest), space.memory(), marked);
    }
  }

  private long offset(int id) {
    return paged ? Integer.toUnsignedLong(id) << 4 : space.offset(id);
  }

  // ------------------------------------------------------------------ the other ones

  private void scanGray() {
    boolean found = true;
    while (found) {
      found = false;
      for (int p = 0; p < sides.end(); p++) {
        if (isAllMarked()) {
          return;
        }
        SidePage page = sides.at(p);
        if (page != null) {
          found |= scanGray(page, marked);
        }
      }
      queue.drain(marked);
    }
  }

  private boolean scanGray(SidePage page, long[] marks) {
    long[] bits = page.bits;
    int base = page.firstId >>> 6;
    int map = leavesKnown ? SidePage.TRACKED : SidePage.LIVE;
    boolean found = false;
    for (int w = 0; w < SidePage.WORDS; w++) {
      long gray = marks[base + w] & ~bits[SCANNED + w] & bits[map + w];
      if (gray != 0) {
        bits[SCANNED + w] |= gray;
        found = true;
        queue.addAll(base + w, gray);
        if (queue.isFilled()) {
          queue.drain(marks);
        }
      }
    }
    return found;
  }

  // ------------------------------------------------------------------- one object

  private void scan(int id, MemorySegment memory, long[] marks) {
    long object = offset(id);
    long header = memory.get(ObjectStore.LONG, object);
    long edges = store.edges()[Header.type(header)];
    if ((edges & TypeInfo.ROW) == 0) {
      scanOther(id, object, store.info(header));
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
      long marksThere = marks[word];
      if ((marksThere & 1L << child) == 0) {
        marks[word] = marksThere | 1L << child;
      }
    }
  }

  /** Scans an object whose references are not in a row, or not all in slots. */
  void scanOther(int id, long object, TypeInfo info) {
    MemorySegment memory = space.memory();
    int count = info.type.isOpaque() ? 0 : info.references(memory, object);
    for (int i = 0; i < count; i++) {
      mark(memory.get(ObjectStore.INT, object + info.slotOffset(i)));
    }
    if (info.custom != null) {
      failed |= !heap.hooks().traverse(id, info.custom, this::markReference);
    }
  }

  private void markReference(long ref) {
    if (ref != 0) {
      mark(heap.liveId(ref));
    }
  }

  private void mark(int id) {
    marked[id >>> 6] |= 1L << id;
  }
}
