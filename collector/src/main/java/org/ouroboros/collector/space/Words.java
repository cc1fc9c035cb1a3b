package org.ouroboros.collector.space;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Loads and stores of places whose caller has proven them to lie in the committed part of a paged
 * space.
 *
 * <p>With native access they go through one constant segment over all of the address space, so that
 * the JIT folds its scope and bounds, and an access is one instruction; what the segment of the
 * space would check again has been checked by the caller, against the same limit. Without native
 * access they go through the segment of the space.
 *
 * <p>Thread rule: as the heap.
 */
public final class Words {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private static final @Nullable MemorySegment ALL = allMemory();

  private Words() {}

  @SuppressWarnings("restricted") // every place is checked by the caller, see above
  private static @Nullable MemorySegment allMemory() {
    return Words.class.getModule().isNativeAccessEnabled()
        ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE)
        : null;
  }

  /**
   * Reads a long.
   *
   * @param base the space's {@link ObjectSpace#base}
   * @param place its offset in the space
   */
  public static long get(ObjectSpace space, long base, long place) {
    return ALL != null ? ALL.get(LONG, base + place) : space.memory().get(LONG, place);
  }

  /** Writes a long; see {@link #get}. */
  public static void set(ObjectSpace space, long base, long place, long value) {
    if (ALL != null) {
      ALL.set(LONG, base + place, value);
    } else {
      space.memory().set(LONG, place, value);
    }
  }

  /** Reads an int; see {@link #get}. */
  public static int getInt(ObjectSpace space, long base, long place) {
    return ALL != null ? ALL.get(INT, base + place) : space.memory().get(INT, place);
  }

  /** Writes an int; see {@link #get}. */
  public static void setInt(ObjectSpace space, long base, long place, int value) {
    if (ALL != null) {
      ALL.set(INT, base + place, value);
    } else {
      space.memory().set(INT, place, value);
    }
  }
}
