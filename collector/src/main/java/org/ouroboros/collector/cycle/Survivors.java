package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Counts;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Finds out who of a set lives, as CPython does: take the counts of all members, less the edges
 * among them. What is left above 0 is held from outside the set; that, and all it reaches inside,
 * survives. The counts are kept in side tables and not in the objects, so that nothing is dirtied,
 * and a failing traversal spoils nothing. Where there is no memory for them, the same is found by
 * marking from everything outside the set, which takes longer.
 *
 * <p>Survivors end up marked. Passes run in the order of addresses. Thread rule: as the heap.
 */
final class Survivors {

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final Counts counts;
  private final TrashSet set;
  private final Marker marker;
  private final TrialCounts trial;
  private final YoungSurvivors young;

  /** Whether no more edges were found than are counted. */
  private boolean consistent;

  Survivors(ConfinedHeap heap, TrashSet set) {
    this.heap = heap;
    this.store = heap.store();
    this.space = store.space;
    this.sides = store.sides;
    this.counts = heap.counts();
    this.set = set;
    this.marker = new Marker(heap, set);
    this.trial = new TrialCounts(store.faults);
    this.young = new YoungSurvivors(heap, set, trial);
  }

  /**
   * Marks all members of the set that are held from outside it, and what they reach inside.
   *
   * @return false if a traversal failed: the marks mean nothing then
   */
  boolean markOfSet() {
    set.clearMarks();
    marker.begin();
    boolean whole = true;
    if (trial.begin(set)) {
      whole = subtract();
      trial.end(set);
    } else {
      markFromOutside();
    }
    marker.finish();
    return whole && !marker.hasFailed();
  }

  /**
   * Lets those leave a set of young objects that survive.
   *
   * @param members how many there are
   * @return false if a traversal failed: then nobody is known to be garbage
   */
  boolean leaveYoung(long members) {
    if (young.leave(members)) {
      return true;
    }
    boolean whole = markOfSet();
    set.removeMarked();
    return whole;
  }

  /** Marks members that reach out from a member: all that can be reached from it inside the set. */
  void beginClosure() {
    set.clearMarks();
    marker.begin();
  }

  void addToClosure(int id) {
    marker.mark(id);
  }

  /** Returns false if a traversal failed: the marks mean nothing then. */
  boolean finishClosure() {
    marker.finish();
    return !marker.hasFailed();
  }

  // ------------------------------------------------------------------------- of a set

  private boolean subtract() {
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      long header = store.header(id);
      long references = counts.internal(id, header) + counts.external(id, header);
      trial.set(sides.page(id), id, references + (Header.has(header, Header.HELD) ? 1 : 0));
    }
    consistent = true;
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      consistent &= subtractEdges(set.id(at));
    }
    for (long at = set.first(); consistent && at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      if (trial.get(sides.page(id), id) > 0) {
        marker.mark(id);
      }
    }
    return consistent;
  }

  private boolean subtractEdges(int id) {
    MemorySegment memory = space.memory();
    long object = space.offset(id);
    TypeInfo info = store.info(store.header(id));
    if (!info.hasEdges) {
      return true;
    }
    int references = info.type.isOpaque() ? 0 : info.references(memory, object);
    for (int i = 0; i < references; i++) {
      int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
      if (child != 0) {
        subtractEdge(child);
      }
    }
    return info.custom == null
        || heap.hooks()
            .traverse(
                id,
                info.custom,
                ref -> {
                  if (ref != 0) {
                    subtractEdge(heap.liveId(ref));
                  }
                });
  }

  private void subtractEdge(int child) {
    SidePage page = sides.page(child);
    if (page.has(SidePage.TRASH, child) && !trial.subtract(page, child)) {
      tooSmall(child);
    }
  }

  private void tooSmall(int id) {
    consistent = false;
    heap.hooks()
        .inconsistent(
            id,
            new IllegalStateException(
                "the reference count of "
                    + heap.inspector().describe(heap.reference(id))
                    + " is too small: more references to it were found than are counted"));
  }

  private void markFromOutside() {
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      for (int w = 0; page != null && w < SidePage.WORDS; w++) {
        for (long live = page.bits[SidePage.LIVE + w]; live != 0; live &= live - 1) {
          int id = page.firstId + (w << 6) + Long.numberOfTrailingZeros(live);
          if (!set.has(id)) {
            marker.scan(id);
          } else if (Header.has(store.header(id), Header.ROOT)) {
            marker.mark(id);
          }
        }
      }
    }
    heap.death().visitUnfinished(marker::mark);
  }
}
