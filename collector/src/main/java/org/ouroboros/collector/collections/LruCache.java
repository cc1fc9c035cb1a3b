package org.ouroboros.collector.collections;

import java.lang.foreign.ValueLayout;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * Bounded caches from {@code long} to references, which give way the entry that was not used for
 * the longest time.
 *
 * <pre>{@code
 * LruCache caches = new LruCache(heap);
 * long cache = scope.own(caches.allocate(1000));
 * caches.putMoved(cache, 42, heap.allocate(NODE));
 * long found = caches.get(cache, 42); // borrowed; the entry is now the one used last
 * }</pre>
 *
 * <p>All operations take constant time, expected, growing amortised. An entry takes 20 bytes, up to
 * 30 while the cache is filling, and what a {@link LongLongMap} takes.
 *
 * <p>Entries are numbered without gaps. A {@link LongLongMap} tells the number of a key, and the
 * table has, for each number, the value's reference, the key, and the numbers of the entries used
 * next and before:
 *
 * <pre>
 *   | values, 4 each ... | key (8) newer (4) older (4) | ...
 * </pre>
 *
 * <p>See {@link HeapCollection} for what holds for all collections. An entry that gives way dies as
 * if it were removed; a weak reference to the value, or its finalizer, tells.
 */
public final class LruCache extends HeapCollection {

  /** The largest bound: what 16 bytes an entry, in an int, allow. */
  public static final int MAX_BOUND = 1 << 26;

  private static final ObjectType ENTRIES =
      ObjectType.builder("lru table").referencesAndBytes().build();

  private static final ObjectType ROOT =
      rootType(
          "lru cache",
          true,
          ObjectType.REFERENCE.withName("numbers"),
          ValueLayout.JAVA_INT.withName("bound"),
          ValueLayout.JAVA_INT.withName("newest"),
          ValueLayout.JAVA_INT.withName("oldest"),
          ValueLayout.JAVA_INT.withName("capacity"));

  private static final int NUMBERS = ROOT.slot("numbers");
  private static final long BOUND = ROOT.offset("bound");
  private static final long CAPACITY = ROOT.offset("capacity");
  private static final long NEWEST = ROOT.offset("newest");
  private static final long OLDEST = ROOT.offset("oldest");

  private static final int VALUES = firstSlot(ENTRIES);
  private static final long FIRST = ENTRIES.tailOffset(0);
  private static final int ENTRY_BYTES = 16;
  private static final long NEWER = 8;
  private static final long OLDER = 12;
  private static final int NONE = -1;

  private final LongLongMap maps;

  /**
   * Makes the face of a heap's caches.
   *
   * @param heap the heap
   */
  public LruCache(Heap heap) {
    super(heap, ROOT);
    this.maps = new LongLongMap(heap);
  }

  /**
   * Makes an empty cache.
   *
   * @param bound the most entries it has: 1 to {@link #MAX_BOUND}
   * @return an owned reference
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public long allocate(int bound) {
    if (bound < 1 || bound > MAX_BOUND) {
      throw new IllegalArgumentException("a cache of " + bound + " entries");
    }
    long numbers = maps.allocate();
    long cache;
    try {
      cache = allocateEmpty();
    } catch (RuntimeException e) {
      heap.release(numbers);
      throw e;
    }
    heap.setRefMoved(cache, NUMBERS, numbers);
    heap.setInt(cache, BOUND, bound);
    heap.setInt(cache, NEWEST, NONE);
    heap.setInt(cache, OLDEST, NONE);
    return cache;
  }

  /**
   * The most entries a cache has.
   *
   * @param cache a live cache
   * @return at least 1
   */
  public int bound(long cache) {
    check(cache);
    return heap.getInt(cache, BOUND);
  }

  // ---------------------------------------------------------------------------- looking up

  /**
   * The value of a key, which becomes the one used last.
   *
   * @param cache a live cache
   * @param key any value
   * @return a borrowed reference; {@link Heap#NULL} if the cache does not have the key
   */
  public long get(long cache, long key) {
    int number = find(cache, key);
    if (number < 0) {
      return Heap.NULL;
    }
    long table = table(cache);
    touch(cache, table, number);
    return heap.getRef(table, VALUES + number);
  }

  /**
   * The value of a key, which does not count as a use.
   *
   * @param cache a live cache
   * @param key any value
   * @return a borrowed reference; {@link Heap#NULL} if the cache does not have the key
   */
  public long peek(long cache, long key) {
    int number = find(cache, key);
    return number < 0 ? Heap.NULL : heap.getRef(table(cache), VALUES + number);
  }

  /**
   * The key that gives way next.
   *
   * @param cache a live cache
   * @param missing what to return if the cache is empty
   * @return the key used longest ago
   */
  public long oldestKey(long cache, long missing) {
    check(cache);
    int oldest = heap.getInt(cache, OLDEST);
    return oldest < 0
        ? missing
        : heap.getLong(table(cache), entry(heap.getInt(cache, CAPACITY), oldest));
  }

  private int find(long cache, long key) {
    check(cache);
    return (int) maps.get(heap.getRef(cache, NUMBERS), key, NONE);
  }

  private static long entry(int capacity, int number) {
    return FIRST + 4L * capacity + (long) ENTRY_BYTES * number;
  }

  // ------------------------------------------------------------------------------- putting

  /**
   * Puts a value, in place of the former one if the key has one; the entry becomes the one used
   * last. If the cache is full, the entry used longest ago gives way.
   *
   * @param cache a live cache
   * @param key any value
   * @param value a borrowed reference, which the cache counts; {@link Heap#NULL} is refused
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public boolean put(long cache, long key, long value) {
    check(cache);
    requireObject(value);
    heap.retain(value);
    try {
      return putMoved(cache, key, value);
    } catch (RuntimeException e) {
      heap.release(value);
      throw e;
    }
  }

  /**
   * Puts an owned value, which the cache takes over; otherwise as {@link #put}.
   *
   * @param cache a live cache
   * @param key any value
   * @param owned an owned reference, unchanged if this throws; {@link Heap#NULL} is refused
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public boolean putMoved(long cache, long key, long owned) {
    check(cache);
    requireObject(owned);
    while (true) {
      int number = find(cache, key);
      if (number >= 0) {
        long former = heap.exchangeRef(table(cache), VALUES + number, owned);
        touch(cache, table(cache), number);
        heap.release(former);
        return false;
      }
      int size = sizeIn(state(cache));
      if (size == heap.getInt(cache, BOUND)) {
        replaceOldest(cache, key, owned);
        return true;
      }
      if (size < heap.getInt(cache, CAPACITY) && tryAdd(cache, key, owned, size)) {
        return true;
      }
      if (size >= heap.getInt(cache, CAPACITY)) {
        grow(cache, size);
      }
    }
  }

  /** Adds an entry behind the others, unless user code that may run meanwhile changed the cache. */
  private boolean tryAdd(long cache, long key, long owned, int size) {
    long state = state(cache);
    heap.retain(cache);
    try {
      maps.reserve(heap.getRef(cache, NUMBERS), 1);
    } finally {
      heap.release(cache);
    }
    check(cache);
    if (state(cache) != state) {
      return false;
    }
    long table = table(cache);
    heap.setRefMoved(table, VALUES + size, owned);
    maps.put(heap.getRef(cache, NUMBERS), key, size);
    heap.setLong(table, entry(heap.getInt(cache, CAPACITY), size), key);
    link(cache, table, size);
    setState(cache, state + ADDED);
    return true;
  }

  private void replaceOldest(long cache, long key, long owned) {
    long table = table(cache);
    int number = heap.getInt(cache, OLDEST);
    long at = entry(heap.getInt(cache, CAPACITY), number);
    long former = heap.exchangeRef(table, VALUES + number, owned);
    long numbers = heap.getRef(cache, NUMBERS);
    maps.remove(numbers, heap.getLong(table, at));
    maps.put(numbers, key, number); // has the room of what was removed
    heap.setLong(table, at, key);
    touch(cache, table, number);
    setState(cache, state(cache) + CHANGED);
    heap.release(former);
  }

  private void grow(long cache, int size) {
    int bound = heap.getInt(cache, BOUND);
    int capacity = Math.min(Growth.more(size, heap), bound);
    long fresh =
        allocateHolding(cache, Heap.NULL, Heap.NULL, ENTRIES, capacity, ENTRY_BYTES * capacity);
    if (heap.getInt(cache, CAPACITY) != size || sizeIn(state(cache)) != size) {
      heap.release(fresh); // user code has changed the cache meanwhile
      return;
    }
    long table = table(cache);
    for (int i = 0; i < size; i++) {
      heap.moveRef(table, VALUES + i, fresh, VALUES + i);
    }
    if (size != 0) {
      heap.copyBytes(table, entry(size, 0), fresh, entry(capacity, 0), ENTRY_BYTES * size);
    }
    heap.setInt(cache, CAPACITY, capacity);
    heap.setRefMoved(cache, TABLE, fresh);
  }

  // ------------------------------------------------------------------------------ removing

  /**
   * Removes a key, and gives its value back.
   *
   * @param cache a live cache
   * @param key any value
   * @return whether it was there
   */
  public boolean remove(long cache, long key) {
    int number = find(cache, key);
    if (number < 0) {
      return false;
    }
    long table = table(cache);
    int capacity = heap.getInt(cache, CAPACITY);
    int last = sizeIn(state(cache)) - 1;
    long numbers = heap.getRef(cache, NUMBERS);
    long owned = heap.takeRef(table, VALUES + number);
    unlink(cache, table, number);
    maps.remove(numbers, key);
    if (number != last) {
      heap.moveRef(table, VALUES + last, table, VALUES + number);
      long from = entry(capacity, last);
      heap.copyBytes(table, from, table, entry(capacity, number), ENTRY_BYTES);
      maps.put(numbers, heap.getLong(table, from), number); // replaces
      int newer = heap.getInt(table, from + NEWER);
      int older = heap.getInt(table, from + OLDER);
      setOlder(cache, table, newer, number);
      setNewer(cache, table, older, number);
    }
    setState(cache, state(cache) + REMOVED);
    heap.release(owned);
    return true;
  }

  /**
   * Removes all entries.
   *
   * @param cache a live cache
   */
  public void clear(long cache) {
    check(cache);
    long table = detach(cache);
    heap.setInt(cache, CAPACITY, 0);
    heap.setInt(cache, NEWEST, NONE);
    heap.setInt(cache, OLDEST, NONE);
    maps.clear(heap.getRef(cache, NUMBERS));
    heap.release(table);
  }

  // ---------------------------------------------------------------------- the order of use

  private void touch(long cache, long table, int number) {
    if (heap.getInt(cache, NEWEST) != number) {
      unlink(cache, table, number);
      link(cache, table, number);
    }
  }

  /** Makes an entry the one used last. */
  private void link(long cache, long table, int number) {
    long at = entry(heap.getInt(cache, CAPACITY), number);
    int newest = heap.getInt(cache, NEWEST);
    heap.setInt(table, at + NEWER, NONE);
    heap.setInt(table, at + OLDER, newest);
    setNewer(cache, table, newest, number);
    heap.setInt(cache, NEWEST, number);
  }

  private void unlink(long cache, long table, int number) {
    long at = entry(heap.getInt(cache, CAPACITY), number);
    int newer = heap.getInt(table, at + NEWER);
    int older = heap.getInt(table, at + OLDER);
    setOlder(cache, table, newer, older);
    setNewer(cache, table, older, newer);
  }

  /** Sets what comes before an entry; before none comes the newest. */
  private void setOlder(long cache, long table, int number, int older) {
    if (number < 0) {
      heap.setInt(cache, NEWEST, older);
    } else {
      heap.setInt(table, entry(heap.getInt(cache, CAPACITY), number) + OLDER, older);
    }
  }

  /** Sets what comes after an entry; after none comes the oldest. */
  private void setNewer(long cache, long table, int number, int newer) {
    if (number < 0) {
      heap.setInt(cache, OLDEST, newer);
    } else {
      heap.setInt(table, entry(heap.getInt(cache, CAPACITY), number) + NEWER, newer);
    }
  }
}
