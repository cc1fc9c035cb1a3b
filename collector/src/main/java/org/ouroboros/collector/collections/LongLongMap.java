package org.ouroboros.collector.collections;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;

/**
 * Hash maps from {@code long} to {@code long}, without references: the collector does not look at
 * them.
 *
 * <pre>{@code
 * LongLongMap maps = new LongLongMap(heap);
 * long counts = scope.own(maps.allocate());
 * for (long word : words) {
 *   maps.add(counts, word, 1);
 * }
 * long sevens = maps.get(counts, 7, 0);
 * }</pre>
 *
 * <p>A table is an array in which each key stands before its value, so that an entry is found in
 * one cache line; key 0 marks a free place, and the value of the key 0 is beside the table. An
 * entry takes 16 bytes a place: 21 to 43 bytes, 32 on average.
 *
 * <p>See {@link HeapCollection} for what holds for all collections.
 */
public final class LongLongMap extends HashTable {

  private static final ObjectType ENTRIES =
      ObjectType.array("long-long table", ValueLayout.JAVA_LONG);

  private static final ObjectType ROOT =
      rootType(
          "long-long map",
          false,
          ValueLayout.JAVA_BYTE.withName("hasZero"),
          MemoryLayout.paddingLayout(7),
          ValueLayout.JAVA_LONG.withName("zero"));

  private static final long HAS_ZERO = ROOT.offset("hasZero");
  private static final long ZERO = ROOT.offset("zero");
  private static final long FIRST = ENTRIES.tailOffset(0);

  /** Where the value is in an entry. */
  private static final long VALUE = Long.BYTES;

  /**
   * Makes the face of a heap's maps.
   *
   * @param heap the heap
   */
  public LongLongMap(Heap heap) {
    super(heap, ROOT);
  }

  // ------------------------------------------------------------------------- looking up

  /**
   * The value of a key.
   *
   * @param map a live map
   * @param key any value
   * @param missing what to return if the map does not have the key
   * @return the value
   */
  public long get(long map, long key, long missing) {
    long word = word(map);
    if (key == 0) {
      return heap.getBoolean(map, HAS_ZERO) ? heap.getLong(map, ZERO) : missing;
    }
    int places = places(word);
    if (places == 0) {
      return missing;
    }
    ConfinedHeap quick = this.quick;
    if (quick != null) {
      long at = findPlace(quick, tablePlace(word), places, key);
      return at < 0 ? missing : quick.longAt(at);
    }
    long table = table(map, word);
    long at = find(table, (1 << places) - 1, key);
    return at < 0 ? missing : heap.getLong(table, at + VALUE);
  }

  /** Where the value of a key other than 0 is in the heap's memory; negative if it is not there. */
  private static long findPlace(ConfinedHeap quick, long table, int places, long key) {
    long first = table + FIRST;
    int mask = (1 << places) - 1;
    int position = Hashes.position(key, mask);
    while (true) {
      long at = first + 16L * position;
      long found = quick.longAt(at);
      if (found == key) {
        return at + VALUE;
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
    long word = word(map);
    int capacity = capacity(word);
    return key == 0
        ? heap.getBoolean(map, HAS_ZERO)
        : capacity != 0 && find(table(map, word), capacity - 1, key) >= 0;
  }

  /** Where the entry of a key other than 0 is; if it is not there {@code ~} of its place. */
  private long find(long table, int mask, long key) {
    int position = Hashes.position(key, mask);
    while (true) {
      long at = entry(position);
      long found = heap.getLong(table, at);
      if (found == key) {
        return at;
      }
      if (found == 0) {
        return ~at;
      }
      position = position + 1 & mask;
    }
  }

  private static long entry(int position) {
    return FIRST + 16L * position;
  }

  // ---------------------------------------------------------------------------- putting

  /**
   * Puts a value, in place of the former one if the key has one.
   *
   * @param map a live map
   * @param key any value
   * @param value any value
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public boolean put(long map, long key, long value) {
    long word = word(map);
    if (quick != null && key != 0 && places(word) != 0) {
      long at = findPlace(quick, tablePlace(word), places(word), key);
      if (at >= 0 && quick.trySetLongAt(at, value)) {
        return false;
      }
    }
    int capacity = capacity(word);
    if (key == 0) {
      return putZero(map, value);
    }
    long at = ~FIRST;
    if (capacity != 0) {
      long table = table(map, word);
      at = find(table, capacity - 1, key);
      if (at >= 0) {
        heap.setLong(table, at + VALUE, value);
        return false;
      }
    }
    return tryAdd(map, word, key, ~at, value) || growAndPut(map, key, value);
  }

  private boolean growAndPut(long map, long key, long value) {
    grow(map, Heap.NULL, Heap.NULL);
    return put(map, key, value); // all anew: user code may have run
  }

  private boolean putZero(long map, long value) {
    boolean added = !heap.getBoolean(map, HAS_ZERO);
    heap.setLong(map, ZERO, value);
    if (added) {
      heap.setBoolean(map, HAS_ZERO, true);
      setState(map, state(map) + ADDED);
    }
    return added;
  }

  /**
   * Adds to the value of a key; one that the map does not have begins with 0.
   *
   * @param map a live map
   * @param key any value
   * @param delta what to add; it wraps around as Java's does
   * @return the new value
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for a new key
   */
  public long add(long map, long key, long delta) {
    long word = word(map);
    int capacity = capacity(word);
    if (key == 0) {
      long sum = (heap.getBoolean(map, HAS_ZERO) ? heap.getLong(map, ZERO) : 0) + delta;
      putZero(map, sum);
      return sum;
    }
    long at = ~FIRST;
    if (capacity != 0) {
      long table = table(map, word);
      at = find(table, capacity - 1, key);
      if (at >= 0) {
        long sum = heap.getLong(table, at + VALUE) + delta;
        heap.setLong(table, at + VALUE, sum);
        return sum;
      }
    }
    return tryAdd(map, word, key, ~at, delta) ? delta : growAndAdd(map, key, delta);
  }

  private long growAndAdd(long map, long key, long delta) {
    grow(map, Heap.NULL, Heap.NULL);
    return add(map, key, delta);
  }

  /** Adds an entry at the place that a search has told, if there is room for it. */
  private boolean tryAdd(long map, long word, long key, long at, long value) {
    long state = state(map);
    if (sizeIn(state) >= most(capacity(word))) {
      return false;
    }
    long table = table(map, word);
    heap.setLong(table, at, key);
    heap.setLong(table, at + VALUE, value);
    setState(map, state + ADDED);
    return true;
  }

  // --------------------------------------------------------------------------- removing

  /**
   * Removes a key.
   *
   * @param map a live map
   * @param key any value
   * @return whether it was there
   */
  public boolean remove(long map, long key) {
    long word = word(map);
    int capacity = capacity(word);
    if (key == 0) {
      boolean had = heap.getBoolean(map, HAS_ZERO);
      if (had) {
        removeAt(map, capacity, capacity);
      }
      return had;
    }
    if (capacity == 0) {
      return false;
    }
    long table = table(map, word);
    long at = find(table, capacity - 1, key);
    if (at < 0) {
      return false;
    }
    closeGap(table, capacity - 1, at);
    setState(map, state(map) + REMOVED);
    return true;
  }

  @Override
  void removeAt(long map, int capacity, int position) {
    if (position == capacity) {
      heap.setBoolean(map, HAS_ZERO, false);
    } else {
      closeGap(table(map), capacity - 1, entry(position));
    }
    setState(map, state(map) + REMOVED);
  }

  /** Shifts entries back that were put behind a place because it was taken. */
  private void closeGap(long table, int mask, long from) {
    int gap = (int) (from - FIRST >>> 4);
    int position = gap + 1 & mask;
    long key = heap.getLong(table, entry(position));
    while (key != 0) {
      int home = Hashes.position(key, mask);
      if ((position - home & mask) >= (position - gap & mask)) {
        heap.setLong(table, entry(gap), key);
        heap.setLong(table, entry(gap) + VALUE, heap.getLong(table, entry(position) + VALUE));
        gap = position;
      }
      position = position + 1 & mask;
      key = heap.getLong(table, entry(position));
    }
    heap.setLong(table, entry(gap), 0);
  }

  // ---------------------------------------------------------------------------- as a table

  @Override
  void clearChecked(long map) {
    heap.setBoolean(map, HAS_ZERO, false);
    heap.release(detach(map));
  }

  @Override
  boolean isUsed(long map, int capacity, int position) {
    return position == capacity
        ? heap.getBoolean(map, HAS_ZERO)
        : heap.getLong(table(map), entry(position)) != 0;
  }

  @Override
  long key(long map, int capacity, int position) {
    return position == capacity ? 0 : heap.getLong(table(map), entry(position));
  }

  @Override
  long value(long map, int capacity, int position) {
    return position == capacity
        ? heap.getLong(map, ZERO)
        : heap.getLong(table(map), entry(position) + VALUE);
  }

  @Override
  long newTable(long map, int capacity, long one, long other) {
    return allocateHolding(map, one, other, ENTRIES, 2 * capacity, -1);
  }

  @Override
  void moveAll(long from, int fromCapacity, long to, int toCapacity) {
    for (int i = 0; i < fromCapacity; i++) {
      long key = heap.getLong(from, entry(i));
      if (key != 0) {
        long place = ~find(to, toCapacity - 1, key);
        heap.setLong(to, place, key);
        heap.setLong(to, place + VALUE, heap.getLong(from, entry(i) + VALUE));
      }
    }
  }
}
