package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.foreign.NativeAccess;

/**
 * Segments over inner blocks. Where native access is allowed that is one constant segment over all
 * memory, which the JIT accesses without loads or checks of its own: only for addresses that the
 * allocator underneath gave and has not got back.
 */
final class Memory {

  private static final @Nullable MemorySegment ALL = all();

  private Memory() {}

  @SuppressWarnings("restricted")
  private static @Nullable MemorySegment all() {
    return NativeAccess.isEnabled() ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE) : null;
  }

  /** A segment that holds an inner block, and maybe more. */
  static MemorySegment of(Allocator inner, long begin, long bytes) {
    return ALL != null ? ALL : inner.segment(begin, bytes);
  }

  /**
   * The same segment as a constant where it is one: methods that are not inlined begin with it, or
   * each access would check a segment that might be any.
   */
  static MemorySegment constant(MemorySegment memory) {
    return ALL != null ? ALL : memory;
  }

  /**
   * An address or offset as it is, in a way that tells the JIT that it is no large number: of
   * accesses next to it the bounds need not be checked then.
   */
  static long near(long at) {
    return at & Long.MAX_VALUE >>> 1;
  }
}
