package org.ouroboros.collector.collections;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;

/**
 * Hash maps from {@code long} to references.
 *
 * <pre>{@code
 * LongRefMap maps = new LongRefMap(heap);
 * long map = scope.own(maps.allocate());
 * maps.putMoved(map, 42, heap.allocate(NODE)); // the map owns the node now
 * COUNT.add(heap, maps.get(map, 42), 1);
 * maps.remove(map, 42); // and here it dies
 * }</pre>
 *
 * <p>A table is one object: references to the values, then the keys. A key is found by reading keys
 * alone, and then one reference; key 0 marks a free place, so the value of the key 0 is beside the
 * table. An entry takes 12 bytes a place: 16 to 32 bytes, 24 on average, and 36 to 48 for as long
 * as the table is being replaced.
 *
 * <p>See {@link HeapCollection} for what holds for all collections.
 */
public final class LongRefMap extends HashTable {

  private static final ObjectType ENTRIES =
      ObjectType.builder("long-ref table").referencesAndBytes().build();

  private static final ObjectType ROOT =
      rootType("long-ref map", true, ObjectType.REFERENCE.withName("zero"));

  /** The slot of the value of key 0. */
  private static final int ZERO = ROOT.slot("zero");

  /** The slot of the value at position 0. */
  private static final int VALUES = firstSlot(ENTRIES);

  private static final long FIRST = ENTRIES.tailOffset(0);

  /**
   * Makes the face of a heap's maps.
   *
   * @param heap the heap
   */
  public LongRefMap(Heap heap) {
    super(heap, ROOT);
  }

  // ------------------------------------------------------------------------- looking up

  /**
   * The value of a key.
   *
   * @param map a live map
   * @param key any value
   * @return a borrowed reference; {@link Heap#NULL} if the map does not have the key
   */
  public long get(long map, long key) {
    long word = word(map);
    if (key == 0) {
      return heap.getRef(map, ZERO);
    }
    int places = places(word);
    if (places == 0) {
      return Heap.NULL;
    }
    ConfinedHeap quick = this.quick;
    if (quick != null) {
      long at = findPlace(quick, tablePlace(word), places, key);
      return at < 0 ? Heap.NULL : quick.referenceAt(at);
    }
    long table = table(map, word);
    int position = find(table, 1 << places, key);
    return position < 0 ? Heap.NULL : heap.getRef(table, VALUES + position);
  }

  /** Where the value of a key other than 0 is in the heap's memory; negative if it is not there. */
  private static long findPlace(ConfinedHeap quick, long table, int places, long key) {
    long values = table + FIRST;
    long keys = values + (4L << places);
    int mask = (1 << places) - 1;
    int position = Hashes.position(key, mask);
    while (true) {
      long found = quick.longAt(keys + 8L * position);
      if (found == key) {
        return values + 4L * position;
      }
      if (found == 0) {
        return -1;
      }
      position = position + 1 & mask;
    }
  }

  /**
   * Whether a map has a key.
   *
   * @param map a live map
   * @param key any value
   * @return true if it has
   */
  public boolean containsKey(long map, long key) {
    return get(map, key) != Heap.NULL;
  }

  /** The position of a key other than 0; if it is not there {@code ~} of where it belongs. */
  private int find(long table, int capacity, long key) {
    long keys = keys(capacity);
    int position = Hashes.position(key, capacity - 1);
    while (true) {
      long found = heap.getLong(table, keys + 8L * position);
      if (found == key) {
        return position;
      }
      if (found == 0) {
        return ~position;
      }
      position = position + 1 & capacity - 1;
    }
  }

  /** Where the keys of a table begin. */
  private static long keys(int capacity) {
    return FIRST + 4L * capacity;
  }

  // ---------------------------------------------------------------------------- putting

  /**
   * Puts a value, in place of the former one if the key has one.
   *
   * @param map a live map
   * @param key any value
   * @param value a borrowed reference, which the map counts; {@link Heap#NULL} is refused
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public boolean put(long map, long key, long value) {
    return put(map, key, value, false);
  }

  /**
   * Puts an owned value, which the map takes over.
   *
   * @param map a live map
   * @param key any value
   * @param owned an owned reference, unchanged if this throws; {@link Heap#NULL} is refused
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public boolean putMoved(long map, long key, long owned) {
    return put(map, key, owned, true);
  }

  private boolean put(long map, long key, long value, boolean moved) {
    requireObject(value);
    if (!moved && quick != null && tryReplace(quick, map, key, value)) {
      return false;
    }
    while (true) {
      long word = word(map);
      if (key == 0) {
        return putZero(map, value, moved);
      }
      int capacity = capacity(word);
      if (capacity != 0) {
        long table = table(map, word);
        int position = find(table, capacity, key);
        if (position >= 0) {
          store(table, VALUES + position, value, moved);
          return false;
        }
        if (tryAdd(map, table, capacity, ~position, key, value, moved)) {
          return true;
        }
      }
      grow(map, value, Heap.NULL);
    }
  }

  /** Replaces the value of a key, if it is there and nothing is to be done but to count. */
  private boolean tryReplace(ConfinedHeap quick, long map, long key, long value) {
    long word = word(map);
    int places = places(word);
    if (places == 0 || key == 0) {
      return false;
    }
    long at = findPlace(quick, tablePlace(word), places, key);
    return at >= 0 && quick.tryReplaceAt(at, value);
  }

  /** Adds an entry at a position, if there is room for it. */
  private boolean tryAdd(
      long map, long table, int capacity, int position, long key, long value, boolean moved) {
    long state = state(map);
    if (sizeIn(state) >= most(capacity)) {
      return false;
    }
    store(table, VALUES + position, value, moved);
    heap.setLong(table, keys(capacity) + 8L * position, key);
    setState(map, state + ADDED);
    return true;
  }

  private boolean putZero(long map, long value, boolean moved) {
    boolean added = heap.getRef(map, ZERO) == Heap.NULL;
    store(map, ZERO, value, moved);
    if (added) {
      setState(map, state(map) + ADDED);
    }
    return added;
  }

  private void store(long holder, int slot, long value, boolean moved) {
    if (moved) {
      heap.setRefMoved(holder, slot, value);
    } else {
      heap.setRef(holder, slot, value);
    }
  }

  // --------------------------------------------------------------------------- removing

  /**
   * Removes a key, and gives its value back.
   *
   * @param map a live map
   * @param key any value
   * @return whether it was there
   */
  public boolean remove(long map, long key) {
    long word = word(map);
    int capacity = capacity(word);
    if (key == 0) {
      boolean had = heap.getRef(map, ZERO) != Heap.NULL;
      if (had) {
        removeAt(map, capacity, capacity);
      }
      return had;
    }
    if (capacity == 0) {
      return false;
    }
    long table = table(map, word);
    int position = find(table, capacity, key);
    if (position < 0) {
      return false;
    }
    drop(map, table, capacity, position);
    return true;
  }

  /** Removes an entry of a table, and releases its value. */
  private void drop(long map, long table, int capacity, int position) {
    long keys = keys(capacity);
    if (heap.getLong(table, keys + 8L * (position + 1 & capacity - 1)) == 0) {
      // Nothing is shifted, and the slot is empty when its value is released: no need to hold it.
      heap.setLong(table, keys + 8L * position, 0);
      setState(map, state(map) + REMOVED);
      heap.setRef(table, VALUES + position, Heap.NULL);
    } else {
      long value = heap.getRef(table, VALUES + position);
      heap.retain(value);
      heap.setRef(table, VALUES + position, Heap.NULL);
      closeGap(table, capacity, position);
      setState(map, state(map) + REMOVED);
      heap.release(value);
    }
  }

  /**
   * Removes a key, and hands out its value.
   *
   * @param map a live map
   * @param key any value
   * @return an owned reference; {@link Heap#NULL} if the map does not have the key
   */
  public long take(long map, long key) {
    long word = word(map);
    int capacity = capacity(word);
    if (key == 0) {
      return heap.getRef(map, ZERO) == Heap.NULL ? Heap.NULL : takeAt(map, capacity, capacity);
    }
    int position = capacity == 0 ? -1 : find(table(map, word), capacity, key);
    return position < 0 ? Heap.NULL : takeAt(map, capacity, position);
  }

  private long takeAt(long map, int capacity, int position) {
    long owned;
    if (position == capacity) {
      owned = heap.takeRef(map, ZERO);
    } else {
      long table = table(map);
      owned = heap.takeRef(table, VALUES + position);
      closeGap(table, capacity, position);
    }
    setState(map, state(map) + REMOVED);
    return owned;
  }

  /** Shifts entries back that were put behind a place because it was taken. */
  private void closeGap(long table, int capacity, int from) {
    long keys = keys(capacity);
    int mask = capacity - 1;
    int gap = from;
    int position = from + 1 & mask;
    long key = heap.getLong(table, keys + 8L * position);
    while (key != 0) {
      int home = Hashes.position(key, mask);
      if ((position - home & mask) >= (position - gap & mask)) {
        heap.setLong(table, keys + 8L * gap, key);
        heap.moveRef(table, VALUES + position, table, VALUES + gap);
        gap = position;
      }
      position = position + 1 & mask;
      key = heap.getLong(table, keys + 8L * position);
    }
    heap.setLong(table, keys + 8L * gap, 0);
  }

  // ---------------------------------------------------------------------------- as a table

  @Override
  void clearChecked(long map) {
    long zero = heap.takeRef(map, ZERO);
    long table;
    try {
      table = detach(map);
    } catch (RuntimeException e) {
      heap.setRefMoved(map, ZERO, zero);
      throw e;
    }
    heap.release(table);
    heap.release(zero);
  }

  @Override
  boolean isUsed(long map, int capacity, int position) {
    return key(map, capacity, position) != 0
        || position == capacity && heap.getRef(map, ZERO) != Heap.NULL;
  }

  @Override
  long key(long map, int capacity, int position) {
    return position == capacity ? 0 : heap.getLong(table(map), keys(capacity) + 8L * position);
  }

  @Override
  long value(long map, int capacity, int position) {
    return position == capacity
        ? heap.getRef(map, ZERO)
        : heap.getRef(table(map), VALUES + position);
  }

  @Override
  void removeAt(long map, int capacity, int position) {
    if (position == capacity) {
      heap.release(takeAt(map, capacity, position));
    } else {
      drop(map, table(map), capacity, position);
    }
  }

  @Override
  long newTable(long map, int capacity, long one, long other) {
    return allocateHolding(map, one, other, ENTRIES, capacity, 8 * capacity);
  }

  @Override
  void moveAll(long from, int fromCapacity, long to, int toCapacity) {
    long keys = keys(fromCapacity);
    for (int i = 0; i < fromCapacity; i++) {
      long key = heap.getLong(from, keys + 8L * i);
      if (key != 0) {
        int position = ~find(to, toCapacity, key);
        heap.moveRef(from, VALUES + i, to, VALUES + position);
        heap.setLong(to, keys(toCapacity) + 8L * position, key);
      }
    }
  }
}
