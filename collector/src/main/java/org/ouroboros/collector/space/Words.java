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

  /** All of the address space; null without native access. */
  public static final @Nullable MemorySegment ALL = allMemory();

  /** No address has other bits; told so, the JIT leaves out the bounds of {@link #ALL} too. */
  public static final long ADDRESSES = (1L << 56) - 1;

  private Words() {}

  @SuppressWarnings("restricted") // every place is checked by the caller, see above
  private static @Nullable MemorySegment allMemory() {
    return Words.class.getModule().isNativeAccessEnabled()
        ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE)
        : null;
  }

  /** What a space tells as its base: its address, if that is of use. */
  static long base(long address) {
    return ALL != null ? address : 0;
  }

  /**
   * What the other methods take: an address, or, without native access, the place itself.
   *
   * @param base the space's {@link ObjectSpace#base}
   * @param place an offset in the space
   */
  public static long address(long base, long place) {
    return base + place & ADDRESSES;
  }

  /** Reads a long. */
  public static long get(ObjectSpace space, long address) {
    return ALL != null ? ALL.get(LONG, address) : space.memory().get(LONG, address);
  }

  /** Writes a long. */
  public static void set(ObjectSpace space, long address, long value) {
    if (ALL != null) {
      ALL.set(LONG, address, value);
    } else {
      space.memory().set(LONG, address, value);
    }
  }

  /** Reads an int. */
  public static int getInt(ObjectSpace space, long address) {
    return ALL != null ? ALL.get(INT, address) : space.memory().get(INT, address);
  }

  /** Writes an int. */
  public static void setInt(ObjectSpace space, long address, int value) {
    if (ALL != null) {
      ALL.set(INT, address, value);
    } else {
      space.memory().set(INT, address, value);
    }
  }
}
