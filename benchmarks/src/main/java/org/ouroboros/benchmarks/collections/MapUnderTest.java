package org.ouroboros.benchmarks.collections;

/**
 * A map of some kind and maker. Each number has a key of its own, in no order. Keys that are
 * objects are made outside what is timed.
 */
public abstract class MapUnderTest extends CollectionUnderTest {

  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  /** What it maps. */
  public enum Kind {
    /** From {@code long} to an object. */
    LONG_OBJECT,
    /** From {@code long} to {@code long}. */
    LONG_LONG,
    /** From a string to an object. */
    STRING_OBJECT
  }

  /** For the makers. */
  MapUnderTest() {}

  /**
   * Opens an empty map.
   *
   * @param kind what it maps
   * @param maker whose it is
   * @param entries numbers are below this
   * @return a map
   */
  static MapUnderTest open(Kind kind, Maker maker, int entries) {
    return switch (maker) {
      case OUROBOROS -> OurMaps.open(kind, entries);
      case AGRONA -> AgronaMaps.open(kind, entries);
      case JAVA -> JavaMaps.open(kind, entries);
    };
  }

  /** The key of a number: scattered, and none twice. */
  static long key(int number) {
    long mixed = (number + 1) * GOLDEN;
    return mixed ^ mixed >>> 29;
  }

  /** The key of a number as a string: another one each time. */
  static String text(int number) {
    return "key:" + Long.toHexString(key(number));
  }

  /** Puts an entry with the value of another one. */
  abstract void put(int number, int other);

  /** Looks an entry up; whether it is there. */
  abstract boolean get(int number);

  /** Removes an entry; whether it was there. */
  abstract boolean remove(int number);
}
