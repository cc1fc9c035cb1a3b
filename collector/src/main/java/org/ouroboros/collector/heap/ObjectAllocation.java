package org.ouroboros.collector.heap;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.allocator.budget.BudgetExceededException;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.Tail;
import org.ouroboros.collector.cycle.CycleCollector;
import org.ouroboros.collector.space.Header;

/**
 * Makes the objects of a confined heap: the quick ways, which look at nothing but what the store
 * has ready, and the long one, which first does whatever is due and, where memory is short,
 * collects and tries once more.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class ObjectAllocation extends ShapeAccess permits WeakAccess {

  ObjectAllocation(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
  }

  /** The collector, which may have something to do before an object is made. */
  abstract CycleCollector cycles();

  /**
   * Does what waits for the next object to be made: gives back what Java code has let go, goes on
   * with pending deaths, collects if that is due.
   *
   * @param length of the object to be made
   * @param bytes after its references
   */
  abstract void beforeAllocation(ObjectType type, int length, int bytes);

  /** Notes whether anything waits for the next object to be made. */
  abstract void updateWork();

  public final long allocate(ObjectType type) {
    if (isOwner()) {
      int id = store.quickCreate(type);
      if (id != 0) {
        return tag | Integer.toUnsignedLong(id);
      }
    }
    return allocateSlowly(type);
  }

  /** The same, with a look at everything. */
  final long allocateSlowly(ObjectType type) {
    if (storeLimit == 0 && quickLimit != 0 && isOwner()) {
      int id = createInCycle(type);
      if (id != 0) {
        return tag | Integer.toUnsignedLong(id);
      }
    }
    if (type.tail() != Tail.NONE) {
      throw new IllegalArgumentException(type + " has a tail: its length is needed");
    }
    return make(type, 0, 0);
  }

  public final long allocateOwning(ObjectType type, long first, long second) {
    long limit = storeLimit;
    long one = first ^ tag;
    long other = second ^ tag;
    if (isOwner()
        && Long.compareUnsigned(one, limit) < 0
        && Long.compareUnsigned(other, limit) < 0
        && one != other) {
      long oneAt = quickAddress(one << 4);
      long otherAt = quickAddress(other << 4);
      long oneHeader = quickGet(oneAt);
      long otherHeader = quickGet(otherAt);
      if (Header.isOwnedAlone(oneHeader) && Header.isOwnedAlone(otherHeader)) {
        int id = store.quickCreate(type, TypeInfo.pair(one, other));
        if (id != 0) {
          quickSet(oneAt, oneHeader + Header.MOVED);
          quickSet(otherAt, otherHeader + Header.MOVED);
          store.unrootedBoth();
          return tag | Integer.toUnsignedLong(id);
        }
      }
    }
    return allocateOwningSlowly(type, first, second);
  }

  private long allocateOwningSlowly(ObjectType type, long first, long second) {
    if (type.tail() != Tail.NONE || type.slotOffsets().size() < 2) {
      throw new IllegalArgumentException(type + " has a tail, or less than two references");
    }
    checkThread();
    checkMovable(first);
    checkMovable(second);
    long made = make(type, 0, 0);
    int moved = 0;
    try {
      setRefMoved(made, type.slot(0), first);
      moved++;
      setRefMoved(made, type.slot(1), second);
      moved++;
    } finally {
      if (moved == 1) {
        takeRef(made, type.slot(0));
      }
      if (moved < 2) {
        release(made);
      }
    }
    return made;
  }

  private void checkMovable(long owned) {
    if (owned != Heap.NULL && (liveHeader(owned, objectForUpdate(owned)) & Header.EXTERNAL) == 0) {
      throw checks.notOwned(owned);
    }
  }

  public final long allocate(ObjectType type, int length) {
    if (type.tail() != Tail.REFERENCES && type.tail() != Tail.ELEMENTS
        || length < 0
        || length > ObjectType.MAX_LENGTH) {
      throw new IllegalArgumentException(type + " with a length of " + length);
    }
    return make(type, length, 0);
  }

  public final long allocate(ObjectType type, int length, int bytes) {
    if (type.tail() != Tail.REFERENCES_AND_BYTES
        || (length | bytes) < 0
        || length > ObjectType.MAX_LENGTH) {
      throw new IllegalArgumentException(
          type + " with " + length + " references and " + bytes + " bytes");
    }
    return make(type, length, bytes);
  }

  private long make(ObjectType type, int length, int bytes) {
    checkThread();
    checks.checkMutable();
    if (type == ObjectType.WEAK_REFERENCE) {
      throw new IllegalArgumentException("weak references are made with newWeak");
    }
    return reference(makeObject(type, length, bytes));
  }

  /**
   * Makes an object while an incremental collection is under way, if its type is a simple one, a
   * block is at hand, and it is not yet time to look whether there is something else to be done.
   *
   * @return its id; 0 if it is not that simple: nothing has been done then
   */
  private int createInCycle(ObjectType type) {
    return mayCreateInCycle() && cycles().mayPass() ? store.createInCycle(type) : 0;
  }

  final int makeObject(ObjectType type, int length, int bytes) {
    beforeAllocation(type, length, bytes);
    int id;
    try {
      id = store.create(store.info(type), length, bytes);
    } catch (AllocatorException | OutOfMemoryError e) {
      id = makeAfterCollection(type, length, bytes);
    }
    updateWork();
    if (ledger != null) {
      ledger.taken(id);
    }
    return id;
  }

  private int makeAfterCollection(ObjectType type, int length, int bytes) {
    cycles().collect(Collector.OLDEST);
    store.endQuarantine();
    try {
      return store.create(store.info(type), length, bytes);
    } catch (AllocatorException | OutOfMemoryError e) {
      throw new HeapExhaustedException(
          options.name(),
          new TypeInfo(type, null).size(length, bytes),
          options.limitBytes(),
          "an object of type "
              + type.name()
              + " on the "
              + space.name()
              + (e instanceof BudgetExceededException ? ": " + e.getMessage() : ""),
          e);
    }
  }
}
