package org.ouroboros.collector.collections;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * Hash maps from objects to {@code long}.
 *
 * <pre>{@code
 * RefLongMap maps = new RefLongMap(heap, KeyHashing.IDENTITY);
 * long visits = scope.own(maps.allocate());
 * maps.add(visits, node, 1);
 * long count = maps.get(visits, node, 0);
 * }</pre>
 *
 * <p>An entry takes 16 bytes a place: 21 to 43 bytes, 32 on average.
 *
 * <p>See {@link HeapCollection} and {@link RefKeyMap} for what holds for all collections.
 */
public sealed class RefLongMap extends RefKeyMap permits StringLongMap {

  private static final ObjectType BY_IDENTITY = rootType("identity-long map", true);
  private static final ObjectType BY_STRING = rootType("string-long map", true);
  private static final ObjectType BY_HASH = rootType("hashed-long map", true);

  /**
   * Makes a face of a heap's maps.
   *
   * @param heap the heap
   * @param hashing when two objects are the same key. Maps made with another one than the two of
   *     {@link KeyHashing} must not be used with a face that has yet another
   */
  public RefLongMap(Heap heap, KeyHashing hashing) {
    super(
        heap,
        hashing == KeyHashing.IDENTITY
            ? BY_IDENTITY
            : hashing == KeyHashing.STRINGS ? BY_STRING : BY_HASH,
        hashing,
        1,
        Long.BYTES);
  }

  /**
   * The value of a key.
   *
   * @param map a live map
   * @param key a live object
   * @param missing what to return if the map does not have the key
   * @return the value
   */
  public final long get(long map, long key, long missing) {
    int position = find(map, key);
    return position < 0 ? missing : value(map, capacity(word(map)), position);
  }

  /**
   * Puts a value, in place of the former one if the key has one; then the former key stays.
   *
   * @param map a live map
   * @param key a borrowed reference, which the map counts
   * @param value any value
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public final boolean put(long map, long key, long value) {
    int position = findOrAdd(map, key, Heap.NULL);
    setAt(map, position < 0 ? ~position : position, value);
    return position < 0;
  }

  /**
   * Adds to the value of a key; one that the map does not have begins with 0.
   *
   * @param map a live map
   * @param key a borrowed reference, which the map counts
   * @param delta what to add; it wraps around as Java's does
   * @return the new value
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for a new key
   */
  public final long add(long map, long key, long delta) {
    int position = findOrAdd(map, key, Heap.NULL);
    if (position < 0) {
      setAt(map, ~position, delta);
      return delta;
    }
    return addAt(map, position, delta);
  }

  final long addAt(long map, int position, long delta) {
    long value = value(map, capacity(word(map)), position) + delta;
    setAt(map, position, value);
    return value;
  }

  final void setAt(long map, int position, long value) {
    heap.setLong(table(map), valueOffset(capacity(word(map)), position), value);
  }

  /**
   * Removes a key, and gives it back.
   *
   * @param map a live map
   * @param key a live object
   * @return whether it was there
   */
  public final boolean remove(long map, long key) {
    int position = find(map, key);
    if (position >= 0) {
      removeAt(map, capacity(word(map)), position);
    }
    return position >= 0;
  }

  @Override
  final long value(long map, int capacity, int position) {
    return heap.getLong(table(map), valueOffset(capacity, position));
  }
}
