package org.ouroboros.allocator.arena;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * A list of blocks that go back to their allocator together.
 *
 * @param address where the block begins
 * @param size bytes that were asked for
 * @param next the rest of the list
 */
record Block(long address, long size, @Nullable Block next) {

  /**
   * Frees a list. A block that the allocator refuses does not keep it from the others.
   *
   * @throws RuntimeException what it threw first, with the rest suppressed
   */
  static void freeAll(Allocator allocator, @Nullable Block list) {
    RuntimeException refused = null;
    for (Block block = list; block != null; block = block.next) {
      try {
        allocator.free(block.address);
      } catch (RuntimeException e) {
        refused = joined(refused, e);
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  /** Two failures as one: the first, with the other suppressed. */
  static RuntimeException joined(@Nullable RuntimeException before, RuntimeException e) {
    if (before == null || before == e) {
      return e;
    }
    before.addSuppressed(e);
    return before;
  }
}
