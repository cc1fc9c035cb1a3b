package org.ouroboros.allocator.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** What a library calls its version. Restricted, like all that calls it. */
final class LibraryVersion {

  private LibraryVersion() {}

  /**
   * The version.
   *
   * @return the library's own words, or empty if it has none
   */
  static Optional<String> of(LibrarySymbols library) {
    try {
      return switch (library.prefix()) {
        case "" -> gnu(library);
        case "mi_" -> mimalloc(library);
        case "je_" -> jemalloc(library);
        case "tc_" -> tcmalloc(library);
        case "rp" -> rpmalloc(library);
        default -> Optional.empty();
      };
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /** {@code const char *gnu_get_libc_version(void)}. */
  private static Optional<String> gnu(LibrarySymbols library) throws Throwable {
    Optional<MemorySegment> function = library.symbols().find("gnu_get_libc_version");
    if (function.isEmpty()) {
      return Optional.empty();
    }
    MethodHandle call = bind(function.get(), FunctionDescriptor.of(ADDRESS));
    return Optional.of("glibc " + NativeAccess.string((MemorySegment) call.invokeExact()));
  }

  /** {@code int mi_version(void)}: 209 is 2.0.9, and 30304 is 3.3.4. */
  private static Optional<String> mimalloc(LibrarySymbols library) throws Throwable {
    Optional<MemorySegment> function = library.symbols().find("mi_version");
    if (function.isEmpty()) {
      return Optional.empty();
    }
    int version = (int) bind(function.get(), FunctionDescriptor.of(JAVA_INT)).invokeExact();
    int base = version < 1000 ? 10 : 100;
    return Optional.of(
        "mimalloc " + version / (base * base) + "." + version / base % base + "." + version % base);
  }

  /** {@code int mallctl("version", const char **, size_t *, NULL, 0)}. */
  private static Optional<String> jemalloc(LibrarySymbols library) throws Throwable {
    if (!library.has("mallctl")) {
      return Optional.empty();
    }
    MethodHandle call =
        library.bind(
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG),
            new Linker.Option[0],
            "mallctl");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(ADDRESS);
      MemorySegment size = arena.allocateFrom(JAVA_LONG, ADDRESS.byteSize());
      int error = (int) call.invokeExact(arena.allocateFrom("version"), text, size, 0L, 0L);
      if (error != 0) {
        return Optional.empty();
      }
      // 5.3.0-0-g54eaed1d8b: what is behind the number names the commit; builds outside of git say
      // 0.0.0 and that the number is missing.
      String version = NativeAccess.string(text.get(ADDRESS, 0)).replaceFirst("-.*", "");
      return Optional.of(
          version.equals("0.0.0") ? "jemalloc of unknown version" : "jemalloc " + version);
    }
  }

  /** It does not tell; {@code rpzalloc} came with version 2. */
  private static Optional<String> rpmalloc(LibrarySymbols library) {
    return Optional.of(library.has("zalloc") ? "rpmalloc 2" : "rpmalloc 1");
  }

  /** {@code const char *tc_version(int *, int *, const char **)}. */
  private static Optional<String> tcmalloc(LibrarySymbols library) throws Throwable {
    Optional<MemorySegment> function = library.symbols().find("tc_version");
    if (function.isEmpty()) {
      return Optional.empty();
    }
    MethodHandle call =
        bind(function.get(), FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(ADDRESS, 3);
      return Optional.of(
          NativeAccess.string((MemorySegment) call.invokeExact(numbers, numbers, numbers)));
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(MemorySegment function, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(function, type);
  }
}
