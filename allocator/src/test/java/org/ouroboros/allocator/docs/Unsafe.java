package org.ouroboros.allocator.docs;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;

/**
 * The methods of {@code sun.misc.Unsafe} that a guide shows, under their own names: they call the
 * real ones. To name that class would be a warning, which nothing but a flag of the compiler turns
 * off.
 */
final class Unsafe {

  private final MethodHandle allocate = find("allocateMemory", long.class);
  private final MethodHandle set = find("setMemory", long.class, long.class, byte.class);
  private final MethodHandle put = find("putLong", long.class, long.class);
  private final MethodHandle get = find("getLong", long.class);
  private final MethodHandle resize = find("reallocateMemory", long.class, long.class);
  private final MethodHandle free = find("freeMemory", long.class);

  long allocateMemory(long bytes) {
    return (long) call(allocate, bytes);
  }

  void setMemory(long address, long bytes, byte value) {
    call(set, address, bytes, value);
  }

  void putLong(long address, long value) {
    call(put, address, value);
  }

  long getLong(long address) {
    return (long) call(get, address);
  }

  long reallocateMemory(long address, long bytes) {
    return (long) call(resize, address, bytes);
  }

  void freeMemory(long address) {
    call(free, address);
  }

  private static Object call(MethodHandle method, Object... arguments) {
    try {
      return method.invokeWithArguments(arguments);
    } catch (Throwable t) {
      throw new AssertionError(t);
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
      throw new LinkageError("sun.misc.Unsafe has no " + name, e);
    }
  }
}
