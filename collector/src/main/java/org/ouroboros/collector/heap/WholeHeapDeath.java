package org.ouroboros.collector.heap;

import org.ouroboros.collector.space.SideTables;

/**
 * The death of everything at once: where nothing at all is held from outside any more, and nobody
 * can see in which order objects die, the whole heap is freed as it is, cycles included.
 *
 * <p>Thread rule: as the heap.
 */
public final class WholeHeapDeath {

  /** With fewer objects for each page, to free all pages takes longer than to free objects. */
  private static final int PAGE_SHARE = 4;

  /** To free a whole heap of more pages takes longer than a slice. */
  private static final int MOST_PAGES_AT_ONCE = 256;

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final SideTables sides;
  private final Counts counts;
  private final Death death;
  private final boolean unseen;

  /**
   * Makes it.
   *
   * @param unseen whether nobody is told of deaths but finalizers and weak references
   */
  WholeHeapDeath(ConfinedHeap heap, Death death, boolean unseen) {
    this.heap = heap;
    this.store = heap.store;
    this.sides = store.sides;
    this.counts = heap.counts;
    this.death = death;
    this.unseen = unseen;
  }

  /**
   * Whether nothing in the heap can be reached from outside, nobody can see what becomes of it, and
   * all of it can be freed as it is. Cost: none, it is counted.
   */
  public boolean isAllGarbage() {
    return unseen
        && store.diesUnseen()
        && counts.isNothingHeld()
        && counts.areInline()
        && death.isIdle()
        && sides.population(SideTables.PERMANENT) == 0;
  }

  /**
   * Frees everything, if {@link #isAllGarbage}, while side bits are exact. No header is read or
   * written.
   *
   * @param tracked how many objects are tracked
   */
  public void freeAll(long tracked) {
    store.freeAll(tracked);
    heap.updateLimit();
  }

  /**
   * In the middle of a death, takes the moment for an automatic full collection where that is
   * nothing but to free everything: {@link #isAllGarbage}, and nobody is told. It counts as a
   * collection, of the tracked objects that are left. Not while another one runs.
   *
   * @return whether it did
   */
  boolean freesAllInstead() {
    if (store.liveObjects() < (long) PAGE_SHARE * sides.end()
        || death.isSliced() && sides.end() > MOST_PAGES_AT_ONCE
        || !isAllGarbage()
        || !heap.cycles().mayCollectUnseen()) {
      return false;
    }
    store.setExact(true);
    try {
      long tracked = sides.tracked();
      freeAll(tracked);
      heap.cycles().collectedAtDeath(tracked);
    } finally {
      store.setExact(false);
    }
    return true;
  }
}
