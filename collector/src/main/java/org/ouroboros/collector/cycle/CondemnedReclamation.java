package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Counts;
import org.ouroboros.collector.heap.Death;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.heap.WeakTable;
import org.ouroboros.collector.space.CycleMarks;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.MarkWords;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Frees in small steps what an incremental collection has condemned, where nobody has to be told.
 * Three passes over the pages, by a page, a word of ids, or a piece of a large array at a time:
 *
 * <ol>
 *   <li><b>Survey:</b> counts the condemned objects, and looks whether any of them needs more than
 *       its memory to be taken back: a finalizer, weak references, and so on.
 *   <li><b>Sever:</b> takes back their references to objects that stay, some of which may die.
 *   <li><b>Reclaim:</b> takes back their memory. Only then can their places be used again, when no
 *       condemned object is to be severed any more that names them.
 * </ol>
 *
 * <p>The program goes on in between. It cannot reach a condemned object, and what it makes is
 * marked, so that what is condemned stays the same.
 *
 * <p>Needs no memory. Thread rule: as the heap.
 */
final class CondemnedReclamation {

  /** How many references of an object are severed at a time. */
  private static final int PIECE = 2048;

  /** So many objects are severed in a step, and up to a word's more. */
  private static final int ENOUGH = 64;

  /** What has any of these needs more than its memory to be taken back. */
  private static final long SPECIAL =
      Header.SPECIAL_DEATH | Header.OVERFLOWN | Header.OPAQUE | Header.HELD;

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final CycleMarks marks;
  private final Counts counts;
  private final Death death;
  private final boolean told;
  private final boolean paged;

  /** See {@link RootMarking}: not a constant for the compiler. */
  private long step = Integer.BYTES;

  private int at;
  private int word;
  private int end;
  private int large;
  private int largeFrom;
  private long tracked;
  private long all;
  private boolean looks;
  private boolean special;
  private boolean leavesKnown;

  CondemnedReclamation(ConfinedHeap heap) {
    this.heap = heap;
    this.store = heap.store();
    this.space = store.space;
    this.sides = store.sides;
    this.marks = sides.cycleMarks;
    this.counts = heap.counts();
    this.death = heap.death();
    this.told = heap.options().freeListener() != null;
    this.paged = space.isPaged();
  }

  /**
   * Begins with what was condemned now.
   *
   * @param end pages below may have some
   * @param headers those of all objects of the heap, by or
   * @param leavesKnown whether objects that are not tracked have no references
   */
  void begin(int end, long headers, boolean leavesKnown) {
    this.end = end;
    this.leavesKnown = leavesKnown;
    rewind();
    large = 0;
    tracked = 0;
    all = 0;
    special = told;
    looks = Header.has(headers, SPECIAL) || heap.weakTable().isUsed();
  }

  /** Begins the next pass. */
  void rewind() {
    at = 0;
    word = 0;
  }

  /** How many tracked objects the survey has found. */
  long tracked() {
    return tracked;
  }

  /** Whether it has found any object. */
  boolean isAny() {
    return all > 0;
  }

  /** Whether it has found any that needs more than its memory to be taken back. */
  boolean isSpecial() {
    return special;
  }

  // -------------------------------------------------------------------------- survey

  /** Surveys a page; returns whether it was the last. */
  boolean survey() {
    SidePage page = at < end ? sides.at(at) : null;
    for (int w = 0; page != null && w < SidePage.WORDS; w++) {
      long condemned = marks.condemned(page, w);
      all += Long.bitCount(condemned);
      tracked += Long.bitCount(condemned & page.bits[SidePage.TRACKED + w]);
      for (long rest = looks ? condemned : 0; rest != 0; rest &= rest - 1) {
        long header = store.header(page.firstId + (w << 6) + Long.numberOfTrailingZeros(rest));
        special |= Header.has(header, SPECIAL) || WeakTable.isWeak(header);
      }
    }
    return ++at >= end;
  }

  // --------------------------------------------------------------------------- sever

  /** Severs the objects of a word, or a piece of an object; returns whether all are severed. */
  boolean sever() {
    if (large != 0) {
      severPiece();
      return false;
    }
    SidePage page = at < end ? sides.at(at) : null;
    for (int objects = 0; page != null && word < SidePage.WORDS; word++) {
      if (objects >= ENOUGH) {
        return false;
      }
      long condemned = marks.condemned(page, word);
      condemned &= leavesKnown ? page.bits[SidePage.TRACKED + word] : -1;
      if (condemned != 0) {
        objects += Long.bitCount(condemned);
        if (!sever(page.firstId + (word << 6), condemned)) {
          return false;
        }
      }
    }
    word = 0;
    return ++at >= end;
  }

  /** Returns false where a large object is to be severed first; its word comes again then. */
  private boolean sever(int firstId, long objects) {
    long[] shapes = store.edges();
    for (long rest = objects; rest != 0; rest &= rest - 1) {
      int id = firstId + Long.numberOfTrailingZeros(rest);
      if (!marks.isScanned(id)) { // else it is a large one that was severed before
        MemorySegment memory = space.memory();
        long object = offset(id);
        long header = memory.get(ObjectStore.LONG, object);
        long edges = shapes[Header.type(header)];
        if ((edges & (TypeInfo.ROW | TypeInfo.TAILED)) == TypeInfo.ROW
            && TypeInfo.rowCount(edges) <= PIECE) {
          severRow(memory, object + TypeInfo.rowStart(edges), TypeInfo.rowCount(edges));
          continue;
        }
        TypeInfo info = store.info(header);
        int count = info.hasSlots ? info.references(memory, object) : 0;
        if (count > PIECE) {
          large = id;
          largeFrom = 0;
          return false;
        }
        sever(object, info, 0, count);
      }
    }
    return true;
  }

  /** Severs an object without a tail; most of what it refers to is condemned as well. */
  private void severRow(MemorySegment memory, long first, int count) {
    long[][] marked = marks.marked().chunks();
    long step = this.step;
    long last = first + 4L * count;
    for (long at = first; at < last; at += step) {
      int child = memory.get(ObjectStore.INT, at);
      long word = marked[child >>> MarkWords.ID_SHIFT][child >>> 6 & MarkWords.MASK];
      if ((word & 1L << child) != 0 && child != 0) {
        drop(at, child);
      }
    }
  }

  private void drop(long slot, int child) {
    space.memory().set(ObjectStore.INT, slot, 0);
    if (counts.dropInternal(child)) {
      death.kill(child);
    }
  }

  private void severPiece() {
    MemorySegment memory = space.memory();
    long object = offset(large);
    TypeInfo info = store.info(memory.get(ObjectStore.LONG, object));
    int count = info.references(memory, object);
    int to = (int) Math.min((long) largeFrom + PIECE, count);
    sever(object, info, largeFrom, to);
    largeFrom = to;
    if (to == count) {
      marks.setScanned(large);
      large = 0;
    }
  }

  private void sever(long object, TypeInfo info, int from, int to) {
    for (int i = from; i < to; i++) {
      MemorySegment memory = space.memory();
      long slot = object + info.slotOffset(i);
      int child = memory.get(ObjectStore.INT, slot);
      // condemned targets keep their counts: nobody looks at them any more
      if (child != 0 && marks.isMarked(child)) {
        drop(slot, child);
      }
    }
  }

  // ------------------------------------------------------------------------- reclaim

  /** Takes back the memory of a page's objects; returns whether it was the last. */
  boolean reclaim() {
    SidePage page = at < end ? sides.at(at) : null;
    if (page != null) {
      if (store.freesAtOnce()) {
        reclaimAtOnce(page);
      } else {
        reclaimEach(page);
      }
    }
    return ++at >= end;
  }

  private void reclaimAtOnce(SidePage page) {
    MemorySegment memory = space.memory();
    long any = 0;
    for (int w = 0; w < SidePage.WORDS; w++) {
      long condemned = marks.condemned(page, w);
      any |= condemned;
      page.bits[SidePage.TRASH + w] = condemned;
      for (long rest = condemned; rest != 0; rest &= rest - 1) {
        int id = page.firstId + (w << 6) + Long.numberOfTrailingZeros(rest);
        memory.set(ObjectStore.LONG, offset(id), 0);
      }
    }
    if (any != 0) {
      store.freeCondemned(page);
    }
  }

  private void reclaimEach(SidePage page) {
    for (int w = 0; w < SidePage.WORDS; w++) {
      for (long rest = marks.condemned(page, w); rest != 0; rest &= rest - 1) {
        int id = page.firstId + (w << 6) + Long.numberOfTrailingZeros(rest);
        counts.condemn(id);
        heap.forget(id);
        sides.died(id);
        store.freeCondemned(id);
      }
    }
  }

  private long offset(int id) {
    return paged ? Integer.toUnsignedLong(id) << 4 : space.offset(id);
  }
}
