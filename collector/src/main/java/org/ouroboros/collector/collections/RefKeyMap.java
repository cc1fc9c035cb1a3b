package org.ouroboros.collector.collections;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;

/**
 * Hash maps whose keys are objects, by identity, by their bytes, or as a {@link KeyHashing} says.
 * The map holds its keys as it holds its values.
 *
 * <p>A table is one object: the references, then values that are none, then the hashes. A key is
 * found by reading hashes alone, and then the one reference whose hash agrees; hash 0 marks a free
 * place. The hash of a key is computed when it is put, and not again.
 */
public abstract sealed class RefKeyMap extends HashTable permits RefRefMap, RefLongMap {

  private static final ObjectType ENTRIES =
      ObjectType.builder("ref-key table").referencesAndBytes().build();

  private static final int REFERENCES = firstSlot(ENTRIES);
  private static final long FIRST = ENTRIES.tailOffset(0);

  /** For keys that are Java strings. */
  final Strings strings;

  private final KeyHashing hashing;

  /** References of an entry. */
  private final int references;

  /** Bytes of an entry between its references and its hash. */
  private final int valueBytes;

  RefKeyMap(Heap heap, ObjectType type, KeyHashing hashing, int references, int valueBytes) {
    super(heap, type);
    this.hashing = hashing;
    this.references = references;
    this.valueBytes = valueBytes;
    this.strings = new Strings(heap);
  }

  /**
   * What makes two objects the same key.
   *
   * @return as the face was made with
   */
  public final KeyHashing hashing() {
    return hashing;
  }

  /**
   * Whether a map has a key.
   *
   * @param map a live map
   * @param key a live object
   * @return true if it has
   */
  public final boolean containsKey(long map, long key) {
    return find(map, key) >= 0;
  }

  // -------------------------------------------------------------------------- the table

  final int keySlot(int position) {
    return REFERENCES + position * references;
  }

  /** Where the value of an entry is, if it is no reference. */
  final long valueOffset(int capacity, int position) {
    return FIRST + 4L * references * capacity + (long) valueBytes * position;
  }

  private long hashes(int capacity) {
    return FIRST + (4L * references + valueBytes) * capacity;
  }

  private int hashOf(long key) {
    return Hashes.spread(hashing.hash(heap, key));
  }

  /** The position of a key; negative if it is not there. */
  final int find(long map, long key) {
    requireObject(key);
    int hash = hashOf(key);
    long word = word(map);
    int capacity = capacity(word);
    return capacity == 0 ? -1 : find(map, table(map, word), capacity, hash, key);
  }

  /** The position of a key that is a Java string; negative if it is not there. */
  final int find(long map, CharSequence key) {
    long word = word(map);
    int hash = Hashes.spread(Utf8Encoder.hash(key));
    int capacity = capacity(word);
    if (capacity == 0) {
      return -1;
    }
    long table = table(map, word);
    long hashes = hashes(capacity);
    int position = hash & capacity - 1;
    int found = heap.getInt(table, hashes + 4L * position);
    strings.encode(key); // now, so that its cache misses and those of the table overlap
    while (found != 0) {
      if (found == hash && strings.equalsEncoded(heap.getRef(table, keySlot(position)))) {
        return position;
      }
      position = position + 1 & capacity - 1;
      found = heap.getInt(table, hashes + 4L * position);
    }
    return ~position;
  }

  /** Where the reference to a key that is a Java string is; negative if it is not there. */
  final long findPlace(ConfinedHeap quick, long map, CharSequence key) {
    long word = word(map);
    int hash = Hashes.spread(Utf8Encoder.hash(key));
    int places = places(word);
    if (places == 0) {
      return -1;
    }
    long keys = tablePlace(word) + FIRST;
    long hashes = keys + (4L * references + valueBytes << places);
    int mask = (1 << places) - 1;
    int position = hash & mask;
    int found = quick.intAt(hashes + 4L * position);
    strings.encode(key); // now, so that its cache misses and those of the table overlap
    while (found != 0) {
      if (found == hash) {
        long at = keys + 4L * references * position;
        if (strings.equalsEncodedAt(quick, Integer.toUnsignedLong(quick.intAt(at)) << 4)) {
          return at;
        }
      }
      position = position + 1 & mask;
      found = quick.intAt(hashes + 4L * position);
    }
    return -1;
  }

  /** The position of a key; if it is not there {@code ~} of where it belongs. */
  private int find(long map, long table, int capacity, int hash, long key) {
    long hashes = hashes(capacity);
    int position = hash & capacity - 1;
    while (true) {
      int found = heap.getInt(table, hashes + 4L * position);
      if (found == hash && isKey(map, table, position, key)) {
        return position;
      }
      if (found == 0) {
        return ~position;
      }
      position = position + 1 & capacity - 1;
    }
  }

  private boolean isKey(long map, long table, int position, long key) {
    long found = heap.getRef(table, keySlot(position));
    if (found == key) {
      return true;
    }
    long state = state(map);
    boolean equal = hashing.equals(heap, found, key);
    requireUnchanged(map, state);
    return equal;
  }

  /**
   * The position of a key, which is added if it is not there. The caller stores the value.
   *
   * @return {@code ~} of the position if it was not there; its value is null, or 0
   */
  final int findOrAdd(long map, long key, long value) {
    requireObject(key);
    int hash = hashOf(key);
    while (true) {
      long word = word(map);
      int capacity = capacity(word);
      if (capacity != 0) {
        long table = table(map, word);
        int position = find(map, table, capacity, hash, key);
        if (position >= 0) {
          return position;
        }
        long state = state(map);
        if (sizeIn(state) < most(capacity)) {
          heap.setRef(table, keySlot(~position), key);
          heap.setInt(table, hashes(capacity) + 4L * ~position, hash);
          setState(map, state + ADDED);
          return position;
        }
      }
      grow(map, key, value);
    }
  }

  /** Makes the string of a new key, while the map and the value are held. */
  final long allocateKey(long map, long value, CharSequence key) {
    hold(map, value);
    try {
      return strings.allocate(key);
    } finally {
      unhold(map, value);
    }
  }

  /** Takes a key back that was added last, and has no value yet. */
  final void undoAdd(long map, int position) {
    int capacity = capacity(word(map));
    long table = table(map);
    heap.setInt(table, hashes(capacity) + 4L * position, 0); // nothing was put behind it yet
    setState(map, state(map) - ADDED);
    heap.setRef(table, keySlot(position), Heap.NULL); // which the caller holds
  }

  /** Removes an entry, and hands its value out, if that is a reference. */
  final long takeAt(long map, int capacity, int position) {
    long table = table(map);
    long key = heap.takeRef(table, keySlot(position));
    long value = Heap.NULL;
    if (references == 2) {
      try {
        value = heap.takeRef(table, keySlot(position) + 1);
      } catch (RuntimeException e) {
        heap.setRefMoved(table, keySlot(position), key);
        throw e;
      }
    }
    closeGap(table, capacity, position);
    setState(map, state(map) + REMOVED);
    heap.release(key);
    return value;
  }

  /** Shifts entries back that were put behind a place because it was taken. */
  private void closeGap(long table, int capacity, int from) {
    long hashes = hashes(capacity);
    int mask = capacity - 1;
    int gap = from;
    int position = from + 1 & mask;
    int hash = heap.getInt(table, hashes + 4L * position);
    while (hash != 0) {
      if ((position - hash & mask) >= (position - gap & mask)) {
        move(table, capacity, position, table, capacity, gap);
        heap.setInt(table, hashes + 4L * gap, hash);
        gap = position;
      }
      position = position + 1 & mask;
      hash = heap.getInt(table, hashes + 4L * position);
    }
    heap.setInt(table, hashes + 4L * gap, 0);
  }

  /** Moves key and value of an entry, but not its hash. */
  private void move(long from, int fromCapacity, int position, long to, int capacity, int place) {
    heap.moveRef(from, keySlot(position), to, keySlot(place));
    if (references == 2) {
      heap.moveRef(from, keySlot(position) + 1, to, keySlot(place) + 1);
    }
    if (valueBytes != 0) {
      long value = heap.getLong(from, valueOffset(fromCapacity, position));
      heap.setLong(to, valueOffset(capacity, place), value);
    }
  }

  @Override
  final void clearChecked(long map) {
    heap.release(detach(map));
  }

  @Override
  final boolean isUsed(long map, int capacity, int position) {
    return position < capacity && heap.getInt(table(map), hashes(capacity) + 4L * position) != 0;
  }

  @Override
  final long key(long map, int capacity, int position) {
    return heap.getRef(table(map), keySlot(position));
  }

  @Override
  final void removeAt(long map, int capacity, int position) {
    heap.release(takeAt(map, capacity, position));
  }

  @Override
  final long newTable(long map, int capacity, long one, long other) {
    int bytes = (valueBytes + Integer.BYTES) * capacity;
    return allocateHolding(map, one, other, ENTRIES, references * capacity, bytes);
  }

  @Override
  final void moveAll(long from, int fromCapacity, long to, int toCapacity) {
    long fromHashes = hashes(fromCapacity);
    long toHashes = hashes(toCapacity);
    for (int i = 0; i < fromCapacity; i++) {
      int hash = heap.getInt(from, fromHashes + 4L * i);
      if (hash != 0) {
        int place = hash & toCapacity - 1;
        while (heap.getInt(to, toHashes + 4L * place) != 0) {
          place = place + 1 & toCapacity - 1;
        }
        move(from, fromCapacity, i, to, toCapacity, place);
        heap.setInt(to, toHashes + 4L * place, hash);
      }
    }
  }
}
