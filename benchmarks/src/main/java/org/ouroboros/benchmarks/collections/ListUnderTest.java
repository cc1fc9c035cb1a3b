package org.ouroboros.benchmarks.collections;

/** A list of some kind and maker. To put an entry is to append it. */
public abstract class ListUnderTest extends CollectionUnderTest {

  /** What it is a list of. */
  public enum Kind {
    /** Of {@code long}. */
    LONGS,
    /** Of objects; Agrona has no such list. */
    OBJECTS
  }

  /** For the makers. */
  ListUnderTest() {}

  /**
   * Opens an empty list.
   *
   * @param kind what it is a list of
   * @param maker whose it is
   * @param entries numbers are below this
   * @return a list
   * @throws IllegalArgumentException if the maker has no such list
   */
  static ListUnderTest open(Kind kind, Maker maker, int entries) {
    return switch (maker) {
      case OUROBOROS -> OurLists.open(kind, entries);
      case AGRONA -> AgronaLists.open(kind);
      case JAVA -> JavaLists.open(kind, entries);
    };
  }

  /** Reads an element; the number of its value. */
  abstract long get(int index);

  /** Replaces an element by the value of a number. */
  abstract void set(int index, int number);

  /** Reads all elements in their order; the sum of the numbers of their values. */
  abstract long sum();
}
