package org.ouroboros.benchmarks.python;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * Tries an allocator before CPython gets it: that ends the process if it gets no memory when it
 * starts.
 */
final class AllocatorProbe {

  private static final long SIZE = 1000;

  private AllocatorProbe() {}

  /**
   * Allocates, resizes and frees some blocks.
   *
   * @throws PythonException if the allocator does not serve
   */
  static void check(Allocator allocator) throws PythonException {
    if (!allocator.capabilities().threadSafe()) {
      throw unfit(allocator, "it serves one thread, and CPython's raw domain has many", null);
    }
    try {
      long empty = block(allocator, "malloc(0)", allocator.malloc(0));
      long one = block(allocator, "malloc(1)", allocator.malloc(1));
      if (empty == one) {
        throw unfit(allocator, "it gave the same block twice", null);
      }
      long zeroed = block(allocator, "calloc", allocator.calloc(SIZE, 1));
      long larger = block(allocator, "realloc", allocator.realloc(one, SIZE));
      allocator.free(empty);
      allocator.free(zeroed);
      allocator.free(larger);
    } catch (RuntimeException | OutOfMemoryError e) {
      throw unfit(allocator, "its first calls failed: " + e.getMessage(), e);
    }
  }

  private static long block(Allocator allocator, String call, long block) throws PythonException {
    if (block == 0) {
      throw unfit(allocator, call + " gave null", null);
    }
    if (block % Allocator.MIN_ALIGNMENT != 0) {
      throw unfit(allocator, call + " is not aligned to " + Allocator.MIN_ALIGNMENT, null);
    }
    return block;
  }

  private static PythonException unfit(
      Allocator allocator, String reason, @Nullable Throwable cause) {
    String message =
        "allocator '"
            + allocator.name()
            + "' cannot serve CPython: "
            + reason
            + "; choose another with --allocator";
    return cause == null
        ? new PythonException(PythonException.Kind.ALLOCATOR_UNFIT, message)
        : new PythonException(PythonException.Kind.ALLOCATOR_UNFIT, message, cause);
  }
}
