package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * Reads and stores references in slots of a confined heap.
 *
 * <p>A store counts the new target before it touches the slot, so that what fails leaves all as it
 * was, and releases the former target last, since that may call user code.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class SlotAccess extends CountAccess permits MoveAccess {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** The bits of an id: what the JIT has to be told of one below a limit. */
  private static final long IDS = 0xFFFF_FFFFL;

  SlotAccess(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
  }

  /** Where an object begins one of whose slots is read. */
  private long slot(long ref, int slot) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? id << 4 : checks.slot(ref, slot);
  }

  /** Where an object begins one of whose slots is changed. */
  final long slotForUpdate(long ref, int slot) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? id << 4 : checks.slotForUpdate(ref, slot);
  }

  public final long getRef(long ref, int slot) {
    long id = ref ^ tag;
    long place = (id << 4) + Checks.slotOffset(slot);
    // another heap's tag, or none, puts the place beyond the end whatever the slot is
    if (isOwner() && isQuickPlace(place)) {
      int target = quickGetInt(quickAddress(place));
      return target == 0 ? Heap.NULL : tag | Integer.toUnsignedLong(target);
    }
    return getRefSlowly(ref, slot);
  }

  private long getRefSlowly(long ref, int slot) {
    long object = slot(ref, slot);
    return referenceOrNull(space.memory().get(INT, object + Checks.slotOffset(slot)));
  }

  /*
   * From some number of nodes on the JIT inlines no more methods of the program into a method, and
   * an access through a segment makes some 2500 nodes before they are folded. The JDK's own methods
   * below the access are marked to be inlined in any case, only later. So the stores are written
   * out on segments: a helper method might be a call where two stores are in one method. Those in
   * front of the first access are inlined where the store is.
   */

  public final long loadRef(long ref, int slot) {
    long target = getRef(ref, slot);
    if (target != Heap.NULL) {
      retain(target);
    }
    return target;
  }

  public final void setRef(long ref, int slot, long value) {
    long id = ref ^ tag;
    long target = value ^ tag;
    long object = (id & IDS) << 4;
    long place = object + Checks.slotOffset(slot & Integer.MAX_VALUE);
    if (isQuickStore(id, slot, place, target)) {
      MemorySegment memory = quickMemory();
      long begin = base & Words.ADDRESSES;
      long at = begin + place;
      long old = Integer.toUnsignedLong(memory.get(INT, at));
      if (old < storeLimit && old != target && id != target) {
        long holder = memory.get(LONG, begin + object);
        long oldAt = begin + (old << 4);
        long former = memory.get(LONG, oldAt);
        // the former target is counted from elsewhere too, or there is none
        if ((int) holder != 0
            && ((holder | former) & (Header.OPAQUE | Header.OVERFLOWN)) == 0
            && ((int) former + Integer.MIN_VALUE > (int) Header.INTERNAL_ONE + Integer.MIN_VALUE
                || old == 0)) {
          if (((int) holder & (int) Header.INTERNAL) != 0) {
            closing = true;
          }
          long targetAt = begin + ((target & IDS) << 4);
          long header = memory.get(LONG, targetAt);
          // alive, and the count is not full
          if ((int) header - 1 + Integer.MIN_VALUE
              < ((int) Header.INTERNAL - 1 ^ Integer.MIN_VALUE)) {
            memory.set(INT, at, (int) target);
            memory.set(LONG, targetAt, header + Header.INTERNAL_ONE);
            if (old != 0) {
              memory.set(LONG, oldAt, former - Header.INTERNAL_ONE);
            }
            return;
          }
        }
      }
    }
    setRefCounted(ref, slot, value);
  }

  /** Whether the object, the slot and the target of a store are in the memory. */
  private boolean isQuickStore(long id, int slot, long place, long target) {
    return Thread.currentThread() == owner
        && slot >= 0
        && Long.compareUnsigned(id, storeLimit) < 0
        && Long.compareUnsigned(target, storeLimit) < 0
        && place < quickEnd;
  }

  private MemorySegment quickMemory() {
    return Words.ALL != null ? Words.ALL : space.memory();
  }

  /** The same where the former target may die, or the count of one is moved. */
  private void setRefCounted(long ref, int slot, long value) {
    long limit = storeLimit;
    long id = ref ^ tag;
    long target = value ^ tag;
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
      if (holding != 0
          && holding < Header.OPAQUE
          && (int) header != 0
          && (header & Header.INTERNAL) != Header.INTERNAL) {
        long at = begin + place & Words.ADDRESSES;
        long old = Integer.toUnsignedLong(memory.get(INT, at));
        if (old != target) {
          if (holding >= Header.INTERNAL_ONE || id == target) {
            closing = true;
          }
          memory.set(LONG, targetAt, header + Header.INTERNAL_ONE);
          memory.set(INT, at, (int) target);
          if (old != 0) {
            uncountOld(old);
          }
        }
        return;
      }
    }
    setRefSlowly(ref, slot, value);
  }

  /**
   * Stores a reference while an incremental collection is under way, which is told of the target.
   *
   * @param moved whether the reference is owned, and is taken over
   * @return whether it was stored; if not, nothing has changed
   */
  final boolean storeInCycle(long ref, int slot, long value, boolean moved) {
    long id = ref ^ tag;
    long target = value ^ tag;
    long object = id << 4;
    long place = object + Checks.slotOffset(slot);
    if (storeLimit == 0 && isQuickHere(id) && isQuick(target) && isQuickPlace(place)) {
      MemorySegment memory = quickMemory();
      long targetAt = base + (target << 4) & Words.ADDRESSES;
      long holding = memory.get(LONG, base + object & Words.ADDRESSES) & Header.OPEN;
      long header = memory.get(LONG, targetAt);
      if (holding != 0
          && holding < Header.OPAQUE
          && canCount(header, moved)
          && store.sides.cycleMarks.stores((int) id, (int) target)) {
        closing |= holding >= Header.INTERNAL_ONE || id == target;
        long at = base + place & Words.ADDRESSES;
        int old = memory.get(INT, at);
        memory.set(LONG, targetAt, header + (moved ? Header.MOVED : Header.INTERNAL_ONE));
        if (moved && Header.isOwnedOnce(header)) {
          store.unrooted();
        }
        memory.set(INT, at, (int) target);
        if (old != 0) {
          quickUncount(old);
        }
        return true;
      }
    }
    return false;
  }

  /** Whether a new edge to an object can be counted in its header. */
  private static boolean canCount(long header, boolean moved) {
    return moved
        ? Header.isMovable(header)
        : Header.isCounted(header) && Header.canAddInternal(header);
  }

  private void setRefSlowly(long ref, int slot, long value) {
    if (value == Heap.NULL ? clearQuickly(ref, slot) : storeInCycle(ref, slot, value, false)) {
      return;
    }
    long object = slotForUpdate(ref, slot);
    long valueId = value ^ tag;
    int target = value == Heap.NULL ? 0 : isQuick(valueId) ? (int) valueId : checks.target(value);
    if (checked) {
      checks.checkTarget(ref, slot, value);
    }
    store(ref, object, object + Checks.slotOffset(slot), target, value);
  }

  /** Empties a slot, unless more is to be looked at. */
  private boolean clearQuickly(long ref, int slot) {
    long id = ref ^ tag;
    long place = (id << 4) + Checks.slotOffset(slot);
    if (!isQuickHere(id) || !isQuickPlace(place) || isCondemning()) {
      return false;
    }
    long header = quickGet(quickAddress(id << 4));
    if (!Header.isCounted(header) || Header.has(header, Header.OPAQUE)) {
      return false;
    }
    long at = quickAddress(place);
    int old = quickGetInt(at);
    if (old != 0) {
      quickSetInt(at, 0);
      quickUncount(old);
    }
    return true;
  }

  private void store(long ref, long object, long at, int target, long value) {
    boolean opaque = Header.has(liveHeader(ref, object), Header.OPAQUE);
    int old = space.memory().get(INT, at);
    if (target != 0) {
      liveHeader(value, space.offset(target));
      count(target, opaque);
      stored(object);
    }
    space.memory().set(INT, at, target);
    if (old != 0) {
      uncount(old, opaque);
    }
  }

  // ------------------------------------------------------- what may close a cycle

  /** A reference was stored in an object, and is counted: notes it if that may close a cycle. */
  final void stored(long object) {
    closing |= Header.has(header(object), Header.INTERNAL);
  }

  /**
   * Tells whether since it was last asked a reference was stored that may have closed a cycle.
   *
   * <p>The edge of a cycle that is stored last is stored in an object that another edge of the
   * cycle refers to already, unless an object refers to itself. So where all references were stored
   * in objects that no slot referred to by then, as in structures that are built from the leaves
   * up, there are no new cycles, and no garbage that counting does not find.
   */
  public final boolean takeClosing() {
    boolean before = closing;
    closing = false;
    return before;
  }

  /** Objects became young again that may be in cycles. */
  final void noteClosing() {
    closing = true;
  }
}
