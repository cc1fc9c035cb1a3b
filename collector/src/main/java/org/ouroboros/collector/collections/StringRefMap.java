package org.ouroboros.collector.collections;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.heap.ConfinedHeap;

/**
 * Hash maps from {@link Strings} to objects, in which Java strings can be looked up without making
 * any object.
 *
 * <pre>{@code
 * StringRefMap maps = new StringRefMap(heap);
 * long byName = scope.own(maps.allocate());
 * maps.putMoved(byName, "first", heap.allocate(NODE));
 * COUNT.add(heap, maps.get(byName, "first"), 1);
 * }</pre>
 *
 * <p>Looking up takes time in proportion to the key's length. An entry takes as much as in a {@link
 * RefRefMap}, and its key.
 */
public final class StringRefMap extends RefRefMap {

  /**
   * Makes the face of a heap's maps.
   *
   * @param heap the heap
   */
  public StringRefMap(Heap heap) {
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
   * @return a borrowed reference; {@link Heap#NULL} if the map does not have the key
   */
  public long get(long map, CharSequence key) {
    ConfinedHeap quick = this.quick;
    if (quick != null) {
      long at = findPlace(quick, map, key);
      return at < 0 ? Heap.NULL : quick.referenceAt(at + Integer.BYTES);
    }
    return valueOrNull(map, find(map, key));
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
   * @param value a borrowed reference, which the map counts; {@link Heap#NULL} is refused
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public boolean put(long map, CharSequence key, long value) {
    return put(map, key, value, false);
  }

  /**
   * Puts an owned value, which the map takes over. Makes a string for a new key.
   *
   * @param map a live map
   * @param key its characters
   * @param owned an owned reference, unchanged if this throws; {@link Heap#NULL} is refused
   * @return whether the key is new
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public boolean putMoved(long map, CharSequence key, long owned) {
    return put(map, key, owned, true);
  }

  private boolean put(long map, CharSequence key, long value, boolean moved) {
    requireObject(value);
    ConfinedHeap quick = this.quick;
    if (quick != null && !moved) {
      long at = findPlace(quick, map, key);
      if (at >= 0 && quick.tryReplaceAt(at + Integer.BYTES, value)) {
        return false;
      }
    }
    int position = find(map, key);
    if (position >= 0) {
      storeAt(map, position, value, moved);
      return false;
    }
    long string = allocateKey(map, value, key);
    try {
      return put(map, string, value, moved);
    } finally {
      heap.release(string);
    }
  }

  /**
   * Removes a key, and gives its value back.
   *
   * @param map a live map
   * @param key its characters
   * @return whether it was there
   */
  public boolean remove(long map, CharSequence key) {
    long owned = take(map, key);
    heap.release(owned);
    return owned != Heap.NULL;
  }

  /**
   * Removes a key, and hands out its value.
   *
   * @param map a live map
   * @param key its characters
   * @return an owned reference; {@link Heap#NULL} if the map does not have the key
   */
  public long take(long map, CharSequence key) {
    int position = find(map, key);
    return position < 0 ? Heap.NULL : takeAt(map, capacity(word(map)), position);
  }
}
