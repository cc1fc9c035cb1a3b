package org.ouroboros.benchmarks.compare;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/**
 * {@code sun.misc.Unsafe} by method handles: a direct call costs the same, and the compiler has no
 * way to be told that its warnings are known.
 */
final class UnsafeCalls {

  private static final MethodHandle ALLOCATE = find("allocateMemory", long.class);
  private static final MethodHandle PUT_BYTE = find("putByte", long.class, byte.class);
  private static final MethodHandle FREE = find("freeMemory", long.class);
  private static final MethodHandle CLEAN = find("invokeCleaner", ByteBuffer.class);

  private UnsafeCalls() {}

  static long allocate(long size) {
    try {
      return (long) ALLOCATE.invokeExact(size);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static void putByte(long address, byte value) {
    try {
      PUT_BYTE.invokeExact(address, value);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Frees a direct buffer now. */
  static void clean(ByteBuffer buffer) {
    try {
      CLEAN.invokeExact(buffer);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static MethodHandle find(String name, Class<?>... parameters) {
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field field = type.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return MethodHandles.lookup()
          .unreflect(type.getMethod(name, parameters))
          .bindTo(field.get(null));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this JDK has no sun.misc.Unsafe", e);
    }
  }

  private static IllegalStateException unexpected(Throwable t) {
    return new IllegalStateException("sun.misc.Unsafe refused", t);
  }
}
