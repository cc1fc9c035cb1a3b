package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Counts;
import org.ouroboros.collector.heap.Death;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.heap.WeakTable;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Frees garbage that nobody is told of: after a full marking, when the set is all that is not
 * marked, and none of it has a finalizer, weak references, or anything else noted beside it.
 *
 * <p>What the set refers to is then in the set, and needs no counting down, or marked. So one pass
 * in the order of addresses takes back the references to what is marked and clears the headers, and
 * each page's objects are freed at once. Nothing runs in between that could use a place again. What
 * dies by the counting, which only frozen objects can, waits until all is free, by having lost its
 * mark.
 *
 * <p>Needs no memory. Thread rule: as the heap.
 */
final class PlainReclamation {

  /** What has any of these needs more than its memory to be taken back. */
  private static final long SPECIAL =
      Header.SPECIAL_DEATH | Header.OVERFLOWN | Header.OPAQUE | Header.HELD;

  private final ObjectStore store;
  private final SideTables sides;
  private final Counts counts;
  private final WeakTable weak;
  private final Death death;
  private final TrashSet set;
  private final boolean possible;
  private boolean dying;

  /** Not a constant for the compiler, see {@link RootMarking}. */
  private long step = Integer.BYTES;

  PlainReclamation(ConfinedHeap heap, TrashSet set) {
    this.store = heap.store();
    this.sides = store.sides;
    this.counts = heap.counts();
    this.weak = heap.weakTable();
    this.death = heap.death();
    this.set = set;
    this.possible = store.freesAtOnce() && heap.options().freeListener() == null;
  }

  /**
   * Whether the set can be freed in this way.
   *
   * @param headers those of all objects of the heap, by or
   */
  boolean isPlain(long headers) {
    if (!possible) {
      return false;
    }
    if (!Header.has(headers, SPECIAL) && !weak.isUsed()) {
      return true;
    }
    MemorySegment memory = store.space.memory();
    for (int p = 0; p < set.pages(); p++) {
      if (!isPlain(set.page(p), memory)) {
        return false;
      }
    }
    return true;
  }

  private boolean isPlain(SidePage page, MemorySegment memory) {
    for (int w = 0; w < SidePage.WORDS; w++) {
      for (long rest = page.bits[SidePage.TRASH + w]; rest != 0; rest &= rest - 1) {
        int id = page.firstId + (w << 6) + Long.numberOfTrailingZeros(rest);
        long header = memory.get(ObjectStore.LONG, store.space.offset(id));
        if (Header.has(header, SPECIAL) || WeakTable.isWeak(header)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Frees the set, which is all that is not marked. */
  void freeUnmarked() {
    dying = false;
    MemorySegment memory = store.space.memory();
    long[] marked = sides.marks.marked();
    boolean leavesKnown = !store.hasUntrackedEdges() && death.isIdle();
    for (int p = 0; p < set.pages(); p++) {
      SidePage page = set.page(p);
      if (page.any(SidePage.TRASH)) {
        clear(page, memory, marked, leavesKnown);
        store.freeTrash(page);
      }
    }
    if (dying) {
      killDying(marked);
    }
  }

  /** Takes back the references of a page's members, and clears their headers. */
  private void clear(SidePage page, MemorySegment memory, long[] marked, boolean leavesKnown) {
    long[] bits = page.bits;
    long start = Integer.toUnsignedLong(page.firstId) << 4;
    for (int w = 0; w < SidePage.WORDS; w++, start += 64 << 4) {
      long trash = bits[SidePage.TRASH + w];
      long leaves = leavesKnown ? trash & ~bits[SidePage.TRACKED + w] : 0;
      for (long rest = trash & ~leaves; rest != 0; rest &= rest - 1) {
        long object = start + ((long) Long.numberOfTrailingZeros(rest) << 4);
        TypeInfo info = store.info(memory.get(ObjectStore.LONG, object));
        if (info.hasSlots) {
          sever(object, info, memory, marked);
        }
        memory.set(ObjectStore.LONG, object, 0);
      }
      for (long rest = leaves; rest != 0; rest &= rest - 1) {
        memory.set(ObjectStore.LONG, start + ((long) Long.numberOfTrailingZeros(rest) << 4), 0);
      }
    }
  }

  private void sever(long object, TypeInfo info, MemorySegment memory, long[] marked) {
    int count = info.references(memory, object);
    if (info.run < 0) {
      for (int i = 0; i < count; i++) {
        sever(memory.get(ObjectStore.INT, object + info.slotOffset(i)), marked);
      }
      return;
    }
    long end = object + info.run + 4L * count;
    for (long at = object + info.run; at < end; at += step) {
      sever(memory.get(ObjectStore.INT, at), marked);
    }
  }

  private void sever(int child, long[] marked) {
    int word = child >>> 6;
    if (word < marked.length && (marked[word] & 1L << child) != 0) {
      drop(child, marked);
    }
  }

  private void drop(int child, long[] marked) {
    if (counts.dropInternal(child)) {
      marked[child >>> 6] &= ~(1L << child);
      dying = true;
    }
  }

  private void killDying(long[] marked) {
    for (int p = 0; p < set.pages(); p++) {
      SidePage page = set.page(p);
      for (int w = 0; w < SidePage.WORDS; w++) {
        int base = page.firstId + (w << 6);
        // Nothing that was made since is among them: marks of what is free are looked at no more.
        long rest = page.bits[SidePage.LIVE + w] & ~marked[base >>> 6];
        for (; rest != 0; rest &= rest - 1) {
          int id = base + Long.numberOfTrailingZeros(rest);
          if (page.has(SidePage.LIVE, id) && !Header.has(store.header(id), Header.ALIVE)) {
            death.kill(id);
          }
        }
      }
    }
  }
}
