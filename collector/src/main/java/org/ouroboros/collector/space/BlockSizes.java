package org.ouroboros.collector.space;

/**
 * The block sizes of a paged space: every multiple of 16 bytes up to 512, then eight for each
 * doubling, up to {@value #MAX_BYTES} bytes. A block is at most an eighth larger than what was
 * asked for, and 15 bytes.
 *
 * <p>Blocks of one size are cut from <i>spans</i>: 8, 16, 32 or 64 <i>units</i> of 1 KiB in a row,
 * the fewest that have room for four blocks and lose no more than a sixteenth at the end. Small
 * spans keep small heaps with objects of many sizes small.
 *
 * <p>Thread rule: immutable.
 */
final class BlockSizes {

  /** Ids of a unit, as a shift: a unit is a word of each bitmap. */
  static final int UNIT_SHIFT = 6;

  /** Bytes of a unit. */
  static final int UNIT_BYTES = 16 << UNIT_SHIFT;

  static final int MAX_BYTES = 4096;

  /** Up to so many granules of 16 bytes every multiple is a size. */
  private static final int EXACT = 32;

  /** Sizes for each doubling, as a shift. */
  private static final int DOUBLING_SHIFT = 3;

  private static final byte[] CLASSES = classes();

  /** How many sizes there are. */
  static final int COUNT = CLASSES[CLASSES.length - 1] + 1;

  private static final int[] GRANULES = granules();
  private static final int[] SPAN_UNITS = spanUnits();
  private static final long[][] STARTS = starts();

  private BlockSizes() {}

  /** The class of a block of {@code bytes}, 1 to {@link #MAX_BYTES}. */
  static int of(int bytes) {
    return CLASSES[bytes + 15 >>> 4];
  }

  /** A block of a class, in units of 16 bytes. */
  static int granules(int sizeClass) {
    return GRANULES[sizeClass];
  }

  /** How many units a span of a class has, a power of two. */
  static int spanUnits(int sizeClass) {
    return SPAN_UNITS[sizeClass];
  }

  /** For each unit of a span, at which of its granules blocks begin. */
  static long[] starts(int sizeClass) {
    return STARTS[sizeClass];
  }

  private static int classOf(int granules) {
    if (granules <= EXACT) {
      return granules - 1;
    }
    int k = 31 - Integer.numberOfLeadingZeros(granules - 1);
    int step = k - DOUBLING_SHIFT;
    int firstOfDoubling = EXACT + (k - 5 << DOUBLING_SHIFT);
    return firstOfDoubling + (granules - 1 >>> step) - (1 << DOUBLING_SHIFT);
  }

  private static byte[] classes() {
    byte[] classes = new byte[(MAX_BYTES >>> 4) + 1];
    for (int g = 1; g < classes.length; g++) {
      classes[g] = (byte) classOf(g);
    }
    return classes;
  }

  private static int[] granules() {
    int[] granules = new int[COUNT];
    for (int g = 1; g < CLASSES.length; g++) {
      granules[CLASSES[g]] = g;
    }
    return granules;
  }

  private static int[] spanUnits() {
    int[] units = new int[COUNT];
    for (int c = 0; c < COUNT; c++) {
      int bytes = GRANULES[c] << 4;
      int span = 8;
      while (span < 64 && !fitsWell(span * UNIT_BYTES, bytes)) {
        span *= 2;
      }
      units[c] = span;
    }
    return units;
  }

  private static boolean fitsWell(int span, int block) {
    return span / block >= 4 && span % block <= span >> 4;
  }

  private static long[][] starts() {
    long[][] starts = new long[COUNT][];
    for (int c = 0; c < COUNT; c++) {
      long[] words = new long[SPAN_UNITS[c]];
      int end = words.length << UNIT_SHIFT;
      for (int g = 0; g + GRANULES[c] <= end; g += GRANULES[c]) {
        words[g >>> UNIT_SHIFT] |= 1L << g;
      }
      starts[c] = words;
    }
    return starts;
  }
}
