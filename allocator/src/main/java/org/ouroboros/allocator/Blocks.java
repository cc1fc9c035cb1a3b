package org.ouroboros.allocator;

import org.ouroboros.allocator.page.Engine;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * What the faces of the default allocator share: operations that are made of others.
 *
 * <p>Thread rule: as the allocator that is passed in.
 */
final class Blocks {

  /** Every bit that an address can have set. */
  private static final long ADDRESS_BITS = (1L << 62) - 1;

  private Blocks() {}

  /**
   * The same address, known to the JIT to be neither negative nor near overflow. So it leaves out
   * the bounds checks of a caller who writes to the block through a segment over all memory; in a
   * loop it would turn them into some twenty instructions.
   */
  static long address(long address) {
    return address & ADDRESS_BITS;
  }

  static long calloc(Allocator allocator, Engine engine, long count, long size) {
    long bytes = checkedProduct(engine.name(), count, size);
    if (bytes > SizeClasses.MAX_MEDIUM) {
      return engine.mallocLarge(bytes, Allocator.MIN_ALIGNMENT, true);
    }
    long address = allocator.malloc(bytes);
    engine.zeroNew(address, bytes);
    return address;
  }

  /**
   * What {@code calloc} is to allocate.
   *
   * @return {@code count * size}
   */
  static long checkedProduct(String name, long count, long size) {
    if (count < 0 || size < 0) {
      throw new IllegalArgumentException(
          name + ": negative count or size: " + count + " * " + size);
    }
    if (Math.multiplyHigh(count, size) != 0 || count * size < 0) {
      throw new AllocationFailedException(
          name, -1, "calloc of " + count + " * " + size + " overflows", null);
    }
    return count * size;
  }

  static long realloc(Allocator allocator, Engine engine, long address, long size) {
    if (address == 0) {
      return allocator.malloc(size);
    }
    if (size < 0) {
      throw new IllegalArgumentException(engine.name() + ": negative size " + size);
    }
    long usable = allocator.usableSize(address);
    if (engine.resizeInPlace(address, usable, size)) {
      return address;
    }
    long moved = allocator.malloc(size);
    engine.copy(address, moved, Math.min(usable, size));
    allocator.free(address);
    return moved;
  }

  static void checkAlignment(Engine engine, long alignment, long size) {
    if (alignment <= 0 || (alignment & alignment - 1) != 0 || size < 0) {
      throw new IllegalArgumentException(
          engine.name()
              + ": alignment "
              + alignment
              + " must be a power of two, and size "
              + size
              + " not negative");
    }
  }
}
