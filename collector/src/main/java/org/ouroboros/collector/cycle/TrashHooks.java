package org.ouroboros.collector.cycle;

import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Counts;
import org.ouroboros.collector.heap.Death;
import org.ouroboros.collector.heap.Hooks;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.heap.WeakTable;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SideTables;

/**
 * Calls the user code that garbage brings with it, while the garbage is intact: callbacks of weak
 * references, finalizers, and what clears edges outside the slots. What dies by counting meanwhile
 * leaves the set.
 *
 * <p>Thread rule: as the heap.
 */
final class TrashHooks {

  private final ObjectStore store;
  private final SideTables sides;
  private final Counts counts;
  private final WeakTable weak;
  private final Hooks hooks;
  private final Death death;
  private final TrashSet set;
  private boolean userCodeRan;

  TrashHooks(ConfinedHeap heap, TrashSet set) {
    this.store = heap.store();
    this.sides = store.sides;
    this.counts = heap.counts();
    this.weak = heap.weakTable();
    this.hooks = heap.hooks();
    this.death = heap.death();
    this.set = set;
  }

  void begin() {
    userCodeRan = false;
  }

  /**
   * Whether anything was called since the pass began, so that who lives must be found out again.
   */
  boolean userCodeRan() {
    return userCodeRan;
  }

  /**
   * Clears all weak references to members, then calls the callbacks of those that are no members.
   *
   * @param older the generation those move to
   * @return how many of them died by their own callback
   */
  int clearWeak(int older) {
    long chain = WeakTable.EMPTY_CHAIN;
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      long header = store.header(id);
      if (WeakTable.isWeak(header)) {
        weak.forget(id);
      } else if (Header.has(header, Header.HAS_WEAK)) {
        chain = weak.clear(id, chain);
      }
    }
    int died = 0;
    for (int w = WeakTable.first(chain); w != 0; ) {
      int next = weak.next(w);
      userCodeRan = true;
      if (death.callBack(w)) {
        death.kill(w);
        died++;
      } else {
        sides.setGeneration(w, older);
      }
      w = next;
    }
    return died;
  }

  /** Runs the finalizers of all members that have not run. */
  void runFinalizers() {
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      long header = store.header(id);
      if (Header.has(header, Header.HAS_FINALIZER) && !Header.has(header, Header.FINALIZED)) {
        TypeInfo info = store.info(header);
        Finalizer finalizer = info.finalizer;
        if (finalizer != null && info.finalizerKind != FinalizerKind.LEGACY) {
          runFinalizer(id, finalizer);
        }
      }
    }
  }

  private void runFinalizer(int id, Finalizer finalizer) {
    userCodeRan = true;
    store.setFlag(id, Header.FINALIZED);
    counts.hold(id);
    hooks.finalizer(id, finalizer);
    if (counts.unhold(id)) {
      death.kill(id);
    }
  }

  /** Lets members give back their edges outside slots; what dies by that dies as any other. */
  void clearCustom() {
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      CustomReferences custom = store.info(store.header(id)).custom;
      if (custom != null && Header.has(store.header(id), Header.CUSTOM)) {
        store.clearFlag(id, Header.CUSTOM);
        counts.hold(id);
        hooks.customClear(id, custom);
        if (counts.unhold(id)) {
          death.kill(id);
        }
      }
    }
  }
}
