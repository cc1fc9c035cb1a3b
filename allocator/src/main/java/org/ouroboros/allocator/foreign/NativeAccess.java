package org.ouroboros.allocator.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Whether this module may call native code, and the few functions of the C library that tell what
 * went wrong.
 *
 * <p>Everything restricted in this module stands behind {@link #isEnabled()}: asking the JVM for a
 * restricted method without the permission prints a warning on standard error, or fails.
 */
@SuppressWarnings("restricted")
public final class NativeAccess {

  /** What to do when {@link #isEnabled()} is false, as the rest of a sentence. */
  public static final String CURE =
      "native access is off: start the JVM with --enable-native-access="
          + Optional.ofNullable(NativeAccess.class.getModule().getName()).orElse("ALL-UNNAMED");

  private NativeAccess() {}

  /**
   * Whether restricted methods may be called without a warning. Asked anew each time, since the
   * permission can be given while the program runs.
   *
   * @return whether they may
   */
  public static boolean isEnabled() {
    return NativeAccess.class.getModule().isNativeAccessEnabled();
  }

  /**
   * The text of an error number. Only to be called where {@link #isEnabled()}.
   *
   * @param errno the number
   * @return C's {@code strerror} of it
   */
  public static String errorText(int errno) {
    try {
      return string((MemorySegment) CLibrary.STRERROR.invokeExact(errno));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * Why a library cannot be opened: the dynamic linker's own words, which the JDK keeps to itself.
   *
   * @param library a path or a name for {@code dlopen}
   * @return the reason, or empty if the library does open after all
   */
  static Optional<String> openError(String library) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle =
          (MemorySegment)
              CLibrary.DLOPEN.invokeExact(arena.allocateFrom(library), CLibrary.RTLD_LAZY);
      // An opened library is left open: the caller is about to use it.
      return handle.address() != 0
          ? Optional.empty()
          : Optional.of(string((MemorySegment) CLibrary.DLERROR.invokeExact()));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * What to throw for what came out of a method handle that throws nothing by itself.
   *
   * @param t what came
   * @return never: a run-time exception or error is thrown as it is
   */
  public static AssertionError unexpected(Throwable t) {
    switch (t) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError("a downcall threw a checked exception", t);
    }
  }

  /** A C string. */
  static String string(MemorySegment chars) {
    return chars.address() == 0 ? "?" : chars.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** Loaded on the first error only. */
  private static final class CLibrary {
    static final int RTLD_LAZY = 1;
    static final MethodHandle STRERROR =
        bind("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    static final MethodHandle DLOPEN =
        bind(
            "dlopen",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    static final MethodHandle DLERROR = bind("dlerror", FunctionDescriptor.of(ValueLayout.ADDRESS));

    private static MethodHandle bind(String name, FunctionDescriptor type) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
  }
}
