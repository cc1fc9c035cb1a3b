package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Memory as C sees it: any address, no bounds. */
final class Raw {

  @SuppressWarnings("restricted")
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Raw() {}

  static byte read(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
  }

  static void write(long address, int value) {
    ALL.set(ValueLayout.JAVA_BYTE, address, (byte) value);
  }

  /** Changes a byte, whatever it was. */
  static void flip(long address) {
    write(address, read(address) ^ 'A');
  }

  static void fill(long address, long bytes, int value) {
    ALL.asSlice(address, bytes).fill((byte) value);
  }
}
