package org.ouroboros.collector.heap;

import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.space.AtomicWords;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * Counting and slots of a shared heap.
 *
 * <p>References that are read are owned: a borrowed one could die at any time by what another
 * thread does. So {@link #getRef} and the like refuse; for tests that run on one thread, to whom
 * nothing else happens, a heap can be made that lends all the same.
 *
 * <p>Thread rule: any thread.
 */
abstract sealed class SharedSlots extends SharedFields permits SharedShapes {

  private final boolean lends;
  private final Mutators mutators;
  final SharedCounts counts;
  private final SharedDeath death;

  @SuppressWarnings("this-escape") // deaths come later
  SharedSlots(HeapOptions options, boolean lends) {
    super(options);
    this.lends = lends;
    this.mutators = safepoint.mutators;
    this.counts = new SharedCounts(core.store);
    this.death = new SharedDeath(this, mutators, core.store);
  }

  /** Refuses what would give a borrowed reference. */
  final void checkLends(String instead) {
    if (!lends) {
      throw new UnsupportedOperationException(
          core.options.name()
              + ": a shared heap has no borrowed references, another thread could end them at any"
              + " time: use "
              + instead);
    }
  }

  // --------------------------------------------------------------------- counting

  public final void retain(long ref) {
    long id = ref ^ tag;
    try {
      if (!isQuick(id) || !counts.retain(id)) {
        retainSlowly(ref);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The first owned reference, or one of very many. */
  private void retainSlowly(long ref) {
    Mutator mutator = mutators.current();
    if (goIn(mutator)) {
      try {
        if (isQuick(ref ^ tag) && counts.own(mutator, ref ^ tag)) {
          return;
        }
      } finally {
        mutator.leave();
      }
    }
    stop();
    try {
      core.retain(ref);
    } finally {
      resume();
    }
  }

  public final void release(long ref) {
    long id = ref ^ tag;
    try {
      if (!isQuick(id) || !counts.release(id) && !disown(id)) {
        releaseSlowly(ref);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private boolean disown(long id) {
    Mutator mutator = mutators.current();
    if (goIn(mutator)) {
      try {
        return isQuick(id) && counts.disown(mutator, id);
      } finally {
        mutator.leave();
      }
    }
    return false;
  }

  private void releaseSlowly(long ref) {
    long id = ref ^ tag;
    if (!isQuick(id) || !isOwned(id) || !death.release(id)) {
      stop();
      try {
        core.release(ref);
      } finally {
        resume();
      }
    }
  }

  /** Whether there is an owned reference, which may be the caller's. */
  private boolean isOwned(long id) {
    return (Words.get(core.space, address(id << 4)) & Header.EXTERNAL) != 0;
  }

  /** Releases an owned reference in a stopped world. */
  final void releaseStopped(long id) {
    stop();
    try {
      core.release(tag | id);
    } finally {
      resume();
    }
  }

  /**
   * Makes room for the place of an object that may be about to die, if its type is a simple one.
   *
   * @return whether there is more room than before
   */
  final boolean makeRoom(long id) {
    long header = Words.get(core.space, address(id << 4));
    safepoint.lock();
    try {
      TypeInfo info = core.store.infoOrNull(header);
      int length = Words.getInt(core.space, address(id << 4) + TypeInfo.LENGTH);
      BlockClass blocks = info == null ? null : blocks(info, length);
      Mutator mutator = mutators.current();
      if (info == null || blocks == null || !mutator.caching || !mutator.hold()) {
        return false;
      }
      try {
        ReadyPlaces places = mutator.readyOf(header, length);
        if (places != null && places.hasRoom()) {
          return false;
        }
        mutator.makeReady(info, length, blocks).makeRoom(core.store);
        return true;
      } finally {
        mutator.unhold();
      }
    } catch (OutOfMemoryError e) {
      return false; // all can be done without
    } finally {
      safepoint.unlock();
    }
  }

  /** Where objects come from that are made and freed while the world goes on; null for others. */
  final @Nullable BlockClass blocks(TypeInfo info, int length) {
    if (!info.quickTail) {
      return info.quick;
    }
    long bytes = info.size(length, 0);
    return length < 0 || bytes > TypeInfo.MAX_TAIL_BYTES
        ? null
        : core.space.blocks(bytes, info.alignment);
  }

  public final long refCount(long ref) {
    stop();
    try {
      return core.refCount(ref);
    } finally {
      resume();
    }
  }

  public final long externalCount(long ref) {
    stop();
    try {
      return core.externalCount(ref);
    } finally {
      resume();
    }
  }

  // ------------------------------------------------------------------------ slots

  public final long getRef(long ref, int slot) {
    checkLends("loadRef");
    stop();
    try {
      return core.getRef(ref, slot);
    } finally {
      resume();
    }
  }

  public final long loadRef(long ref, int slot) {
    long id = ref ^ tag;
    long place = (id << 4) + Checks.slotOffset(slot);
    while (isQuick(id) && isQuickPlace(place)) {
      Mutator mutator = mutators.current();
      if (!goIn(mutator)) {
        break;
      }
      long target;
      try {
        long at = address(place);
        target = Integer.toUnsignedLong(AtomicWords.getIntVolatile(core.space, at));
        if (target == 0) {
          if (!isQuick(id)) {
            break; // closed while this thread waited to go in
          }
          return Heap.NULL;
        }
        if (!isQuick(target) || !counts.own(mutator, target)) {
          if (AtomicWords.getIntVolatile(core.space, at) == (int) target) {
            break;
          }
          continue;
        }
        if (AtomicWords.getIntVolatile(core.space, at) == (int) target) {
          return tag | target;
        }
      } finally {
        mutator.leave();
        Reference.reachabilityFence(this);
      }
      release(tag | target); // the slot has changed: it may have been another object's place
    }
    stop();
    try {
      return core.loadRef(ref, slot);
    } finally {
      resume();
    }
  }

  public final void setRef(long ref, int slot, long value) {
    long dropped = store(ref, slot, value, false);
    if (dropped == SLOW) {
      setRefSlowly(ref, slot, value);
    } else if (dropped != Heap.NULL) {
      release(dropped);
    }
  }

  private void setRefSlowly(long ref, int slot, long value) {
    stop();
    try {
      core.setRef(ref, slot, value);
    } finally {
      resume();
    }
  }

  /** What {@link #store} and others return when they have done nothing. */
  static final long SLOW = -1;

  /**
   * Stores a reference, if nothing is to be looked at but headers.
   *
   * @param moved whether the value is owned by the caller, and is taken over
   * @return what the caller has to release; null if nothing
   */
  private long store(long ref, int slot, long value, boolean moved) {
    long id = ref ^ tag;
    long target = value == Heap.NULL ? 0 : value ^ tag;
    long place = (id << 4) + Checks.slotOffset(slot);
    if (slot < 0 || !isQuick(id) || !isQuick(target) || !isQuickPlace(place)) {
      return SLOW;
    }
    Mutator mutator = mutators.current();
    if (!goIn(mutator)) {
      return SLOW;
    }
    try {
      return storeInside(mutator, id, place, target, moved);
    } finally {
      mutator.leave();
      Reference.reachabilityFence(this);
    }
  }

  private long storeInside(Mutator mutator, long id, long place, long target, boolean moved) {
    if (!isQuick(id) || !counts.isOpen(id)) { // it may have been closed meanwhile
      return SLOW;
    }
    if (target != 0) {
      if (!(moved ? counts.moveIn(mutator, target) : counts.addEdge(target))) {
        return SLOW;
      }
      noteClosing(mutator, id, target);
    }
    long at = address(place);
    while (true) {
      int old = AtomicWords.getIntVolatile(core.space, at);
      long oldId = Integer.toUnsignedLong(old);
      if (old != 0 && (!isQuick(oldId) || !counts.isInline(oldId))) {
        undo(mutator, target, moved);
        return SLOW;
      }
      if (AtomicWords.compareAndSetInt(core.space, at, old, (int) target)) {
        return old == 0 || counts.dropEdge(mutator, oldId) ? Heap.NULL : tag | oldId;
      }
    }
  }

  /** Makes two owned references of the caller edges, or neither. */
  final boolean moveIn(Mutator mutator, long one, long other) {
    if (!counts.moveIn(mutator, one)) {
      return false;
    }
    if (!counts.moveIn(mutator, other)) {
      counts.moveOut(mutator, one);
      return false;
    }
    return true;
  }

  private void undo(Mutator mutator, long target, boolean moved) {
    if (target != 0) {
      if (moved) {
        counts.moveOut(mutator, target);
      } else {
        counts.undoEdge(target);
      }
    }
  }

  /**
   * Notes that an edge may be the last one of a cycle, after it was counted: see {@link
   * SlotAccess#takeClosing}. Where several threads each store one edge of a cycle, each first
   * counts its target and then reads the count of its holder, which is the target of another one.
   * Not all of them can read 0: each that does has read before another one counted, which itself
   * read after that; so all around the cycle, each would be before itself.
   */
  private void noteClosing(Mutator mutator, long id, long target) {
    long header = AtomicWords.getVolatile(core.space, address(id << 4));
    if (Header.has(header, Header.INTERNAL) || id == target) {
      mutator.closing = true;
    }
  }

  public final void setRefMoved(long ref, int slot, long owned) {
    long dropped = store(ref, slot, owned, true);
    if (dropped == SLOW) {
      setRefMovedSlowly(ref, slot, owned);
    } else if (dropped != Heap.NULL) {
      release(dropped);
    }
  }

  private void setRefMovedSlowly(long ref, int slot, long owned) {
    stop();
    try {
      core.setRefMoved(ref, slot, owned);
    } finally {
      resume();
    }
  }

  public final long exchangeRef(long ref, int slot, long owned) {
    long id = ref ^ tag;
    long target = owned == Heap.NULL ? 0 : owned ^ tag;
    long place = (id << 4) + Checks.slotOffset(slot);
    if (slot >= 0 && isQuick(id) && isQuick(target) && isQuickPlace(place)) {
      Mutator mutator = mutators.current();
      if (goIn(mutator)) {
        try {
          long old = exchangeInside(mutator, id, place, target);
          if (old != SLOW) {
            return old;
          }
        } finally {
          mutator.leave();
          Reference.reachabilityFence(this);
        }
      }
    }
    return exchangeSlowly(ref, slot, owned);
  }

  private long exchangeInside(Mutator mutator, long id, long place, long target) {
    if (!isQuick(id) || !counts.isOpen(id)) { // it may have been closed meanwhile
      return SLOW;
    }
    if (target != 0) {
      if (!counts.moveIn(mutator, target)) {
        return SLOW;
      }
      noteClosing(mutator, id, target);
    }
    long at = address(place);
    while (true) {
      int old = AtomicWords.getIntVolatile(core.space, at);
      long oldId = Integer.toUnsignedLong(old);
      if (old != 0 && (!isQuick(oldId) || !counts.canMoveOut(oldId))) {
        undo(mutator, target, true);
        return SLOW;
      }
      if (AtomicWords.compareAndSetInt(core.space, at, old, (int) target)) {
        if (old == 0) {
          return Heap.NULL;
        }
        counts.moveOut(mutator, oldId);
        return tag | oldId;
      }
    }
  }

  private long exchangeSlowly(long ref, int slot, long owned) {
    stop();
    try {
      return core.exchangeRef(ref, slot, owned);
    } finally {
      resume();
    }
  }

  public final long takeRef(long ref, int slot) {
    return exchangeRef(ref, slot, Heap.NULL);
  }

  public final void moveRef(long from, int fromSlot, long to, int toSlot) {
    stop();
    try {
      core.moveRef(from, fromSlot, to, toSlot);
    } finally {
      resume();
    }
  }

  public final void addEdge(long target) {
    stop();
    try {
      core.addEdge(target);
    } finally {
      resume();
    }
  }

  public final void removeEdge(long target) {
    stop();
    try {
      core.removeEdge(target);
    } finally {
      resume();
    }
  }
}
