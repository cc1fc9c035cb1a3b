package org.ouroboros.benchmarks.collections;

/**
 * A collection of some maker. Entries have numbers; each has a value of its own. Values that are
 * objects are made outside what is timed.
 */
public abstract class CollectionUnderTest implements AutoCloseable {

  /** Whose collection it is. */
  public enum Maker {
    /** Ours. */
    OUROBOROS,
    /** Agrona's. */
    AGRONA,
    /** Those of {@code java.util}. */
    JAVA
  }

  /** For maps and lists. */
  CollectionUnderTest() {}

  /** Makes the values, and other objects that are not to be timed. */
  abstract void prepare();

  /** Puts an entry with its own value, which other entries may have too. */
  abstract void put(int number);

  /** Puts an entry with a new value, which nothing else refers to. */
  abstract void putNew(int number);

  /** Removes all entries, and forgets the table. */
  abstract void clear();

  abstract int size();

  @Override
  public abstract void close();
}
