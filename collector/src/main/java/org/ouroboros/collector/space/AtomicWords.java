package org.ouroboros.collector.space;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * {@link Words} for heaps that many threads use: headers and references are read and written as a
 * whole and in an order that others see too.
 *
 * <p>Headers lie at multiples of 16 bytes and references at multiples of four, so every access is
 * aligned, which the JVM asks for.
 *
 * <p>Thread rule: any thread; every place is checked by the caller, as in {@link Words}.
 */
public final class AtomicWords {

  private static final VarHandle LONGS =
      ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
  private static final VarHandle INTS = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

  private AtomicWords() {}

  private static MemorySegment memory(ObjectSpace space) {
    return Words.ALL != null ? Words.ALL : space.memory();
  }

  /** Reads a long; what follows comes after it. */
  public static long getVolatile(ObjectSpace space, long address) {
    return (long) LONGS.getVolatile(memory(space), address);
  }

  /** Writes a long, after all that was written before. */
  public static void setRelease(ObjectSpace space, long address, long value) {
    LONGS.setRelease(memory(space), address, value);
  }

  /** Replaces a long, if it is as expected; a full fence. */
  public static boolean compareAndSet(ObjectSpace space, long address, long expected, long value) {
    return (boolean) LONGS.compareAndSet(memory(space), address, expected, value);
  }

  /** Reads an int; what follows comes after it. */
  public static int getIntVolatile(ObjectSpace space, long address) {
    return (int) INTS.getVolatile(memory(space), address);
  }

  /** Replaces an int, if it is as expected; a full fence. */
  public static boolean compareAndSetInt(ObjectSpace space, long address, int expected, int value) {
    return (boolean) INTS.compareAndSet(memory(space), address, expected, value);
  }
}
