package org.ouroboros.collector.space;

/**
 * The first eight bytes of every object, one little-endian long:
 *
 * <pre>
 *   63          42 41      32 31            12 11          0
 *   |    type     |  flags   |   internal     |  external  |
 *   |     22      |    10    |      20        |     12     |
 *
 *   external  owned references: held by Java or C code
 *   internal  slots that name the object, and edges reported by hand
 *   flags     see the constants
 *   type      ObjectType.id()
 * </pre>
 *
 * <p>A field that would overflow moves half of its range to the side table of {@code Counts}, and
 * takes it back when it would be 0; so a field is 0 if and only if the whole count is. The place of
 * a freed object keeps a header whose counts are 0, which is how a stale reference is found out.
 *
 * <p>The only class that shifts or masks a header. Thread rule: static functions.
 */
public final class Header {

  public static final int INTERNAL_SHIFT = 12;
  public static final int TYPE_SHIFT = 42;

  public static final long EXTERNAL_ONE = 1;
  public static final long EXTERNAL = (1L << INTERNAL_SHIFT) - 1;
  public static final long INTERNAL_ONE = 1L << INTERNAL_SHIFT;
  public static final long INTERNAL = (1L << 32) - 1 & ~EXTERNAL;
  public static final long COUNTS = EXTERNAL | INTERNAL;

  /** The finalizer has run, or is not to run again. */
  public static final long FINALIZED = 1L << 32;

  /** The type has a finalizer. */
  public static final long HAS_FINALIZER = 1L << 33;

  /** The collector looks at the object. */
  public static final long TRACKED = 1L << 34;

  /** What the object's slots name counts as external, since the collector does not follow them. */
  public static final long OPAQUE = 1L << 35;

  /** The library itself holds the object for a moment: a finalizer, callback or hook is running. */
  public static final long HELD = 1L << 36;

  /** The object is the target of weak references. */
  public static final long HAS_WEAK = 1L << 37;

  /** A part of a count is in the side table. */
  public static final long OVERFLOWN = 1L << 38;

  /** A segment over the object was handed out that has to end with it. */
  public static final long LENT = 1L << 39;

  /** The object is being taken apart, and its second slot holds the next slot's index. */
  public static final long CURSOR = 1L << 40;

  /** The type has references outside its slots, and the object has not been asked to clear them. */
  public static final long CUSTOM = 1L << 41;

  /** A header of which these are neither 0 nor have OPAQUE is that of an object with open slots. */
  public static final long OPEN = COUNTS | OPAQUE;

  /** A header of which these do not have OVERFLOWN has all of its counts. */
  public static final long INLINE = COUNTS | OVERFLOWN;

  /** Any of these makes a death more than the release of slots. */
  public static final long SPECIAL_DEATH = HAS_FINALIZER | HAS_WEAK | LENT | CUSTOM;

  /** A header with any of these is that of an object that can be used. */
  public static final long ALIVE = COUNTS | HELD;

  /** A header with any of these is that of a root. */
  public static final long ROOT = EXTERNAL | HELD;

  /** What is added to a header where an owned reference becomes an edge. */
  public static final long MOVED = INTERNAL_ONE - EXTERNAL_ONE;

  private Header() {}

  /** The header of a new object, owned once by its maker. */
  public static long initial(int type, long flags) {
    return (long) type << TYPE_SHIFT | flags | EXTERNAL_ONE;
  }

  public static int type(long header) {
    return (int) (header >>> TYPE_SHIFT);
  }

  public static int external(long header) {
    return (int) (header & EXTERNAL);
  }

  public static int internal(long header) {
    return (int) ((header & INTERNAL) >>> INTERNAL_SHIFT);
  }

  /** Whether any count is not 0. */
  public static boolean isCounted(long header) {
    return (int) header != 0;
  }

  /** Whether the one reference there is to an object is an owned one. */
  public static boolean isOwnedAlone(long header) {
    return (header & (COUNTS | OVERFLOWN)) == EXTERNAL_ONE;
  }

  /** Whether the field of the external count is 1. */
  public static boolean isOwnedOnce(long header) {
    return (header & EXTERNAL) == EXTERNAL_ONE;
  }

  /** Whether an owned reference can become an edge by adding {@link #MOVED}. */
  public static boolean isMovable(long header) {
    return (header & EXTERNAL) != 0 && (header & OVERFLOWN) == 0 && (header & INTERNAL) != INTERNAL;
  }

  /** Whether the external count can go up without the side table. */
  public static boolean canAddExternal(long header) {
    return (header & EXTERNAL) != EXTERNAL;
  }

  /** Whether the internal count can go up without the side table. */
  public static boolean canAddInternal(long header) {
    return (header & INTERNAL) != INTERNAL;
  }

  public static boolean has(long header, long flags) {
    return (header & flags) != 0;
  }
}
