package org.ouroboros.benchmarks.host;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/**
 * A C function to be called with boxed arguments: convenient, and slower than a constant method
 * handle, which is no matter where the library does the work.
 */
final class CCall {

  private final MethodHandle handle;

  CCall(MethodHandle downcall) {
    int arguments = downcall.type().parameterCount();
    this.handle =
        downcall
            .asType(downcall.type().generic())
            .asSpreader(Object[].class, arguments)
            .asType(MethodType.methodType(Object.class, Object[].class));
  }

  /** Calls a function that gives an integer or a pointer; 0 if it gives nothing. */
  long call(Object... arguments) {
    return invoke(arguments) instanceof Number number ? number.longValue() : 0;
  }

  /** Calls a function that gives a {@code double}. */
  double callDouble(Object... arguments) {
    return (Double) invoke(arguments);
  }

  private Object invoke(Object[] arguments) {
    try {
      return handle.invokeExact(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("a downcall threw a checked exception", t);
    }
  }
}
