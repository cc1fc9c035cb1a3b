package org.ouroboros.collector.collections;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.SharedHeap;

/**
 * What all collections have in common.
 *
 * <p>A collection is an object of a {@link Heap}, and named by a reference as every object is. The
 * Java object is only its face: one for each kind of collection and heap, without state of its own,
 * so that no operation makes a Java object. A collection and its table are two objects:
 *
 * <pre>
 *   0        8      12        16     20      24
 *   | header | size | changes | kind | table | what the kind needs
 * </pre>
 *
 * <p><b>Ownership.</b> {@code allocate} gives an owned reference to a new collection. What is put
 * into a collection is counted by it, as by a slot; methods called {@code ...Moved} take an owned
 * reference over instead. What {@code get} returns is borrowed. What is removed is given back; what
 * is taken, by {@code take}, is the caller's. The collection that is worked on must be held by
 * someone: a reference the caller owns, or a slot.
 *
 * <p><b>Cycles.</b> Tables are arrays of references, which the collector follows: a collection that
 * contains itself, directly or not, is freed by it.
 *
 * <p><b>Errors.</b> A reference that is no such collection is refused with {@link
 * InvalidReferenceException}, in all modes; that a collection is dead is found as the heap's {@link
 * org.ouroboros.collector.HeapMode} says. What throws leaves the collection as it was: if there is
 * no memory to grow, {@link org.ouroboros.collector.HeapExhaustedException}, nothing is lost.
 * Finalizers and callbacks that run when a value dies, or because the heap collects before it gives
 * memory, may use the collection: it is whole whenever they run.
 *
 * <p>Thread rule: as the heap.
 */
public abstract sealed class HeapCollection permits RefList, LongList, HashTable, LruCache {

  /** Size in the lower half, number of changes in the upper one: one access for both. */
  static final long STATE = 8;

  /**
   * What an operation needs first, in one access. The lower half is the kind:
   *
   * <pre>
   *   63            32 31          5 4       0
   *   |  id of table  |  type's id  | places |
   * </pre>
   *
   * where maps keep the binary logarithm of how many places the table has, 0 for no table.
   */
  static final long WORD = 16;

  private static final int PLACES = 5;

  /** The slot of the table. */
  static final int TABLE = 3;

  static final long CHANGED = 1L << 32;
  static final long ADDED = CHANGED + 1;
  static final long REMOVED = CHANGED - 1;

  final Heap heap;
  private final ObjectType type;

  /** The kind, without places. */
  private final int kind;

  /** Whether the word tells all: references have no versions, and its lower half comes first. */
  private final boolean plain;

  /** The heap, if the table's id that the word tells is also a place in its memory. */
  final @Nullable ConfinedHeap quick;

  HeapCollection(Heap heap, ObjectType type) {
    if (heap instanceof SharedHeap) {
      throw new UnsupportedOperationException(
          heap.options().name()
              + ": "
              + type.name()
              + " is for confined heaps, since its operations take many steps");
    }
    this.heap = heap;
    this.type = type;
    this.kind = type.id() << PLACES;
    this.plain =
        heap.options().mode() == HeapMode.NORMAL
            && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    this.quick =
        plain && heap instanceof ConfinedHeap confined && confined.hasPlaces() ? confined : null;
  }

  /** The type of a kind of collection; {@code more} follows the common part. */
  static ObjectType rootType(String name, boolean tracked, MemoryLayout... more) {
    MemoryLayout[] all = new MemoryLayout[3 + more.length];
    all[0] = ValueLayout.JAVA_LONG.withName("state");
    all[1] = ValueLayout.JAVA_INT.withName("kind");
    all[2] = ObjectType.REFERENCE.withName("table");
    System.arraycopy(more, 0, all, 3, more.length);
    ObjectType.Builder builder = ObjectType.builder(name).layout(MemoryLayout.structLayout(all));
    ObjectType type = (tracked ? builder : builder.acyclic()).build();
    if (type.offset("state") != STATE
        || type.offset("kind") != WORD
        || type.slot("table") != TABLE) {
      throw new AssertionError(type + " is not laid out as collections are");
    }
    return type;
  }

  /** Where the references of a tail begin, as a slot. */
  static int firstSlot(ObjectType type) {
    return (int) (type.tailOffset(0) - ObjectType.HEADER_BYTES >>> 2);
  }

  /**
   * The heap.
   *
   * @return whose collections this is for
   */
  public final Heap heap() {
    return heap;
  }

  /**
   * The type of the collections.
   *
   * @return as {@link Heap#typeOf} tells it
   */
  public final ObjectType type() {
    return type;
  }

  /**
   * Makes an empty collection. Its table is made when something is put into it.
   *
   * @return an owned reference
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  long allocateEmpty() {
    long collection = heap.allocate(type);
    heap.setInt(collection, WORD, kind);
    return collection;
  }

  /**
   * How many entries there are.
   *
   * @param collection a live collection
   * @return 0 or more
   */
  public final int size(long collection) {
    word(collection);
    return sizeIn(state(collection));
  }

  /**
   * Whether there are none.
   *
   * @param collection a live collection
   * @return whether the size is 0
   */
  public final boolean isEmpty(long collection) {
    return size(collection) == 0;
  }

  // ---------------------------------------------------------------------- for the kinds

  /** That a reference is one to such a collection, which is alive. */
  final void check(long collection) {
    if (heap.typeOf(collection) != type) {
      throw wrongType(collection);
    }
  }

  /** Reads the word of a collection; that it is one is checked. */
  final long word(long collection) {
    if (!plain) {
      check(collection);
      return heap.getInt(collection, WORD);
    }
    long word = heap.getLong(collection, WORD);
    if (((int) word ^ kind) >>> PLACES != 0) {
      check(collection);
      throw new IllegalStateException(type.name() + " that was not made by allocate()");
    }
    return word;
  }

  /** How many places the table of a map has. */
  static int capacity(long word) {
    return 1 << (int) (word & (1 << PLACES) - 1) & -2;
  }

  /** The binary logarithm of how many places the table of a map has; 0 for no table. */
  static int places(long word) {
    return (int) word & (1 << PLACES) - 1;
  }

  /** Where the table is in the memory of {@link #quick}. */
  static long tablePlace(long word) {
    return word >>> 32 << 4;
  }

  /** The table, if there is one. */
  final long table(long collection, long word) {
    return plain ? collection & -1L << 32 | word >>> 32 : heap.getRef(collection, TABLE);
  }

  private InvalidReferenceException wrongType(long ref) {
    return new InvalidReferenceException(
        heap.options().name(),
        ref,
        Kind.WRONG_TYPE,
        "is of type " + heap.typeOf(ref).name() + ", and no " + type.name());
  }

  /** That there is something to put in. */
  final void requireObject(long value) {
    if (value == Heap.NULL) {
      throw new InvalidReferenceException(
          heap.options().name(), value, Kind.NULL, "maps hold no null: remove the entry instead");
    }
  }

  final long state(long collection) {
    return heap.getLong(collection, STATE);
  }

  static int sizeIn(long state) {
    return (int) state;
  }

  final void setState(long collection, long state) {
    heap.setLong(collection, STATE, state);
  }

  /** Notes how many places the table of a map has: a power of two from 2 on, or 0. */
  final void setPlaces(long collection, int capacity) {
    int places = capacity == 0 ? 0 : Integer.numberOfTrailingZeros(capacity);
    heap.setInt(collection, WORD, kind | places);
  }

  final long table(long collection) {
    return heap.getRef(collection, TABLE);
  }

  /** Makes a collection empty; its former table is the caller's to release, with all in it. */
  final long detach(long collection) {
    long table = heap.takeRef(collection, TABLE);
    setPlaces(collection, 0);
    long state = state(collection);
    setState(collection, state - sizeIn(state) + CHANGED);
    return table;
  }

  /**
   * Allocates for a collection, which may collect and so call user code: what is worked with is
   * held meanwhile. The collection is alive afterwards, and may have been changed.
   *
   * @param one what else is needed, or null
   * @param other what else is needed, or null
   * @param bytes behind references; -1 for a table without
   */
  final long allocateHolding(
      long collection, long one, long other, ObjectType table, int length, int bytes) {
    long made;
    hold(collection, one);
    try {
      hold(collection, other);
      try {
        made = bytes < 0 ? heap.allocate(table, length) : heap.allocate(table, length, bytes);
      } finally {
        unhold(collection, other);
      }
    } finally {
      unhold(collection, one);
    }
    try {
      check(collection);
    } catch (RuntimeException e) { // user code let it die
      heap.release(made);
      throw e;
    }
    return made;
  }

  /** Makes the table of a list longer where it is, if that is possible. */
  final boolean lengthen(long list, int size, int capacity) {
    ConfinedHeap quick = this.quick;
    return quick != null && size != 0 && quick.tryLengthen(table(list), capacity);
  }

  final void hold(long collection, long value) {
    heap.retain(collection);
    if (value != Heap.NULL) {
      try {
        heap.retain(value);
      } catch (RuntimeException e) {
        heap.release(collection);
        throw e;
      }
    }
  }

  final void unhold(long collection, long value) {
    heap.release(value);
    heap.release(collection);
  }

  final CollectionChangedException changed() {
    return new CollectionChangedException(heap.options().name(), type.name());
  }

  /** That a collection is as it was when its state was read. */
  final void requireUnchanged(long collection, long state) {
    if (state(collection) != state) {
      throw changed();
    }
  }

  /** The same after code of the user has run, which may have let the collection die. */
  final void requireUnchangedAlive(long collection, long state) {
    ConfinedHeap quick = this.quick;
    if (quick == null || !quick.isAlive(collection, type.id(), STATE, state)) {
      check(collection);
      requireUnchanged(collection, state);
    }
  }

  @Override
  public final String toString() {
    return type.name() + " face of " + heap;
  }
}
