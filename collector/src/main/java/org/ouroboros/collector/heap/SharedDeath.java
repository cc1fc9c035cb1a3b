package org.ouroboros.collector.heap;

import org.ouroboros.collector.space.AtomicWords;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.Words;

/**
 * The death of simple objects of a shared heap that refer to others, and of what dies with them, by
 * the thread that has released the last reference, while the world goes on.
 *
 * <p><b>Invariant.</b> What is still to be done is a list of references that the thread <i>owns</i>
 * and has to release. Before an object is taken apart, its count becomes 0 by a compare-and-set,
 * and from then on it belongs to this thread alone: whoever finds its id in a slot that it has just
 * left fails to count it. Each edge of it is taken back by a compare-and-set of the target's
 * header; if that would be the target's last count, it becomes an owned reference instead, and goes
 * on the list. So no object is without a count for longer than it takes to free it, and between two
 * objects the thread may leave: a stopped world sees the list's objects as roots, which they are.
 *
 * <p>The thread leaves after {@value #MOST} objects, or when the world is to be stopped. What is
 * not simple, has a part of its count in a side table, or finds no room on the list, is released in
 * a stopped world. If that fails, since the program has released the object too often, or the heap
 * was closed meanwhile, the others have their turn before the caller is told.
 *
 * <p>Thread rule: any platform thread that is not inside; the list is its mutator's.
 */
final class SharedDeath {

  /** So many objects are taken apart before the thread leaves for a moment. */
  private static final int MOST = 64;

  /** So many slots count as one object more. */
  private static final int SLOTS = 4;

  /** What {@link #takeApart} returns. */
  private enum Outcome {
    GO_ON,
    STUCK
  }

  private final SharedSlots heap;
  private final Mutators mutators;
  private final ObjectStore store;
  private final ObjectSpace space;
  private final long base;

  SharedDeath(SharedSlots heap, Mutators mutators, ObjectStore store) {
    this.heap = heap;
    this.mutators = mutators;
    this.store = store;
    this.space = store.space;
    this.base = store.base;
  }

  /**
   * Releases an owned reference, and what dies with it.
   *
   * @return false if nothing was done: there is no memory or no room for a list, the thread is
   *     virtual, or has stopped the world itself
   */
  boolean release(long id) {
    Mutator mutator = mutators.current();
    int[] list = mutator.owed();
    // User code that a death has called may be in the middle of another one.
    int floor = mutator.owedCount;
    if (list == null || floor == list.length || heap.safepoint.isMine()) {
      return false;
    }
    list[floor] = (int) id;
    mutator.owedCount = floor + 1;
    try {
      releaseAll(mutator, list, floor);
    } finally {
      mutator.owedCount = floor;
    }
    return true;
  }

  private void releaseAll(Mutator mutator, int[] list, int floor) {
    RuntimeException failure = null;
    while (mutator.owedCount > floor) {
      Outcome outcome = Outcome.GO_ON;
      if (mutator.enter()) {
        try {
          outcome = takeApart(mutator, list, floor);
        } finally {
          mutator.leave();
        }
      } else {
        heap.waitForTheWorld();
      }
      if (outcome == Outcome.STUCK) {
        long top = Integer.toUnsignedLong(list[mutator.owedCount - 1]);
        if (!heap.makeRoom(top)) {
          mutator.owedCount--;
          try {
            heap.releaseStopped(top);
          } catch (RuntimeException e) {
            failure = failure == null ? e : failure;
          }
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  // ----------------------------------------------------------------------- inside

  private Outcome takeApart(Mutator mutator, int[] list, int floor) {
    for (int work = 0; work < MOST && mutator.owedCount > floor; work++) {
      int left = mutator.owedCount - 1;
      long id = Integer.toUnsignedLong(list[left]);
      long at = Words.address(base, id << 4);
      long header = AtomicWords.getVolatile(space, at);
      if ((header & Header.EXTERNAL) == 0 || Header.has(header, Header.OVERFLOWN)) {
        return Outcome.STUCK;
      }
      long rest = header - Header.EXTERNAL_ONE;
      if ((rest & Header.ALIVE) != 0) {
        if (AtomicWords.compareAndSet(space, at, header, rest)) {
          mutator.unrooted += (rest & Header.EXTERNAL) == 0 ? 1 : 0;
          mutator.owedCount = left;
        }
        continue;
      }
      int length = Words.getInt(space, at + TypeInfo.LENGTH);
      ReadyPlaces places = mutator.readyOf(header, length);
      if (places == null || rest != places.dead || !mutator.caching || !places.hasRoom()) {
        return Outcome.STUCK;
      }
      TypeInfo info = places.info;
      int slots = info.references(length);
      if (list.length - left < slots || !canDrop(info, at, slots)) {
        return Outcome.STUCK;
      }
      if (AtomicWords.compareAndSet(space, at, header, rest)) {
        mutator.unrooted++;
        mutator.owedCount = left;
        drop(mutator, list, info, at, slots);
        work += slots / SLOTS;
        mutator.freed(places, (int) id, places.tracked == 0 || store.sides.isYoungest((int) id));
      }
    }
    return Outcome.GO_ON;
  }

  /** Whether all counts of what an object refers to are in headers. */
  private boolean canDrop(TypeInfo info, long at, int slots) {
    for (int i = 0; i < slots; i++) {
      long child = Integer.toUnsignedLong(Words.getInt(space, at + info.slotOffset(i)));
      if (child != 0
          && (!heap.isQuick(child)
              || Header.has(Words.get(space, Words.address(base, child << 4)), Header.OVERFLOWN))) {
        return false;
      }
    }
    return true;
  }

  /** Takes the edges of a dead object back; the last slot's target is the first to be released. */
  private void drop(Mutator mutator, int[] list, TypeInfo info, long at, int slots) {
    for (int i = 0; i < slots; i++) {
      int child = Words.getInt(space, at + info.slotOffset(i));
      if (child != 0) {
        Words.setInt(space, at + info.slotOffset(i), 0);
        if (dropEdge(Words.address(base, Integer.toUnsignedLong(child) << 4))) {
          mutator.unrooted--;
          heap.marks.shadeInside(child);
          list[mutator.owedCount++] = child;
        }
      }
    }
  }

  /** Takes an edge back; returns whether it was the last count, and is an owned reference now. */
  private boolean dropEdge(long at) {
    while (true) {
      long header = AtomicWords.getVolatile(space, at);
      if ((header & Header.INTERNAL) == 0) {
        return false; // a reference that was overwritten as a field: there is nothing to count
      }
      long rest = header - Header.INTERNAL_ONE;
      boolean last = (rest & Header.ALIVE) == 0;
      if (AtomicWords.compareAndSet(space, at, header, last ? rest + Header.EXTERNAL_ONE : rest)) {
        return last;
      }
    }
  }
}
