package org.ouroboros.benchmarks.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.ouroboros.benchmarks.host.HostException.Reason;

/**
 * An opened C library. It is never closed: what it has allocated, or its threads, may still need
 * it.
 *
 * <p>Pointers and {@code size_t} are {@code long}s.
 */
@SuppressWarnings("restricted")
final class CLibrary {

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;

  private final String file;
  private final SymbolLookup symbols;

  private CLibrary(String file, SymbolLookup symbols) {
    this.file = file;
    this.symbols = symbols;
  }

  /**
   * Opens a library.
   *
   * @param file a path, or a name that the dynamic linker knows
   * @param debianPackage what brings it, for the message
   * @throws HostException if it is not there or cannot be opened
   */
  static CLibrary open(String file, String debianPackage) throws HostException {
    try {
      return new CLibrary(file, SymbolLookup.libraryLookup(file, Arena.global()));
    } catch (IllegalArgumentException e) {
      throw new HostException(
          Reason.MISSING_LIBRARY,
          file
              + " cannot be opened ("
              + e.getMessage()
              + "): install it (Debian's package "
              + debianPackage
              + "), or give its path");
    }
  }

  /** A function that gives something. */
  CCall function(String name, MemoryLayout result, MemoryLayout... arguments) throws HostException {
    return bind(name, FunctionDescriptor.of(result, arguments));
  }

  /** A function that gives nothing. */
  CCall procedure(String name, MemoryLayout... arguments) throws HostException {
    return bind(name, FunctionDescriptor.ofVoid(arguments));
  }

  /** A function with {@code ...} after its first argument, called with these. */
  CCall variadic(String name, MemoryLayout result, MemoryLayout... arguments) throws HostException {
    return bind(name, FunctionDescriptor.of(result, arguments), Linker.Option.firstVariadicArg(1));
  }

  private CCall bind(String name, FunctionDescriptor type, Linker.Option... options)
      throws HostException {
    return new CCall(Linker.nativeLinker().downcallHandle(find(name), type, options));
  }

  /** A function or variable. */
  MemorySegment find(String name) throws HostException {
    return symbols
        .find(name)
        .orElseThrow(
            () ->
                new HostException(
                    Reason.MISSING_FUNCTION,
                    file + " has no " + name + ": it is another library, or another version"));
  }

  /**
   * Checks that a version is at least another.
   *
   * @param found numbers with dots
   * @param least the same
   * @throws HostException if it is less
   */
  void requireVersion(String found, String least) throws HostException {
    if (Arrays.compare(numbers(found), numbers(least)) < 0) {
      throw new HostException(
          Reason.WRONG_VERSION,
          file
              + " is version "
              + found
              + ", needed is "
              + least
              + " or newer: install that, or give its path");
    }
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("[^0-9]+"))
        .filter(part -> !part.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  /** The text of a C string, empty of null. */
  static String text(long chars) {
    return chars == 0
        ? ""
        : MemorySegment.ofAddress(chars).reinterpret(Long.MAX_VALUE).getString(0);
  }

  @Override
  public String toString() {
    return file;
  }
}
