package org.ouroboros.collector.collections;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.ObjectType;

/**
 * What all maps have in common: open addressing with linear probing in tables whose capacity is a
 * power of two, at most three quarters full; a table that is full is replaced by one of twice the
 * capacity. Removing shifts the entries behind it back (Knuth, The Art of Computer Programming,
 * volume 3, algorithm 6.4R), so that there are no tombstones, and a map that has shrunk is as fast
 * as one that never was larger.
 *
 * <p>A cursor goes through a map, and is a {@code long} and no object:
 *
 * <pre>{@code
 * for (long at = maps.first(map); at != LongRefMap.END; at = maps.next(map, at)) {
 *   sum += maps.keyAt(map, at) * COUNT.get(heap, maps.valueAt(map, at));
 * }
 * }</pre>
 *
 * <p>Every use of a cursor after keys were added or removed throws {@link
 * CollectionChangedException}; a value replaced by another is no such change.
 *
 * <p>Looking up, putting and removing take constant time, expected; growing takes time in
 * proportion to the size, which is constant for each entry that was put. A map has at most {@value
 * #MAX_ENTRIES} entries.
 */
public abstract sealed class HashTable extends HeapCollection
    permits LongRefMap, LongLongMap, RefKeyMap {

  /** The cursor behind the last entry. */
  public static final long END = -1;

  /** Places of the smallest table. */
  private static final int LEAST = 8;

  /** Places of the largest table: what {@code 12} bytes a place, in an int, allow. */
  private static final int MOST = 1 << 27;

  /** The most entries of a map. */
  public static final int MAX_ENTRIES = MOST - (MOST >>> 2);

  HashTable(Heap heap, ObjectType type) {
    super(heap, type);
  }

  /**
   * Makes an empty map. Its table is made when something is put into it.
   *
   * @return an owned reference
   * @throws HeapExhaustedException if there is no memory for it
   */
  public final long allocate() {
    return allocateEmpty();
  }

  /**
   * Makes room for more entries, so that they can be put without the table being replaced.
   *
   * @param map a live map
   * @param more how many, 0 or more
   * @throws HeapExhaustedException if there is no memory for them
   */
  public final void reserve(long map, int more) {
    check(map);
    if (more < 0) {
      throw new IllegalArgumentException("room for " + more + " entries");
    }
    while ((long) sizeIn(state(map)) + more > most(capacity(word(map)))) {
      resize(map, (long) sizeIn(state(map)) + more, Heap.NULL, Heap.NULL);
    }
  }

  /**
   * Gives back what memory the table has too much, after many removals.
   *
   * @param map a live map
   * @throws HeapExhaustedException if there is no memory for the smaller table
   */
  public final void trim(long map) {
    int size = size(map);
    if (size == 0) {
      heap.release(capacity(word(map)) == 0 ? Heap.NULL : detach(map));
    } else if (capacityFor(size) < capacity(word(map))) {
      resize(map, size, Heap.NULL, Heap.NULL);
    }
  }

  /**
   * Removes all entries.
   *
   * @param map a live map
   */
  public final void clear(long map) {
    check(map);
    clearChecked(map);
  }

  /** Removes all entries: nothing is released before the map is empty. */
  abstract void clearChecked(long map);

  // ---------------------------------------------------------------------------- cursors

  /**
   * The first entry, in no particular order.
   *
   * @param map a live map
   * @return a cursor; {@link #END} if there is none
   */
  public final long first(long map) {
    check(map);
    return cursor(state(map), nextUsed(map, 0));
  }

  /**
   * The entry after another.
   *
   * @param map a live map
   * @param cursor at an entry
   * @return a cursor; {@link #END} if there is no more
   * @throws CollectionChangedException if entries were added or removed since
   */
  public final long next(long map, long cursor) {
    int position = position(map, cursor);
    return cursor(state(map), nextUsed(map, position + 1));
  }

  /**
   * The key of an entry.
   *
   * @param map a live map
   * @param cursor at the entry
   * @return a value, or a borrowed reference
   * @throws CollectionChangedException if entries were added or removed since
   */
  public final long keyAt(long map, long cursor) {
    return key(map, capacity(word(map)), position(map, cursor));
  }

  /**
   * The value of an entry.
   *
   * @param map a live map
   * @param cursor at the entry
   * @return a value, or a borrowed reference
   * @throws CollectionChangedException if entries were added or removed since
   */
  public final long valueAt(long map, long cursor) {
    return value(map, capacity(word(map)), position(map, cursor));
  }

  /**
   * Shows all entries to a visitor, in no particular order.
   *
   * @param map a live map
   * @param visitor must not change the map
   * @throws CollectionChangedException if it does
   */
  public final void forEach(long map, EntryVisitor visitor) {
    for (long at = first(map); at != END; at = next(map, at)) {
      visitor.visit(keyAt(map, at), valueAt(map, at));
    }
  }

  /**
   * Removes the entries that a filter chooses.
   *
   * @param map a live map
   * @param filter must not change the map
   * @return how many were removed
   * @throws CollectionChangedException if the filter, or what runs when a value dies, changes the
   *     map; what was removed before is removed
   */
  public final int removeIf(long map, EntryFilter filter) {
    check(map);
    int removed = 0;
    int capacity = capacity(word(map));
    // From a free place backwards: what a removal shifts has been looked at before, for no run of
    // entries goes across the free place. The last position is that of the entry beside the table.
    int begin = capacity == 0 ? 0 : firstFree(map, capacity);
    for (int i = 0; i <= capacity; i++) {
      int position = i == 0 ? capacity : begin - i & capacity - 1;
      if (isUsed(map, capacity, position)) {
        long state = state(map);
        boolean chosen = filter.test(key(map, capacity, position), value(map, capacity, position));
        requireUnchanged(map, state);
        if (chosen) {
          removeAt(map, capacity, position);
          removed++;
          requireUnchanged(map, state + REMOVED);
        }
      }
    }
    return removed;
  }

  private int firstFree(long map, int capacity) {
    int position = 0;
    while (isUsed(map, capacity, position)) {
      position++;
    }
    return position;
  }

  /** A cursor at a position; {@link #END} if that is negative. */
  private static long cursor(long state, int position) {
    return position < 0 ? END : state & -CHANGED | position;
  }

  /** The position of a cursor, if nothing has changed since it was made. */
  private int position(long map, long cursor) {
    check(map);
    if ((state(map) ^ cursor) >>> 32 != 0 || (int) cursor < 0) {
      throw cursor == END ? new IllegalArgumentException("the cursor is at the end") : changed();
    }
    return (int) cursor;
  }

  // ---------------------------------------------------------------------- for the kinds

  /** The first position from one on that has an entry; the last is the capacity; -1 if none. */
  final int nextUsed(long map, int from) {
    int capacity = capacity(word(map));
    for (int position = from; position <= capacity; position++) {
      if (isUsed(map, capacity, position)) {
        return position;
      }
    }
    return -1;
  }

  /** Whether a position has an entry. */
  abstract boolean isUsed(long map, int capacity, int position);

  abstract long key(long map, int capacity, int position);

  abstract long value(long map, int capacity, int position);

  /** Removes the entry at a position; what it held is released last. */
  abstract void removeAt(long map, int capacity, int position);

  /** Allocates a table, with {@link #allocateHolding}. */
  abstract long newTable(long map, int capacity, long one, long other);

  /** Moves all entries from one table to another, which has room. Needs no memory. */
  abstract void moveAll(long from, int fromCapacity, long to, int toCapacity);

  static int most(int capacity) {
    return capacity - (capacity >>> 2);
  }

  private static int capacityFor(long size) {
    int capacity = LEAST;
    while (most(capacity) < size) {
      capacity <<= 1;
    }
    return capacity;
  }

  /** Makes room for an entry that is about to be put, while it and what it names are held. */
  final void grow(long map, long one, long other) {
    resize(map, sizeIn(state(map)) + 1L, one, other);
  }

  /**
   * Replaces the table, unless user code that ran because of the allocation changed the map: then
   * the caller will come again, if it is still needed.
   */
  private void resize(long map, long entries, long one, long other) {
    if (entries > MAX_ENTRIES) {
      throw new HeapExhaustedException(
          heap.options().name(),
          0,
          heap.options().limitBytes(),
          "a " + type().name() + " has at most " + MAX_ENTRIES + " entries",
          null);
    }
    long state = state(map);
    int before = capacity(word(map));
    int capacity = capacityFor(entries);
    long table = newTable(map, capacity, one, other);
    if (state(map) != state || capacity(word(map)) != before) {
      heap.release(table);
      return;
    }
    if (before != 0) {
      moveAll(table(map), before, table, capacity);
    }
    setPlaces(map, capacity);
    setState(map, state + CHANGED); // positions are others now
    heap.setRefMoved(map, TABLE, table);
  }
}
