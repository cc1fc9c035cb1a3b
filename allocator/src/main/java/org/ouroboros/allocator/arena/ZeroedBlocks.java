package org.ouroboros.allocator.arena;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.Allocator;

/**
 * What arenas hand out: zeroed blocks of an allocator as segments under a scope.
 *
 * <p>Small blocks are zeroed here, through a constant segment over all memory: the JIT leaves
 * nothing of its checks, whereas each store through a segment that is a field costs a nanosecond.
 * Exactly the bytes asked for are written, by stores that overlap: what follows them may be an
 * allocator's guard.
 *
 * <p>Thread rule: as the allocator. Needs native access.
 */
final class ZeroedBlocks {

  /** Up to here a few stores are less than a call. */
  private static final long SMALL = 64;

  @SuppressWarnings("restricted")
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private ZeroedBlocks() {}

  /**
   * Allocates a zeroed block.
   *
   * @throws IllegalArgumentException if the size is negative, or the alignment no power of two
   * @throws org.ouroboros.allocator.AllocationFailedException if there is no memory for it
   */
  static long allocate(Allocator allocator, long size, long alignment) {
    if (!isUsual(alignment)) {
      return allocateAligned(allocator, size, alignment);
    }
    if (Long.compareUnsigned(size, SMALL) > 0) {
      return allocator.calloc(1, size);
    }
    long address = allocator.malloc(size);
    zeroSmall(address, size);
    return address;
  }

  /** Whether every block has that alignment. */
  private static boolean isUsual(long alignment) {
    return Long.compareUnsigned(alignment - 1, Allocator.MIN_ALIGNMENT) < 0
        && (alignment & alignment - 1) == 0;
  }

  private static long allocateAligned(Allocator allocator, long size, long alignment) {
    long address = allocator.alignedAlloc(alignment, size);
    MEMORY.asSlice(address, size).fill((byte) 0);
    return address;
  }

  private static void zeroSmall(long address, long size) {
    long end = address + size;
    if (size >= 32) {
      zero16(address);
      zero16(address + 16);
      zero16(end - 32);
      zero16(end - 16);
    } else if (size >= 16) {
      zero16(address);
      zero16(end - 16);
    } else if (size >= 8) {
      MEMORY.set(JAVA_LONG_UNALIGNED, address, 0);
      MEMORY.set(JAVA_LONG_UNALIGNED, end - 8, 0);
    } else {
      zeroTiny(address, size);
    }
  }

  private static void zero16(long address) {
    MEMORY.set(JAVA_LONG_UNALIGNED, address, 0);
    MEMORY.set(JAVA_LONG_UNALIGNED, address + 8, 0);
  }

  private static void zeroTiny(long address, long size) {
    if (size >= 4) {
      MEMORY.set(JAVA_INT_UNALIGNED, address, 0);
      MEMORY.set(JAVA_INT_UNALIGNED, address + size - 4, 0);
    } else {
      for (long i = 0; i < size; i++) {
        MEMORY.set(JAVA_BYTE, address + i, (byte) 0);
      }
    }
  }

  /**
   * A block under an arena's scope.
   *
   * @throws IllegalStateException if the arena is closed
   * @throws WrongThreadException if it is another thread's
   */
  @SuppressWarnings("restricted") // the callers have asked for the permission
  static MemorySegment segment(long address, long size, Arena arena) {
    return MemorySegment.ofAddress(address).reinterpret(size, arena, null);
  }
}
