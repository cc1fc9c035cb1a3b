package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.CycleMarks;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.MarkWords;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Marks in small steps all that can be reached from a root, while the program goes on between the
 * steps and tells {@link CycleMarks} what it stores.
 *
 * <p>First the pages are swept in the order of addresses: the headers tell the roots, and what is
 * marked by then is scanned. References to pages that come later need no more than the mark. All
 * others put their target on the stack, which is emptied after that, in batches whose headers are
 * loaded together. What becomes a root after its page was swept is shaded by who makes it one.
 *
 * <p>A step is some words of a page's ids, a batch, or a piece of a large array, microseconds; but
 * the last one asks all objects with {@link CustomReferences} once more.
 *
 * <p>In a shared heap {@link #markBeside} is for a thread that holds the lock while others are
 * inside. Then neither side bits nor types change, and a place is used again for objects of its
 * type and size only; so whatever a slot is read as is null or the id of a place. If its object has
 * died since, the mark is of no use, or is that of an object that was made there since and is
 * black.
 *
 * <p>Thread rule: as the heap.
 */
final class IncrementalMarking {

  private static final int BATCH = 16;

  /** Objects with more references than this are scanned in pieces. */
  private static final int PIECE = 4096;

  /** So many objects are swept in a step, and up to a word's more. */
  private static final int ENOUGH = 128;

  /** Objects with more references than this are not scanned in the loop of the sweep. */
  private static final int SHORT = 64;

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final CycleMarks marks;
  private final boolean paged;

  /** See {@link RootMarking}: not a constant for the compiler. */
  private long step = Integer.BYTES;

  private final int[] batch = new int[BATCH];
  private final long[] headers = new long[BATCH];

  /** Words of ids below were swept; references into them, and the one at it, go on the stack. */
  private int swept;

  private int end;

  /** Pages below were looked through since the stack last had no room; {@link #end} if it had. */
  private int searched;

  /** A large object that is being scanned, and how much of it was; 0 if there is none. */
  private int large;

  private int largeFrom;

  private long allHeaders;
  private boolean leavesKnown;
  private boolean failed;

  /** Whether objects may be asked for references outside their slots: no thread is inside. */
  private boolean asks;

  IncrementalMarking(ConfinedHeap heap) {
    this.heap = heap;
    this.store = heap.store();
    this.space = store.space;
    this.sides = store.sides;
    this.marks = sides.cycleMarks;
    this.paged = space.isPaged();
  }

  /** Begins anew, with nothing marked. */
  void begin() {
    swept = 0;
    end = sides.end();
    searched = end;
    large = 0;
    allHeaders = 0;
    failed = false;
    leavesKnown = !store.hasUntrackedEdges();
  }

  /**
   * Does a step.
   *
   * @return whether all is done
   */
  boolean advance() {
    asks = true;
    return advanceBeside() && askAgain();
  }

  /**
   * Does a step while threads of a shared heap may be inside operations: asks no object for
   * references outside its slots. The caller holds the heap's lock.
   *
   * @return whether nothing gray was found; what threads have shaded just now may be overlooked
   */
  boolean markBeside() {
    asks = false;
    return advanceBeside();
  }

  private boolean advanceBeside() {
    if (large != 0) {
      scanPiece();
    } else if (swept < end * SidePage.WORDS) {
      sweepSome();
    } else if (!marks.isStackEmpty()) {
      scanBatch();
    } else if (searched < end) {
      pushGray(sides.at(searched++));
    } else if (marks.takeOverflown()) {
      searched = 0;
    } else {
      int page = marks.takeShaded();
      if (page < 0) {
        return true;
      }
      pushGray(sides.at(page));
    }
    return false;
  }

  /** Pages below may have condemned objects. */
  int end() {
    return end;
  }

  /** The headers of all objects as their pages were swept, by or. */
  long headers() {
    return allHeaders;
  }

  /** Whether references outside the slots could not be followed, so that the marks mean nothing. */
  boolean hasFailed() {
    return failed || marks.isAskedLost();
  }

  /** Whether objects that are not tracked have no references. */
  boolean leavesAreKnown() {
    return leavesKnown;
  }

  // ------------------------------------------------------------------------ steps

  /** Sweeps the next words of a page, until {@link #ENOUGH} objects were looked at, or more. */
  private void sweepSome() {
    SidePage page = sides.at(swept / SidePage.WORDS);
    if (page == null) {
      swept += SidePage.WORDS;
      return;
    }
    boolean beside = store.isShared();
    int last = swept | SidePage.WORDS - 1;
    for (int objects = 0; objects < ENOUGH && swept <= last; swept++) {
      int w = swept & SidePage.WORDS - 1;
      long live = page.bits[SidePage.LIVE + w];
      if (live != 0) {
        objects += Long.bitCount(live);
        if (beside) {
          sweepBeside(page, w, swept);
        } else {
          sweep(page, w, swept);
        }
      }
    }
  }

  /** The same, where others set marks meanwhile. */
  private void sweepBeside(SidePage page, int w, int word) {
    MemorySegment memory = space.memory();
    marks.mark(word, page.frozen(w));
    long rest = page.bits[SidePage.LIVE + w] & ~marks.scanned().get(word);
    for (; rest != 0; rest &= rest - 1) {
      int id = (word << 6) + Long.numberOfTrailingZeros(rest);
      long object = offset(id);
      long header = memory.get(ObjectStore.LONG, object);
      allHeaders |= header;
      if ((header & Header.ROOT) != 0 || marks.isMarked(id)) {
        marks.mark(word, rest & -rest);
        scan(id, object, header, memory);
      }
    }
  }

  /** Scans what is marked of a word, and roots; what they reach there behind them comes in turn. */
  private void sweep(SidePage page, int w, int word) {
    MemorySegment memory = space.memory();
    long[] shapes = store.edges();
    long[][] marked = marks.marked().chunks();
    long[] own = marks.marked().chunk(word);
    int ownIndex = word & MarkWords.MASK;
    long step = this.step;
    long all = 0;
    // in a variable: most references lead near, and what was just stored is slow to load again
    long here = own[ownIndex] | page.frozen(w);
    long done = 0;
    long rest = page.bits[SidePage.LIVE + w] & ~marks.scanned().get(word);
    for (; rest != 0; rest &= rest - 1) {
      long bit = rest & -rest;
      int id = (word << 6) + Long.numberOfTrailingZeros(rest);
      long object = offset(id);
      long header = memory.get(ObjectStore.LONG, object);
      all |= header;
      if ((header & Header.ROOT) == 0 && (here & bit) == 0) {
        continue;
      }
      here |= bit;
      long edges = shapes[Header.type(header)];
      int count = TypeInfo.rowCount(edges);
      if ((edges & (TypeInfo.ROW | TypeInfo.TAILED)) != TypeInfo.ROW || count > SHORT) {
        own[ownIndex] = here;
        scan(id, object, header, memory);
        here = own[ownIndex];
        continue;
      }
      done |= bit;
      long first = object + TypeInfo.rowStart(edges);
      long last = first + 4L * count;
      long behind = Integer.toUnsignedLong(id) + 1;
      for (long at = first; at < last; at += step) {
        int child = memory.get(ObjectStore.INT, at);
        long there;
        if (child >>> 6 == word) {
          there = here;
          here |= 1L << child;
        } else {
          long[] chunk = marked[child >>> MarkWords.ID_SHIFT];
          there = chunk[child >>> 6 & MarkWords.MASK];
          chunk[child >>> 6 & MarkWords.MASK] = there | 1L << child; // not to be predicted
        }
        long passed = Integer.toUnsignedLong(child) - behind >>> 63;
        if ((passed & ~(there >>> child)) != 0) {
          pushIfScanned(child);
        }
      }
    }
    own[ownIndex] = here;
    marks.setScanned(word, done);
    allHeaders |= all;
  }

  /** Puts an object on the stack that the sweep has passed, if it may have references. */
  private void pushIfScanned(int id) {
    if (id != 0 && (!leavesKnown || sides.has(SidePage.TRACKED, id))) {
      marks.push(id);
    }
  }

  private void scanBatch() {
    MemorySegment memory = space.memory();
    int popped = marks.pop(batch);
    int count = 0;
    for (int i = 0; i < popped; i++) {
      int id = batch[i];
      if (!marks.isScanned(id) && sides.has(SidePage.LIVE, id)) {
        batch[count] = id;
        headers[count++] = memory.get(ObjectStore.LONG, offset(id));
      }
    }
    for (int i = 0; i < count; i++) {
      // the batch may have an object twice: once swept, once shaded
      if (!marks.isScanned(batch[i])) {
        scan(batch[i], offset(batch[i]), headers[i], memory);
      }
    }
  }

  private void pushGray(@Nullable SidePage page) {
    if (page == null) {
      return;
    }
    int base = page.firstId >>> 6;
    for (int w = 0; w < SidePage.WORDS; w++) {
      long gray = page.bits[SidePage.LIVE + w] & marks.marked().get(base + w);
      for (gray &= ~marks.scanned().get(base + w); gray != 0; gray &= gray - 1) {
        marks.push(page.firstId + (w << 6) + Long.numberOfTrailingZeros(gray));
      }
    }
  }

  private void scanPiece() {
    int id = large;
    if (!sides.has(SidePage.LIVE, id) || marks.isScanned(id)) {
      large = 0; // it has died
      return;
    }
    MemorySegment memory = space.memory();
    long object = offset(id);
    TypeInfo info = store.info(memory.get(ObjectStore.LONG, object));
    int count = info.references(memory, object);
    int to = (int) Math.min((long) largeFrom + PIECE, count);
    for (int i = largeFrom; i < to; i++) {
      reach(memory.get(ObjectStore.INT, object + info.slotOffset(i)));
    }
    largeFrom = to;
    if (to >= count) {
      large = 0;
      marks.setScanned(id);
    }
  }

  // ------------------------------------------------------------------- one object

  private void scan(int id, long object, long header, MemorySegment memory) {
    long edges = store.edges()[Header.type(header)];
    if ((edges & TypeInfo.ROW) == 0) {
      scanOther(id, object, store.info(header));
      return;
    }
    int count = TypeInfo.rowCount(edges);
    if ((edges & TypeInfo.TAILED) != 0) {
      count += memory.get(ObjectStore.INT, object + TypeInfo.LENGTH);
    }
    if (isLeftForLater(id, count)) {
      return;
    }
    marks.setScanned(id);
    long first = object + TypeInfo.rowStart(edges);
    for (int i = 0; i < count; i++) {
      reach(memory.get(ObjectStore.INT, first + 4L * i));
    }
  }

  /** Whether an object is large, and is or will be scanned in pieces. */
  private boolean isLeftForLater(int id, int count) {
    if (count <= PIECE) {
      return false;
    }
    if (large == 0) {
      large = id;
      largeFrom = 0;
    } else {
      marks.push(id);
    }
    return true;
  }

  /** Scans an object whose references are not in a row, or not all in slots. */
  private void scanOther(int id, long object, TypeInfo info) {
    MemorySegment memory = space.memory();
    int count = info.type.isOpaque() ? 0 : info.references(memory, object);
    if (info.custom == null && isLeftForLater(id, count)) {
      return;
    }
    marks.setScanned(id);
    for (int i = 0; i < count; i++) {
      reach(memory.get(ObjectStore.INT, object + info.slotOffset(i)));
    }
    if (info.custom != null) {
      if (asks) {
        ask(id, info.custom);
      }
      marks.noteAsked(id); // who has not been asked is before marking ends
    }
  }

  private void ask(int id, CustomReferences custom) {
    failed |= !heap.hooks().traverse(id, custom, this::reachReference);
  }

  /**
   * Asks all black objects for their references outside the slots, in the step in which marking
   * ends: since they were asked first, some may have passed from one to another.
   *
   * @return whether nothing new was found, and marking has ended
   */
  private boolean askAgain() {
    int count = marks.askedCount();
    for (int i = 0; i < count; i++) {
      int id = marks.asked(i);
      if (sides.has(SidePage.LIVE, id)) {
        CustomReferences custom = store.info(store.header(id)).custom;
        if (custom != null) {
          ask(id, custom);
        }
      }
    }
    return marks.isStackEmpty();
  }

  private void reachReference(long ref) {
    if (ref != 0) {
      reach(heap.liveId(ref));
    }
  }

  private void reach(int child) {
    int word = child >>> 6;
    long bit = 1L << child;
    if ((marks.marked().get(word) & bit) == 0 && child != 0) {
      marks.mark(word, bit);
      if (word <= swept && (!leavesKnown || sides.has(SidePage.TRACKED, child))) {
        marks.push(child);
      }
    }
  }

  private long offset(int id) {
    return paged ? Integer.toUnsignedLong(id) << 4 : space.offset(id);
  }
}
