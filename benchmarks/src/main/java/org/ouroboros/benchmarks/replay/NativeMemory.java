package org.ouroboros.benchmarks.replay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Reads and writes at raw addresses, through one segment over everything: blocks come as {@code
 * long}s, and a segment for each would be a Java object for each.
 */
public final class NativeMemory {

  private static final MemorySegment EVERYTHING = everything();

  private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();

  private NativeMemory() {}

  /**
   * Reads eight bytes.
   *
   * @param address any, aligned or not
   * @return what is there
   */
  public static long getLong(long address) {
    return EVERYTHING.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  /**
   * Writes eight bytes.
   *
   * @param address any, aligned or not
   * @param value what is to be there
   */
  public static void putLong(long address, long value) {
    EVERYTHING.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
  }

  /**
   * Reads a byte.
   *
   * @param address any
   * @return what is there
   */
  public static byte getByte(long address) {
    return EVERYTHING.get(ValueLayout.JAVA_BYTE, address);
  }

  /**
   * Writes a byte.
   *
   * @param address any
   * @param value what is to be there
   */
  public static void putByte(long address, byte value) {
    EVERYTHING.set(ValueLayout.JAVA_BYTE, address, value);
  }

  /**
   * Adds 1 to a byte, by a load and a store that the JIT may not leave out. Not atomic.
   *
   * @param address any
   */
  public static void increment(long address) {
    byte old = (byte) BYTE.getOpaque(EVERYTHING, address);
    BYTE.setOpaque(EVERYTHING, address, (byte) (old + 1));
  }

  /**
   * Writes a byte many times.
   *
   * @param address where to begin
   * @param bytes how many
   * @param value what is to be there
   */
  public static void fill(long address, long bytes, byte value) {
    EVERYTHING.asSlice(address, bytes).fill(value);
  }

  /**
   * Writes to a block what the yardstick in C writes: its size to the first 8 bytes and 1 to the
   * last; 1 to every byte of one that has fewer than 8.
   */
  static void touch(long address, long size) {
    if (size >= Long.BYTES) {
      putLong(address, size);
      putByte(address + size - 1, (byte) 1);
    } else {
      touchFew(address, (int) size);
    }
  }

  private static void touchFew(long address, int size) {
    for (int i = 0; i < size; i++) {
      putByte(address + i, (byte) 1);
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
