package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.Tail;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * Counting, slots and tails of a confined heap: everything that makes and ends references.
 *
 * <p>A store counts the new target before it touches the slot, so that what fails leaves all as it
 * was, and releases the former target last, since that may call user code.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class SlotAccess extends PlaceAccess permits ConfinedHeap {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** The bits of an id: what the JIT has to be told of one below a limit. */
  private static final long IDS = 0xFFFF_FFFFL;

  final Counts counts;

  /** In debug mode only. */
  final @Nullable Ledger ledger;

  SlotAccess(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
    this.counts = new Counts(store, checked);
    this.ledger = options.mode() == HeapMode.DEBUG ? new Ledger() : null;
  }

  /** Takes an object apart whose count has become 0. */
  abstract void kill(int id);

  /** Takes apart what waits for it, see {@link Death}: counts are exact then. */
  abstract void finishDeaths();

  // --------------------------------------------------------------------- counting

  public final void retain(long ref) {
    long id = ref ^ tag;
    if (isQuickHere(id)) {
      long object = quickAddress(id << 4);
      long header = quickGet(object);
      if (Header.isCounted(header) && Header.canAddExternal(header)) {
        if (Header.has(header, Header.EXTERNAL)) {
          quickSet(object, header + Header.EXTERNAL_ONE);
          return;
        }
        if (storeLimit != 0) {
          quickSet(object, header + Header.EXTERNAL_ONE);
          store.rooted();
          return;
        }
      }
    }
    retainSlowly(ref);
  }

  private void retainSlowly(long ref) {
    checkLiveForUpdate(ref);
    own((int) ref, "an owned reference");
  }

  private void checkLiveForUpdate(long ref) {
    liveHeader(ref, objectForUpdate(ref));
  }

  /** Counts an owned reference; where it is for the user, failures are the user's exception. */
  void own(int id, @Nullable String what) {
    try {
      counts.addExternal(id);
    } catch (AllocatorException e) {
      throw what == null ? e : exhausted(0, e);
    }
    if (ledger != null) {
      ledger.taken(id);
    }
  }

  public final void release(long ref) {
    long id = ref ^ tag;
    if (isQuickHere(id)) {
      long object = quickAddress(id << 4);
      long header = quickGet(object);
      int external = Header.external(header);
      if (external > 1 || external != 0 && !Header.has(header, Header.OVERFLOWN)) {
        long rest = header - Header.EXTERNAL_ONE;
        quickSet(object, rest);
        if (external == 1) {
          store.unrooted();
          if (!Header.isCounted(rest)) {
            killUncounted((int) id, rest);
          }
        }
        return;
      }
    }
    releaseSlowly(ref);
  }

  /** The last reference to an object has gone. */
  private void killUncounted(int id, long header) {
    if (!store.quickFree(id, header) && !Header.has(header, Header.HELD)) {
      kill(id);
    }
  }

  private void releaseSlowly(long ref) {
    if (ref == Heap.NULL) {
      checkThread();
      checks.checkOpen();
      return;
    }
    long object = objectForUpdate(ref);
    long header = header(object);
    if ((header & Header.EXTERNAL) == 0) {
      throw (header & Header.ALIVE) == 0 ? checks.dead(ref) : checks.notOwned(ref);
    }
    if (checked) {
      checkOwned(ref, header);
    }
    disown((int) ref);
  }

  /** That not all of the external count belongs to slots of opaque objects. */
  private void checkOwned(long ref, long header) {
    EdgeLedger edges = counts.edges();
    if (edges != null && counts.external((int) ref, header) <= edges.opaque((int) ref)) {
      throw checks.notOwned(ref);
    }
  }

  /** Gives an owned reference back. */
  void disown(int id) {
    if (ledger != null) {
      ledger.given(id);
    }
    if (counts.dropExternal(id)) {
      kill(id);
    }
  }

  public final long refCount(long ref) {
    checkThread();
    finishDeaths();
    long header = liveHeader(ref, object(ref));
    int id = (int) ref;
    return counts.internal(id, header) + counts.external(id, header);
  }

  public final long externalCount(long ref) {
    return counts.external((int) ref, liveHeader(ref, object(ref)));
  }

  // ------------------------------------------------------------------------ slots

  /** Where an object begins one of whose slots is read. */
  private long slot(long ref, int slot) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? id << 4 : checks.slot(ref, slot);
  }

  /** Where an object begins one of whose slots is changed. */
  private long slotForUpdate(long ref, int slot) {
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

  /** Takes an edge of an object back that is not opaque. */
  private void uncountOld(long old) {
    if (old < quickLimit) {
      MemorySegment memory = Words.ALL != null ? Words.ALL : space.memory();
      long at = base + (old << 4) & Words.ADDRESSES;
      long header = memory.get(LONG, at);
      long counted = header & Header.INLINE;
      // counted from somewhere else too, and all of it in the header
      if (counted > Header.INTERNAL_ONE && counted < Header.OVERFLOWN) {
        memory.set(LONG, at, header - Header.INTERNAL_ONE);
        return;
      }
    }
    quickUncount((int) old);
  }

  /** The same, of any count, and where the object is to die now. */
  private void quickUncount(int old) {
    long id = Integer.toUnsignedLong(old);
    if (isQuick(id)) {
      long object = quickAddress(id << 4);
      long header = quickGet(object);
      int internal = Header.internal(header);
      if (internal > 1 || internal != 0 && !Header.has(header, Header.OVERFLOWN)) {
        long rest = header - Header.INTERNAL_ONE;
        quickSet(object, rest);
        if (!Header.isCounted(rest)) {
          killUncounted(old, rest);
        }
        return;
      }
    }
    uncount(old, false);
  }

  /**
   * The same while an incremental collection is under way, which is told of the target.
   *
   * @return whether it was stored; if not, nothing has changed
   */
  private boolean setRefInCycle(long ref, int slot, long value) {
    long limit = quickLimit;
    long id = ref ^ tag;
    long target = value ^ tag;
    long object = id << 4;
    long place = object + Checks.slotOffset(slot);
    if (storeLimit == 0
        && Thread.currentThread() == owner
        && Long.compareUnsigned(id, limit) < 0
        && Long.compareUnsigned(target, limit) < 0
        && Long.compareUnsigned(place, quickEnd) < 0) {
      MemorySegment memory = quickMemory();
      long targetAt = base + (target << 4) & Words.ADDRESSES;
      long holding = memory.get(LONG, base + object & Words.ADDRESSES) & Header.OPEN;
      long header = memory.get(LONG, targetAt);
      if (holding != 0
          && holding < Header.OPAQUE
          && (int) header != 0
          && (header & Header.INTERNAL) != Header.INTERNAL
          && store.sides.cycleMarks.stores((int) id, (int) target)) {
        closing |= holding >= Header.INTERNAL_ONE || id == target;
        long at = base + place & Words.ADDRESSES;
        int old = memory.get(INT, at);
        memory.set(LONG, targetAt, header + Header.INTERNAL_ONE);
        memory.set(INT, at, (int) target);
        if (old != 0) {
          quickUncount(old);
        }
        return true;
      }
    }
    return false;
  }

  private void setRefSlowly(long ref, int slot, long value) {
    if (value == Heap.NULL ? clearQuickly(ref, slot) : setRefInCycle(ref, slot, value)) {
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

  /** A reference was stored in an object, and is counted: notes it if that may close a cycle. */
  private void stored(long object) {
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

  /** Counts an edge. */
  private void count(int target, boolean opaque) {
    try {
      if (opaque) {
        counts.addOpaque(target);
      } else {
        counts.addInternal(target);
      }
    } catch (AllocatorException e) {
      throw exhausted(0, e);
    }
  }

  /** Takes an edge back. */
  private void uncount(int target, boolean opaque) {
    if (opaque ? counts.dropOpaque(target) : counts.dropInternal(target)) {
      kill(target);
    }
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

  /** As {@link #setRefInCycle}. */
  private boolean setRefMovedInCycle(long ref, int slot, long owned) {
    long limit = quickLimit;
    long id = ref ^ tag;
    long target = owned ^ tag;
    long object = id << 4;
    long place = object + Checks.slotOffset(slot);
    if (storeLimit == 0
        && Thread.currentThread() == owner
        && Long.compareUnsigned(id, limit) < 0
        && Long.compareUnsigned(target, limit) < 0
        && Long.compareUnsigned(place, quickEnd) < 0) {
      MemorySegment memory = quickMemory();
      long targetAt = base + (target << 4) & Words.ADDRESSES;
      long holding = memory.get(LONG, base + object & Words.ADDRESSES) & Header.OPEN;
      long header = memory.get(LONG, targetAt);
      if (holding != 0
          && holding < Header.OPAQUE
          && Header.isMovable(header)
          && store.sides.cycleMarks.stores((int) id, (int) target)) {
        closing |= holding >= Header.INTERNAL_ONE || id == target;
        long at = base + place & Words.ADDRESSES;
        int old = memory.get(INT, at);
        memory.set(LONG, targetAt, header + Header.MOVED);
        if (Header.isOwnedOnce(header)) {
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

  private void setRefMovedSlowly(long ref, int slot, long owned) {
    if (setRefMovedInCycle(ref, slot, owned)) {
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

  public final void addEdge(long target) {
    liveHeader(target, objectForUpdate(target));
    int id = (int) target;
    count(id, false);
    closing = true; // of whom is not known
    EdgeLedger edges = counts.edges();
    if (edges != null) {
      try {
        edges.addByHand(id);
      } catch (AllocatorException e) {
        uncount(id, false);
        throw exhausted(0, e);
      }
    }
  }

  public final void removeEdge(long target) {
    long header = liveHeader(target, objectForUpdate(target));
    int id = (int) target;
    EdgeLedger edges = counts.edges();
    if ((header & Header.INTERNAL) == 0 || edges != null && edges.byHand(id) == 0) {
      throw checks.notOwned(target);
    }
    if (edges != null) {
      edges.dropByHand(id);
    }
    uncount(id, false);
  }

  // ------------------------------------------------------------------------ tails

  public final int length(long ref) {
    long object = object(ref);
    if (store.info(liveHeader(ref, object)).tail == Tail.NONE) {
      throw checks.wrongType(ref, "array");
    }
    return space.memory().get(INT, object + TypeInfo.LENGTH);
  }

  public final int byteLength(long ref) {
    long object = object(ref);
    if (store.info(liveHeader(ref, object)).tail != Tail.REFERENCES_AND_BYTES) {
      throw checks.wrongType(ref, "object with references and bytes");
    }
    return space.memory().get(INT, object + TypeInfo.BYTE_LENGTH);
  }

  public final long getElement(long ref, int index) {
    long object = object(ref);
    liveHeader(ref, object);
    int slot = checks.elementSlot(ref, object, index);
    return referenceOrNull(space.memory().get(INT, object + Checks.slotOffset(slot)));
  }

  public final long loadElement(long ref, int index) {
    long target = getElement(ref, index);
    if (target != Heap.NULL) {
      retain(target);
    }
    return target;
  }

  public final void setElement(long ref, int index, long value) {
    setRef(ref, elementSlot(ref, index), value);
  }

  public final int elementSlot(long ref, int index) {
    long object = object(ref);
    liveHeader(ref, object);
    return checks.elementSlot(ref, object, index);
  }

  // ------------------------------------------------------- for the other packages

  /** Takes a reference for the library's own lists; may fail with an AllocatorException. */
  public final void ownInternally(int id) {
    own(id, null);
  }

  public final void disownInternally(int id) {
    disown(id);
  }

  /** How many owners of an object the ledger knows; -1 without a ledger. */
  public final int ledgerCount(int id) {
    return ledger == null ? -1 : ledger.count(id);
  }

  public final Counts counts() {
    return counts;
  }
}
