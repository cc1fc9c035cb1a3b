package org.ouroboros.collector.collections;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * Hash maps from objects to objects.
 *
 * <pre>{@code
 * RefRefMap maps = new RefRefMap(heap, KeyHashing.IDENTITY);
 * long owners = scope.own(maps.allocate());
 * maps.put(owners, node, owner); // the map holds both
 * long found = maps.get(owners, node); // borrowed
 * }</pre>
 *
 * <p>An entry takes 12 bytes a place: 16 to 32 bytes, 24 on average.
 *
 * <p>See {@link HeapCollection} and {@link RefKeyMap} for what holds for all collections.
 */
public sealed class RefRefMap extends RefKeyMap permits StringRefMap {

  private static final ObjectType BY_IDENTITY = rootType("identity-ref map", true);
  private static final ObjectType BY_STRING = rootType("string-ref map", true);
  private static final ObjectType BY_HASH = rootType("hashed-ref map", true);

  /**
   * Makes a face of a heap's maps.
   *
   * @param heap the heap
   * @param hashing when two objects are the same key. Maps made with another one than the two of
   *     {@link KeyHashing} must not be used with a face that has yet another
   */
  public RefRefMap(Heap heap, KeyHashing hashing) {
    super(
        heap,
        hashing == KeyHashing.IDENTITY
            ? BY_IDENTITY
            : hashing == KeyHashing.STRINGS ? BY_STRING : BY_HASH,
        hashing,
        2,
        0);
  }

  /**
   * The value of a key.
   *
   * @param map a live map
   * @param key a live object
   * @return a borrowed reference; {@link Heap#NULL} if the map does not have the key
   */
  public final long get(long map, long key) {
    return valueOrNull(map, find(map, key));
  }

  final long valueOrNull(long map, int position) {
    return position < 0 ? Heap.NULL : heap.getRef(table(map, word(map)), keySlot(position) + 1);
  }

  /**
   * Puts a value, in place of the former one if the key has one; then the former key stays.
   *
   * @param map a live map
   * @param key a borrowed reference, which the map counts
   * @param value a borrowed reference, which the map counts; {@link Heap#NULL} is refused
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public final boolean put(long map, long key, long value) {
    return put(map, key, value, false);
  }

  /**
   * Puts an owned value, which the map takes over.
   *
   * @param map a live map
   * @param key a borrowed reference, which the map counts
   * @param owned an owned reference, unchanged if this throws; {@link Heap#NULL} is refused
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public final boolean putMoved(long map, long key, long owned) {
    return put(map, key, owned, true);
  }

  final boolean put(long map, long key, long value, boolean moved) {
    requireObject(value);
    int position = findOrAdd(map, key, value);
    if (position >= 0) {
      storeAt(map, position, value, moved);
      return false;
    }
    try {
      storeAt(map, ~position, value, moved);
      return true;
    } catch (RuntimeException e) {
      undoAdd(map, ~position);
      throw e;
    }
  }

  final void storeAt(long map, int position, long value, boolean moved) {
    long table = table(map, word(map));
    if (moved) {
      heap.setRefMoved(table, keySlot(position) + 1, value);
    } else {
      heap.setRef(table, keySlot(position) + 1, value);
    }
  }

  /**
   * Removes a key, and gives it and its value back.
   *
   * @param map a live map
   * @param key a live object
   * @return whether it was there
   */
  public final boolean remove(long map, long key) {
    long owned = take(map, key);
    heap.release(owned);
    return owned != Heap.NULL;
  }

  /**
   * Removes a key, and hands out its value.
   *
   * @param map a live map
   * @param key a live object
   * @return an owned reference; {@link Heap#NULL} if the map does not have the key
   */
  public final long take(long map, long key) {
    int position = find(map, key);
    return position < 0 ? Heap.NULL : takeAt(map, capacity(word(map)), position);
  }

  @Override
  final long value(long map, int capacity, int position) {
    return heap.getRef(table(map), keySlot(position) + 1);
  }
}
