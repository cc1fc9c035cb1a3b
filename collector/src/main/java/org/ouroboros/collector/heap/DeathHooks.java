package org.ouroboros.collector.heap;

import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * What is done for an object that dies by counting before its slots are released: its finalizer
 * runs, its weak references are cleared and their callbacks run, its edges outside the slots are
 * given back. The collector has {@code TrashHooks} for what it finds.
 *
 * <p>While user code runs on an object, the library holds it, so that it does not die again; and
 * it may be brought back to life, which ends its death.
 *
 * <p>Thread rule: as the heap.
 */
final class DeathHooks {

  private final ObjectStore store;
  private final SideTables sides;
  private final Counts counts;
  private final WeakTable weak;
  private final Hooks hooks;
  private final ConfinedHeap heap;
  private final Death all;
  private final boolean told;
  private final boolean checked;

  DeathHooks(ConfinedHeap heap, Death all) {
    this.heap = heap;
    this.store = heap.store;
    this.sides = store.sides;
    this.counts = heap.counts;
    this.weak = heap.weak;
    this.hooks = heap.hooks;
    this.all = all;
    this.told = heap.options().freeListener() != null;
    this.checked = heap.options().mode() != HeapMode.NORMAL;
  }

  /**
   * Does what comes before the slots: finalizer, weak references, edges outside the slots.
   *
   * @return false if the object lives on
   */
  boolean passesAway(int id) {
    long header = store.header(id);
    if ((header & Header.SPECIAL_DEATH) != 0 && !passesAwaySpecially(id, header)) {
      return false;
    }
    if (WeakTable.isWeak(header)) {
      weak.forget(id);
    }
    if (told) {
      hooks.freed(id);
    }
    if (checked || Header.has(store.header(id), Header.LENT | Header.HAS_WEAK)) {
      heap.forget(id);
    }
    sides.died(id);
    return true;
  }

  private boolean passesAwaySpecially(int id, long header) {
    TypeInfo info = store.info(header);
    Finalizer finalizer = info.finalizer;
    boolean legacy = info.finalizerKind == FinalizerKind.LEGACY;
    if (finalizer != null && !legacy && !Header.has(header, Header.FINALIZED)) {
      if (info.finalizerKind == FinalizerKind.ONCE) {
        store.setFlag(id, Header.FINALIZED);
      }
      if (!isStillDead(id, finalizer)) {
        return false;
      }
    }
    counts.hold(id);
    if (Header.has(store.header(id), Header.HAS_WEAK)) {
      sides.untrack(id);
      callBack(weak.clear(id, WeakTable.EMPTY_CHAIN));
    }
    if (finalizer != null && legacy && !isStillDead(id, finalizer)) {
      return false;
    }
    counts.hold(id);
    sides.untrack(id);
    if (info.custom != null && Header.has(store.header(id), Header.CUSTOM)) {
      store.clearFlag(id, Header.CUSTOM);
      hooks.customClear(id, info.custom);
    }
    if (!counts.unhold(id)) {
      comesBack(id, store.header(id));
      return false;
    }
    return true;
  }

  /** Runs a finalizer on an object that is in generation 0 meanwhile, and no trash. */
  private boolean isStillDead(int id, Finalizer finalizer) {
    counts.hold(id);
    long header = store.header(id);
    sides.page(id).clear(SidePage.TRASH, id);
    comesBack(id, header);
    hooks.finalizer(id, finalizer);
    return counts.unhold(id);
  }

  /** As CPython does, an object that is brought back is in generation 0 again. */
  private void comesBack(int id, long header) {
    store.renewFlags(id);
    if (Header.has(header, Header.TRACKED)) {
      sides.track(id);
      sides.setGeneration(id, 0);
      heap.noteClosing();
    }
  }

  private void callBack(long chain) {
    for (int w = WeakTable.first(chain); w != 0; ) {
      int next = weak.next(w);
      if (callBack(w)) {
        all.kill(w);
      }
      w = next;
    }
  }

  /**
   * Calls the callback of a weak reference of a chain, and ends the hold on it.
   *
   * @return whether the weak reference is to die now
   */
  boolean callBack(int weakReference) {
    var callback = weak.takeCallback(weakReference);
    if (callback != null) {
      hooks.weakCallback(weakReference, callback);
    }
    return counts.unhold(weakReference);
  }

  /** Whether nothing has to be done for a dead object but to free it. */
  boolean isSimpleLeaf(int id) {
    long header = store.header(id);
    return !told
        && !checked
        && (header & Header.SPECIAL_DEATH) == 0
        && !WeakTable.isWeak(header)
        && !store.info(header).hasSlots;
  }
}
