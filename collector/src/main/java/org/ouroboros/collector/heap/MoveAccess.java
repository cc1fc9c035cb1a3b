package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * Moves references: an owned one into a slot, what a slot has out of it, and from slot to slot. The
 * object they name lives on, so that one count goes down as the other goes up.
 *
 * <p>As with {@link SlotAccess}, what fails leaves all as it was.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class MoveAccess extends SlotAccess permits ShapeAccess {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  MoveAccess(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
  }

  public final void setRefMoved(long ref, int slot, long owned) {
    long limit = storeLimit;
    long id = ref ^ tag;
    long target = owned ^ tag;
    long object = id << 4;
    long place = object + (ObjectType.HEADER_BYTES + ((long) slot << 2));
    if (Thread.currentThread() == owner
        && Long.compareUnsigned(id, limit) < 0
        && Long.compareUnsigned(target, limit) < 0
        && Long.compareUnsigned(place, quickEnd) < 0) {
      MemorySegment memory = Words.ALL != null ? Words.ALL : space.memory();
      long begin = base;
      long targetAt = begin + (target << 4) & Words.ADDRESSES;
      long holding = memory.get(LONG, begin + object & Words.ADDRESSES) & Header.OPEN;
      long header = memory.get(LONG, targetAt);
      if (holding != 0 && holding < Header.OPAQUE && Header.isMovable(header)) {
        if (holding >= Header.INTERNAL_ONE || id == target) {
          closing = true;
        }
        long at = begin + place & Words.ADDRESSES;
        int old = memory.get(INT, at);
        memory.set(LONG, targetAt, header + Header.MOVED);
        if (Header.isOwnedOnce(header)) {
          store.unrooted();
        }
        memory.set(INT, at, (int) target);
        if (old != 0) {
          quickUncount(old);
        }
        return;
      }
    }
    setRefMovedSlowly(ref, slot, owned);
  }

  private void setRefMovedSlowly(long ref, int slot, long owned) {
    if (storeInCycle(ref, slot, owned, true)) {
      return;
    }
    long object = slotForUpdate(ref, slot);
    boolean opaque = Header.has(liveHeader(ref, object), Header.OPAQUE);
    int target = checkMove(ref, slot, owned);
    long at = object + Checks.slotOffset(slot);
    int old = space.memory().get(INT, at);
    moveIn(target, opaque);
    stored(object);
    space.memory().set(INT, at, target);
    if (old != 0) {
      uncount(old, opaque);
    }
  }

  public final long exchangeRef(long ref, int slot, long owned) {
    long object = slotForUpdate(ref, slot);
    boolean opaque = Header.has(liveHeader(ref, object), Header.OPAQUE);
    int target = checkMove(ref, slot, owned);
    long at = object + Checks.slotOffset(slot);
    int old = space.memory().get(INT, at);
    moveIn(target, opaque);
    stored(object);
    try {
      moveOut(old, opaque);
    } catch (HeapExhaustedException e) {
      moveOut(target, opaque); // cannot fail: its count has just been there
      throw e;
    }
    space.memory().set(INT, at, target);
    return referenceOrNull(old);
  }

  public final long takeRef(long ref, int slot) {
    return exchangeRef(ref, slot, Heap.NULL);
  }

  /** That an owned reference may be stored; returns its object. */
  private int checkMove(long ref, int slot, long owned) {
    if (owned == Heap.NULL) {
      return 0;
    }
    long header = liveHeader(owned, objectForUpdate(owned));
    if ((header & Header.EXTERNAL) == 0) {
      throw checks.notOwned(owned);
    }
    if (checked) {
      checkOwned(owned, header);
      checks.checkTarget(ref, slot, owned);
    }
    return (int) owned;
  }

  /** Makes an owned reference an edge. */
  private void moveIn(int target, boolean opaque) {
    if (target != 0) {
      EdgeLedger edges = counts.edges();
      try {
        if (!opaque) {
          counts.externalToInternal(target);
        } else if (edges != null) {
          edges.addOpaque(target);
        }
      } catch (AllocatorException e) {
        throw exhausted(0, e);
      }
      if (ledger != null) {
        ledger.given(target);
      }
    }
  }

  /** Makes an edge an owned reference. */
  private void moveOut(int target, boolean opaque) {
    if (target != 0) {
      EdgeLedger edges = counts.edges();
      if (opaque && edges != null) {
        edges.dropOpaque(target);
      } else if (!opaque) {
        try {
          counts.internalToExternal(target);
        } catch (AllocatorException e) {
          throw exhausted(0, e);
        }
      }
      if (ledger != null) {
        ledger.taken(target);
      }
    }
  }

  public final void moveRef(long from, int fromSlot, long to, int toSlot) {
    long source = slotForUpdate(from, fromSlot);
    long target = slotForUpdate(to, toSlot);
    boolean opaque = Header.has(liveHeader(from, source), Header.OPAQUE);
    if (checked) {
      checks.checkTarget(to, toSlot, getRef(from, fromSlot));
    }
    if (opaque != Header.has(liveHeader(to, target), Header.OPAQUE)) {
      throw checks.wrongType(to, "object of the same openness: use takeRef and setRefMoved");
    }
    MemorySegment memory = space.memory();
    long fromAt = source + Checks.slotOffset(fromSlot);
    long toAt = target + Checks.slotOffset(toSlot);
    if (memory.get(INT, toAt) != 0) {
      throw new IllegalStateException(
          options.name() + ": slot " + toSlot + " of the target is not empty");
    }
    int moved = memory.get(INT, fromAt);
    if (moved != 0) {
      store.sides.cycleMarks.shade(moved);
    }
    memory.set(INT, toAt, moved);
    memory.set(INT, fromAt, 0);
    stored(target);
  }

  /**
   * Moves the references of slots in a row to other ones, of the same or of another object, if
   * nobody has to be told of single ones. Neither object is opaque; the slots that references come
   * to are empty, or are among those that they leave.
   *
   * @param count how many, 1 or more
   * @return whether it did; if not, nothing has changed
   */
  public final boolean tryMoveRefs(long from, int fromSlot, long to, int toSlot, int count) {
    long source = from ^ tag;
    long target = to ^ tag;
    if (Thread.currentThread() != owner
        || Long.compareUnsigned(source, storeLimit) >= 0
        || Long.compareUnsigned(target, storeLimit) >= 0) {
      return false;
    }
    MemorySegment memory = space.memory();
    long bytes = (long) count << 2;
    long fromAt = (source << 4) + Checks.slotOffset(fromSlot);
    long toAt = (target << 4) + Checks.slotOffset(toSlot);
    MemorySegment.copy(memory, fromAt, memory, toAt, bytes);
    if (toAt < fromAt) {
      long begin = Math.max(fromAt, toAt + bytes);
      clear(memory, begin, fromAt + bytes - begin);
    } else {
      clear(memory, fromAt, Math.min(toAt - fromAt, bytes));
    }
    stored(target << 4);
    return true;
  }

  private static void clear(MemorySegment memory, long at, long bytes) {
    if (bytes == Integer.BYTES) { // where elements are shifted by one: without a Java object
      memory.set(INT, at, 0);
    } else {
      memory.asSlice(at, bytes).fill((byte) 0);
    }
  }
}
