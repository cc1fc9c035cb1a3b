package org.ouroboros.collector.collections;

import org.ouroboros.collector.Heap;

/**
 * Hash maps from {@link Strings} to {@code long}, in which Java strings can be looked up without
 * making any object.
 *
 * <pre>{@code
 * StringLongMap maps = new StringLongMap(heap);
 * long counts = scope.own(maps.allocate());
 * for (String word : text.split(" ", -1)) {
 *   maps.add(counts, word, 1);
 * }
 * long count = maps.get(counts, "the", 0);
 * }</pre>
 *
 * <p>Looking up takes time in proportion to the key's length. An entry takes as much as in a {@link
 * RefLongMap}, and its key.
 */
public final class StringLongMap extends RefLongMap {

  /**
   * Makes the face of a heap's maps.
   *
   * @param heap the heap
   */
  public StringLongMap(Heap heap) {
    super(heap, KeyHashing.STRINGS);
  }

  /**
   * The face of the heap's strings, such as the keys are.
   *
   * @return the same one always
   */
  public Strings strings() {
    return strings;
  }

  /**
   * The value of a key.
   *
   * @param map a live map
   * @param key its characters
   * @param missing what to return if the map does not have the key
   * @return the value
   */
  public long get(long map, CharSequence key, long missing) {
    int position = find(map, key);
    return position < 0 ? missing : value(map, capacity(word(map)), position);
  }

  /**
   * Whether a map has a key.
   *
   * @param map a live map
   * @param key its characters
   * @return true if it has
   */
  public boolean containsKey(long map, CharSequence key) {
    return find(map, key) >= 0;
  }

  /**
   * Puts a value. Makes a string for a new key.
   *
   * @param map a live map
   * @param key its characters
   * @param value any value
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public boolean put(long map, CharSequence key, long value) {
    int position = find(map, key);
    if (position >= 0) {
      setAt(map, position, value);
      return false;
    }
    long string = allocateKey(map, Heap.NULL, key);
    try {
      return put(map, string, value);
    } finally {
      heap.release(string);
    }
  }

  /**
   * Adds to the value of a key; one that the map does not have begins with 0. Makes a string for a
   * new key.
   *
   * @param map a live map
   * @param key its characters
   * @param delta what to add; it wraps around as Java's does
   * @return the new value
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for a new key
   */
  public long add(long map, CharSequence key, long delta) {
    int position = find(map, key);
    if (position >= 0) {
      return addAt(map, position, delta);
    }
    long string = allocateKey(map, Heap.NULL, key);
    try {
      return add(map, string, delta);
    } finally {
      heap.release(string);
    }
  }

  /**
   * Removes a key.
   *
   * @param map a live map
   * @param key its characters
   * @return whether it was there
   */
  public boolean remove(long map, CharSequence key) {
    int position = find(map, key);
    if (position >= 0) {
      removeAt(map, capacity(word(map)), position);
    }
    return position >= 0;
  }
}
