package org.ouroboros.allocator.sizeclass;

/**
 * The block sizes: every multiple of 16 up to 64 bytes, then {@value #PER_DOUBLING} for each
 * doubling, up to {@link #MAX_MEDIUM}.
 *
 * <pre>
 *   16 32 48 64 | 80 96 112 128 | 160 192 224 256 | 320 384 448 512 | 640 ...
 * </pre>
 *
 * <p>A block is at most a quarter larger than what was asked for (and 15 bytes for the smallest). A
 * class above 64 bytes is a multiple of a quarter of the power of two below it; so a size that is
 * rounded up to an alignment falls in a class whose blocks all have that alignment, if the first
 * one has ({@link #roundToAlignment}).
 *
 * <p><b>Small</b> blocks (up to {@link #MAX_SMALL}) are cut from one page, <b>medium</b> ones from
 * {@link #MEDIUM_PAGES} pages in a row, so that at least eight fit and little is lost at the end.
 *
 * <p>Thread rule: immutable.
 */
public final class SizeClasses {

  /** Bytes that all block sizes are multiples of, as a shift. */
  static final int GRANULE_SHIFT = 4;

  /** Classes for each doubling of the size, as a shift. */
  static final int DOUBLING_SHIFT = 2;

  /** Classes for each doubling of the size. */
  public static final int PER_DOUBLING = 1 << DOUBLING_SHIFT;

  /** The largest small block, in bytes. */
  public static final int MAX_SMALL = 8 << 10;

  /** The largest medium block, in bytes. */
  public static final int MAX_MEDIUM = 64 << 10;

  /** Pages in a row that medium blocks are cut from. */
  public static final int MEDIUM_PAGES = 8;

  /** How many classes there are. */
  public static final int COUNT = classOfLarger(MAX_MEDIUM) + 1;

  /** How many of them are small; these are the classes 0 to {@code SMALL_COUNT - 1}. */
  public static final int SMALL_COUNT = classOfLarger(MAX_SMALL) + 1;

  /** Blocks of this size and less are not moved to a smaller one. */
  private static final int LEAST_TO_SHRINK = 32;

  private static final byte[] SMALL_CLASS = smallClasses();

  private static final int[] BLOCK_SIZE = blockSizes();

  private SizeClasses() {}

  /**
   * The class of a small block.
   *
   * @param size bytes, 0 to {@link #MAX_SMALL}
   * @return the smallest class that holds it
   */
  public static int ofSmall(int size) {
    return SMALL_CLASS[(size + (1 << GRANULE_SHIFT) - 1) >>> GRANULE_SHIFT];
  }

  /**
   * The class of a small or medium block.
   *
   * @param size bytes, 0 to {@link #MAX_MEDIUM}
   * @return the smallest class that holds it
   */
  public static int of(int size) {
    return size <= MAX_SMALL ? ofSmall(size) : classOfLarger(size);
  }

  /**
   * The size of a class's blocks.
   *
   * @param sizeClass 0 to {@link #COUNT} - 1
   * @return bytes
   */
  public static int blockSize(int sizeClass) {
    return BLOCK_SIZE[sizeClass];
  }

  /**
   * Whether a block is kept when it is resized: it must have room, and not more than twice what is
   * needed, unless it is so small that moving it saves nothing.
   *
   * @param blockSize bytes the block has
   * @param size bytes it is to have
   * @return whether to leave it where it is
   */
  public static boolean staysInPlace(long blockSize, long size) {
    return size <= blockSize && (size >= blockSize >>> 1 || blockSize <= LEAST_TO_SHRINK);
  }

  /**
   * What to ask for so that every block of the class is aligned, given that the first one is.
   *
   * @param size bytes
   * @param alignment bytes, a power of two
   * @return {@code size} rounded up to a multiple of {@code alignment}; negative if that overflows
   */
  public static long roundToAlignment(long size, long alignment) {
    return (Math.max(size, 1) + alignment - 1) & -alignment;
  }

  /** The class by arithmetic: of the sizes in (2^k, 2^(k+1)], a quarter of 2^k apart. */
  private static int classOfLarger(int size) {
    int granules = (size + (1 << GRANULE_SHIFT) - 1) >>> GRANULE_SHIFT;
    if (granules <= PER_DOUBLING) {
      return Math.max(granules, 1) - 1;
    }
    int k = 31 - Integer.numberOfLeadingZeros(granules - 1);
    int step = k - DOUBLING_SHIFT;
    int quarter = ((granules - 1) >>> step) - PER_DOUBLING;
    return PER_DOUBLING + (step << DOUBLING_SHIFT) + quarter;
  }

  private static byte[] smallClasses() {
    byte[] classes = new byte[(MAX_SMALL >>> GRANULE_SHIFT) + 1];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (byte) classOfLarger(i << GRANULE_SHIFT);
    }
    return classes;
  }

  private static int[] blockSizes() {
    int[] sizes = new int[classOfLarger(MAX_MEDIUM) + 1];
    for (int size = 1 << GRANULE_SHIFT; size <= MAX_MEDIUM; size += 1 << GRANULE_SHIFT) {
      sizes[classOfLarger(size)] = size;
    }
    return sizes;
  }
}
