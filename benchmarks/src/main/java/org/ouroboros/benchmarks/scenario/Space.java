package org.ouroboros.benchmarks.scenario;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.collector.HeapOptions;

/**
 * Where a heap has its objects, as it is named on the command line.
 *
 * @param text {@code paged}, or {@code allocator:} and a name
 */
record Space(String text) {

  static final String PAGED = "paged";

  private static final String ALLOCATOR = "allocator:";

  /**
   * Reads a name, and tries whether the allocator can be had.
   *
   * @throws IllegalArgumentException if it is not known
   * @throws AllocatorUnavailableException if the allocator is not known or cannot be had; both
   *     messages are one line
   */
  static Space of(String text) {
    Space space = new Space(text);
    if (text.startsWith(ALLOCATOR)) {
      space.open().close();
    } else if (!text.equals(PAGED)) {
      throw new IllegalArgumentException(
          "unknown space '"
              + text
              + "'; known are "
              + PAGED
              + " and "
              + ALLOCATOR
              + "NAME, where NAME is one of "
              + String.join(", ", Allocators.names()));
    }
    return space;
  }

  /** The options of a heap on this space. */
  HeapOptions options(HeapOptions options) {
    return text.equals(PAGED) ? options : options.withAllocator(this::open);
  }

  private Allocator open() {
    return Allocators.of(text.substring(ALLOCATOR.length()));
  }
}
