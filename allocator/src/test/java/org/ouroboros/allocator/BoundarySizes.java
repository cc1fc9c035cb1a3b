package org.ouroboros.allocator;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/** The sizes at which the default allocator begins to do something else. */
final class BoundarySizes {

  private static final long PAGE = 64 << 10;

  private BoundarySizes() {}

  /** The size of each class's blocks, one less and one more. */
  static List<Long> ofClasses() {
    List<Long> sizes = new ArrayList<>(List.of(0L));
    for (int c = 0; c < SizeClasses.COUNT; c++) {
      addAround(sizes, SizeClasses.blockSize(c));
    }
    return sizes;
  }

  /** Some whole numbers of pages, one byte less and one more. */
  static List<Long> ofPageRuns() {
    List<Long> sizes = new ArrayList<>();
    for (long pages : new long[] {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33}) {
      addAround(sizes, pages * PAGE);
    }
    return sizes;
  }

  /**
   * Around the largest block that is a page run, and one that certainly is huge.
   *
   * @param reservation of the allocator
   */
  static List<Long> ofHuge(long reservation) {
    List<Long> sizes = new ArrayList<>();
    long largest = Math.min(32 << 20, reservation / 8);
    addAround(sizes, largest);
    sizes.add(largest + 2 * PAGE + 1);
    return sizes;
  }

  private static void addAround(List<Long> sizes, long size) {
    sizes.addAll(List.of(size - 1, size, size + 1));
  }
}
