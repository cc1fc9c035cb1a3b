package org.ouroboros.benchmarks.python;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The C library's own {@code dlopen}, since {@link java.lang.foreign.SymbolLookup} keeps a
 * library's symbols to itself: CPython's extension modules look for the interpreter's functions
 * among those of the process. For Linux.
 *
 * <p>Native access is needed to load this class.
 */
@SuppressWarnings("restricted")
final class DynamicLinker {

  private static final int RTLD_NOW = 2;
  private static final int RTLD_GLOBAL = 0x100;

  /** A pointer to characters that end with 0. */
  private static final AddressLayout STRING =
      ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(Integer.MAX_VALUE, ValueLayout.JAVA_BYTE));

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle DLOPEN = c("dlopen", JAVA_LONG, ADDRESS, JAVA_INT);
  private static final MethodHandle DLSYM = c("dlsym", JAVA_LONG, JAVA_LONG, ADDRESS);
  private static final MethodHandle DLERROR = c("dlerror", STRING);
  private static final MethodHandle DLCLOSE = c("dlclose", JAVA_INT, JAVA_LONG);
  private static final MethodHandle SETENV = c("setenv", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);

  private DynamicLinker() {}

  private static MethodHandle c(String name, MemoryLayout result, MemoryLayout... parameters) {
    MemorySegment function = LINKER.defaultLookup().findOrThrow(name);
    return LINKER.downcallHandle(function, FunctionDescriptor.of(result, parameters));
  }

  /**
   * Opens a library, with its symbols for itself or for the whole process.
   *
   * @return its handle
   * @throws PythonException if it cannot be opened, with the linker's reason
   */
  static long open(String file, boolean global) throws PythonException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file);
      long handle = (long) DLOPEN.invokeExact(name, RTLD_NOW | (global ? RTLD_GLOBAL : 0));
      if (handle == 0) {
        String reason = ((MemorySegment) DLERROR.invokeExact()).getString(0);
        throw new PythonException(PythonException.Kind.LIBRARY_MISSING, reason);
      }
      return handle;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Undoes an {@link #open}. */
  static void close(long handle) {
    try {
      int _ = (int) DLCLOSE.invokeExact(handle);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** The address of a function. */
  static Optional<MemorySegment> symbol(long handle, String name) {
    try (Arena arena = Arena.ofConfined()) {
      long address = (long) DLSYM.invokeExact(handle, arena.allocateFrom(name));
      return address == 0 ? Optional.empty() : Optional.of(MemorySegment.ofAddress(address));
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** A function to be called. */
  static MethodHandle function(MemorySegment address, FunctionDescriptor type) {
    return LINKER.downcallHandle(address, type);
  }

  /** Sets a variable of the process's environment, which {@link System#getenv} does not see. */
  static void setVariable(String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) SETENV.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** The string that a C function gives. */
  static String string(MemorySegment pointer) {
    return pointer.address() == 0 ? "" : pointer.reinterpret(Integer.MAX_VALUE).getString(0);
  }

  private static PythonException unexpected(Throwable t) {
    if (t instanceof PythonException known) {
      return known;
    }
    throw new AssertionError(t);
  }
}
