package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Counts;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * What {@link Survivors} finds out, for young sets whose edges are all in slots of the paged space:
 * who of the set is held from outside it, and what those reach inside, leaves the set.
 *
 * <p>Counts are taken and edges subtracted in one sweep over the objects, in any order, since both
 * only add to the trial counts, which are 0 before and after. Whoever leaves the set loses its
 * TRASH bit, which so is the mark, too.
 *
 * <p>Thread rule: as the heap.
 */
final class YoungSurvivors {

  /** The bits of a page without objects. */
  private static final long[] NONE = new long[SidePage.TRASH + SidePage.WORDS];

  /** With fewer members for each page, they count as scattered. */
  private static final long SCATTERED = 32;

  private static final int FIRST_CAPACITY = 1 << 12;

  /** So many headers of scattered members are read at a time. */
  private static final int BATCH = 64;

  /** A stack that has grown larger than this is not kept for the next collection. */
  private static final int KEPT_CAPACITY = 1 << 16;

  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final Counts counts;
  private final TrashSet set;
  private final TrialCounts trial;
  private final ScatteredCounts scattered;

  /** See {@link RootMarking}: not a constant for the compiler. */
  private long step = Integer.BYTES;

  private final long[] headers = new long[BATCH];
  private int[] stack = new int[FIRST_CAPACITY];
  private int size;

  YoungSurvivors(ConfinedHeap heap, TrashSet set, TrialCounts trial) {
    this.store = heap.store();
    this.space = store.space;
    this.sides = store.sides;
    this.counts = heap.counts();
    this.set = set;
    this.trial = trial;
    this.scattered = new ScatteredCounts(store.faults);
  }

  /**
   * Lets survivors leave the set.
   *
   * @param members how many there are
   * @return false if there is not the memory for it, or what is found needs {@link Survivors}: the
   *     set is as it was then
   */
  boolean leave(long members) {
    if (!space.isPaged() || store.hasCustomEdges() || !reserve(members)) {
      return false;
    }
    if (members < SCATTERED * set.pages()) {
      return leaveScattered((int) members);
    }
    if (!trial.begin(set)) {
      return false;
    }
    for (int p = 0; p < set.pages(); p++) {
      subtract(set.page(p));
    }
    size = 0;
    int all = 0;
    for (int p = 0; p < set.pages(); p++) {
      all |= begin(set.page(p));
    }
    trial.endCleared(set);
    if (all < 0) { // more edges to an object were found than are counted
      while (size > 0) {
        int id = stack[--size];
        sides.page(id).set(SidePage.TRASH, id);
      }
      return false;
    }
    drain();
    return true;
  }

  /** The same where pages have few members: the counts are by id, and not by place. */
  private boolean leaveScattered(int members) {
    if (!scattered.begin(members)) {
      return false;
    }
    int[] ids = stack;
    int count = 0;
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      ids[count++] = set.id(at);
    }
    for (int from = 0; from < count; from += BATCH) {
      putSome(ids, from, Math.min(from + BATCH, count));
    }
    for (int i = 0; i < count; i++) {
      subtractScattered(ids[i]);
    }
    if (scattered.anyNegative()) {
      return false;
    }
    int held = 0;
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      if (scattered.takeIfPositive(id)) {
        set.remove(id);
        ids[held++] = id;
      }
    }
    drainScattered(held);
    return true;
  }

  /** Counts some, whose headers are read before, so that the processor waits for many at once. */
  private void putSome(int[] ids, int from, int to) {
    MemorySegment memory = space.memory();
    for (int i = from; i < to; i++) {
      headers[i - from] = memory.get(ObjectStore.LONG, Integer.toUnsignedLong(ids[i]) << 4);
    }
    for (int i = from; i < to; i++) {
      scattered.put(ids[i], count(ids[i], headers[i - from]));
    }
  }

  private void subtractScattered(int id) {
    MemorySegment memory = space.memory();
    long object = Integer.toUnsignedLong(id) << 4;
    TypeInfo info = store.info(memory.get(ObjectStore.LONG, object));
    int references = info.type.isOpaque() ? 0 : info.references(memory, object);
    for (int i = 0; i < references; i++) {
      scattered.subtract(memory.get(ObjectStore.INT, object + info.slotOffset(i)));
    }
  }

  /** Lets what the first so many objects of the stack reach leave, too, as the table tells. */
  private void drainScattered(int held) {
    MemorySegment memory = space.memory();
    int[] waiting = stack;
    int end = held;
    while (end > 0) {
      long object = Integer.toUnsignedLong(waiting[--end]) << 4;
      TypeInfo info = store.info(memory.get(ObjectStore.LONG, object));
      int references = info.type.isOpaque() ? 0 : info.references(memory, object);
      for (int i = 0; i < references; i++) {
        int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
        if (scattered.take(child)) {
          set.remove(child);
          waiting[end++] = child;
        }
      }
    }
  }

  /** Makes the stack as large as it can get: every member is on it once at the most. */
  private boolean reserve(long members) {
    if (stack.length > KEPT_CAPACITY && members <= KEPT_CAPACITY) {
      stack = new int[FIRST_CAPACITY];
    }
    if (members <= stack.length) {
      return true;
    }
    try {
      store.faults.request("the stack of a young collection", members * Integer.BYTES);
      stack = new int[(int) Math.min(members + (members >> 1), Integer.MAX_VALUE - 8)];
      return members <= stack.length;
    } catch (AllocationFailedException | OutOfMemoryError e) {
      return false;
    }
  }

  /** Adds the counts of a page's members, and takes the edges off that they have to members. */
  private void subtract(SidePage page) {
    MemorySegment memory = space.memory();
    long[] shapes = store.edges();
    long[] bits = page.bits;
    int[] own = TrialCounts.of(page);
    long step = this.step;
    for (long words = page.trashWords; words != 0; words &= words - 1) {
      int w = Long.numberOfTrailingZeros(words);
      for (long rest = bits[SidePage.TRASH + w]; rest != 0; rest &= rest - 1) {
        int index = (w << 6) + Long.numberOfTrailingZeros(rest);
        long object = Integer.toUnsignedLong(page.firstId + index) << 4;
        long header = memory.get(ObjectStore.LONG, object);
        own[index] += count(page.firstId + index, header);
        long edges = shapes[Header.type(header)];
        if ((edges & (TypeInfo.ROW | TypeInfo.TAILED)) != TypeInfo.ROW) {
          subtractOthers(memory, page.firstId + index, header);
          continue;
        }
        long first = object + TypeInfo.rowStart(edges);
        long end = first + 4L * TypeInfo.rowCount(edges);
        for (long at = first; at < end; at += step) {
          int child = memory.get(ObjectStore.INT, at);
          if (child >>> SidePage.SHIFT == page.firstId >>> SidePage.SHIFT) {
            own[child & SidePage.IDS - 1]--;
          } else if (child != 0) {
            subtract(child);
          }
        }
      }
    }
  }

  /** All references to an object. */
  private int count(int id, long header) {
    long all = (long) Header.internal(header) + Header.external(header);
    if (Header.has(header, Header.HELD | Header.OVERFLOWN)) {
      all =
          counts.internal(id, header)
              + counts.external(id, header)
              + (Header.has(header, Header.HELD) ? 1 : 0);
    }
    return (int) Math.min(all, Integer.MAX_VALUE);
  }

  /** Takes an edge off that may lead to another page. Who is no member does not matter. */
  private void subtract(int child) {
    SidePage page = sides.find(Integer.toUnsignedLong(child));
    if (page != null && page.trial != null) {
      page.trial[child & SidePage.IDS - 1]--;
    }
  }

  private void subtractOthers(MemorySegment memory, int id, long header) {
    long object = Integer.toUnsignedLong(id) << 4;
    TypeInfo info = store.info(header);
    int references = info.type.isOpaque() ? 0 : info.references(memory, object);
    for (int i = 0; i < references; i++) {
      int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
      if (child != 0) {
        subtract(child);
      }
    }
  }

  /**
   * Lets those leave that are held from outside, to be scanned. Clears the counts.
   *
   * @return a negative number if any count is one
   */
  private int begin(SidePage page) {
    int[] own = TrialCounts.of(page);
    int all = 0;
    for (long words = page.trashWords; words != 0; words &= words - 1) {
      int w = Long.numberOfTrailingZeros(words);
      long held = 0;
      for (long rest = page.bits[SidePage.TRASH + w]; rest != 0; rest &= rest - 1) {
        int index = (w << 6) + Long.numberOfTrailingZeros(rest);
        int count = own[index];
        all |= count;
        if (count > 0) {
          held |= rest & -rest;
          stack[size++] = page.firstId + index;
        }
      }
      page.bits[SidePage.TRASH + w] &= ~held;
    }
    Arrays.fill(own, 0);
    return all;
  }

  /** Lets what the objects on the stack reach leave, too. */
  private void drain() {
    MemorySegment memory = space.memory();
    long[] shapes = store.edges();
    long step = this.step;
    int[] waiting = stack;
    int number = -1;
    long[] bits = NONE;
    int end = size;
    while (end > 0) {
      int id = waiting[--end];
      long object = Integer.toUnsignedLong(id) << 4;
      long header = memory.get(ObjectStore.LONG, object);
      long edges = shapes[Header.type(header)];
      if ((edges & (TypeInfo.ROW | TypeInfo.TAILED)) != TypeInfo.ROW) {
        size = end;
        scanOthers(memory, id, header);
        end = size;
        continue;
      }
      long first = object + TypeInfo.rowStart(edges);
      long last = first + 4L * TypeInfo.rowCount(edges);
      for (long at = first; at < last; at += step) {
        int child = memory.get(ObjectStore.INT, at);
        if (child >>> SidePage.SHIFT != number) {
          SidePage page = sides.find(Integer.toUnsignedLong(child));
          number = child >>> SidePage.SHIFT;
          bits = page == null ? NONE : page.bits;
        }
        int word = SidePage.word(SidePage.TRASH, child);
        long members = bits[word];
        if ((members >>> child & 1) != 0) {
          bits[word] = members & ~(1L << child);
          waiting[end++] = child;
        }
      }
    }
  }

  private void add(int child) {
    SidePage page = sides.find(Integer.toUnsignedLong(child));
    if (page != null && page.has(SidePage.TRASH, child)) {
      page.clear(SidePage.TRASH, child);
      stack[size++] = child;
    }
  }

  private void scanOthers(MemorySegment memory, int id, long header) {
    long object = Integer.toUnsignedLong(id) << 4;
    TypeInfo info = store.info(header);
    int references = info.type.isOpaque() ? 0 : info.references(memory, object);
    for (int i = 0; i < references; i++) {
      int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
      if (child != 0) {
        add(child);
      }
    }
  }
}
