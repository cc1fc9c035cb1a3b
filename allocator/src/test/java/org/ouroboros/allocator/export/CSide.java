package org.ouroboros.allocator.export;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Calls an export's functions as C does: by their pointers, in their signatures. */
@SuppressWarnings("restricted")
final class CSide {

  private static final Linker LINKER = Linker.nativeLinker();

  private final CExport export;

  CSide(CExport export) {
    this.export = export;
  }

  /** Calls a function; the arguments are Longs and Integers, and so is the result, or null. */
  Object call(CFunction function, Object... arguments) {
    try {
      return LINKER
          .downcallHandle(export.function(function), function.descriptor())
          .invokeWithArguments(arguments);
    } catch (Throwable t) {
      throw new AssertionError("an exception came through C", t);
    }
  }

  long malloc(long size) {
    return (long) call(CFunction.MALLOC, size);
  }

  void free(long block) {
    call(CFunction.FREE, block);
  }

  /** The bytes of a block. */
  static MemorySegment bytes(long block, long size) {
    return MemorySegment.ofAddress(block).reinterpret(size);
  }

  /** A function of the C library, on longs. */
  static MethodHandle libc(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
  }

  static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;
}
