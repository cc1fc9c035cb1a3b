package org.ouroboros.collector.collections;

import org.ouroboros.collector.Heap;

/**
 * When two objects are the same key of a {@link RefRefMap} or {@link RefLongMap}, and their hashes.
 * What it looks at must not change while the object is a key.
 */
public interface KeyHashing {

  /** Each object is equal to itself alone. */
  KeyHashing IDENTITY =
      new KeyHashing() {
        @Override
        public int hash(Heap heap, long key) {
          return (int) key;
        }

        @Override
        public boolean equals(Heap heap, long one, long other) {
          return one == other;
        }
      };

  /** {@link Strings} are equal if their bytes are. */
  KeyHashing STRINGS =
      new KeyHashing() {
        @Override
        public int hash(Heap heap, long key) {
          return Strings.hash(heap, key);
        }

        @Override
        public boolean equals(Heap heap, long one, long other) {
          return Strings.equals(heap, one, other);
        }
      };

  /**
   * The hash of an object. Any {@code int} will do: the map spreads it.
   *
   * @param heap its heap
   * @param key a live object
   * @return the same for objects that are equal
   */
  int hash(Heap heap, long key);

  /**
   * Whether two objects are the same key. Called for objects whose hashes agree; must not change
   * the map.
   *
   * @param heap their heap
   * @param one a live object
   * @param other a live object
   * @return whether they are equal
   */
  boolean equals(Heap heap, long one, long other);
}
