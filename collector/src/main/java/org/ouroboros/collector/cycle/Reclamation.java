package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Counts;
import org.ouroboros.collector.heap.Death;
import org.ouroboros.collector.heap.Hooks;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.heap.WholeHeapDeath;
import org.ouroboros.collector.space.SideTables;

/**
 * Frees what is left in the set, in three passes over all of it, so that no place is used again
 * while a condemned object still names it.
 *
 * <p>Needs no memory and calls no user code that could reach a condemned object. Thread rule: as
 * the heap.
 */
final class Reclamation {

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final SideTables sides;
  private final Counts counts;
  private final Hooks hooks;
  private final Death death;
  private final WholeHeapDeath wholeHeap;
  private final TrashSet set;
  private final PlainReclamation plain;
  private boolean condemning;

  Reclamation(ConfinedHeap heap, TrashSet set) {
    this.heap = heap;
    this.store = heap.store();
    this.sides = store.sides;
    this.counts = heap.counts();
    this.hooks = heap.hooks();
    this.death = heap.death();
    this.wholeHeap = death.wholeHeap();
    this.set = set;
    this.plain = new PlainReclamation(heap, set);
  }

  /** See {@link PlainReclamation#isPlain}. */
  boolean isPlain(long headers) {
    return plain.isPlain(headers);
  }

  /** See {@link WholeHeapDeath#isAllGarbage}. */
  boolean isAllGarbage() {
    return wholeHeap.isAllGarbage();
  }

  /** See {@link PlainReclamation#freeUnmarked}. */
  void freeUnmarked() {
    plain.freeUnmarked();
  }

  /** See {@link WholeHeapDeath#freeAll}. */
  void freeAllAtOnce(long tracked) {
    wholeHeap.freeAll(tracked);
  }

  /** Whether condemned objects exist, whose counts are 0 although others still name them. */
  boolean isCondemning() {
    return condemning;
  }

  void freeAll() {
    condemning = true;
    try {
      condemn();
      sever();
      reclaim();
    } finally {
      condemning = false;
    }
  }

  /** Sets the counts of all members to 0: no reference to them passes a check from now on. */
  private void condemn() {
    boolean told = heap.options().freeListener() != null;
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      if (told) {
        hooks.freed(id);
      }
      counts.condemn(id);
    }
  }

  /** Takes back the references of all members to objects that stay; some of those may die. */
  private void sever() {
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      TypeInfo info = store.info(store.header(id));
      if (info.hasSlots) {
        sever(id, info);
      }
    }
  }

  private void sever(int id, TypeInfo info) {
    long object = store.space.offset(id);
    int references = info.references(store.space.memory(), object);
    boolean opaque = info.type.isOpaque();
    for (int i = 0; i < references; i++) {
      MemorySegment memory = store.space.memory();
      long slot = object + info.slotOffset(i);
      int child = memory.get(ObjectStore.INT, slot);
      if (child != 0) {
        memory.set(ObjectStore.INT, slot, 0);
        if (opaque ? counts.dropOpaque(child) : counts.dropInternal(child)) {
          death.kill(child);
        }
      }
    }
  }

  private void reclaim() {
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      heap.forget(id);
      sides.died(id);
      store.free(id);
    }
  }
}
