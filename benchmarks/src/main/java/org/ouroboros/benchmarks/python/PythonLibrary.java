package org.ouroboros.benchmarks.python;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * CPython 3.11 as a shared library. It is opened for the whole process and never closed; opening it
 * runs none of its code and allocates nothing from it.
 */
final class PythonLibrary {

  /** What the dynamic linker is asked for. */
  static final String NAME = "libpython3.11.so.1.0";

  /** The version whose structures the other classes know. */
  static final String VERSION = "3.11";

  private static final String CURE =
      "install Debian's libpython3.11, or name the file with --library";

  private final String file;
  private final long handle;
  private final String version;

  private PythonLibrary(String file, long handle, String version) {
    this.file = file;
    this.handle = handle;
    this.version = version;
  }

  /**
   * Opens the library.
   *
   * @param file a path, or a name that the dynamic linker knows
   * @throws PythonException if it is not there or is no CPython 3.11; it is closed again then
   */
  static PythonLibrary open(String file) throws PythonException {
    if (!PythonLibrary.class.getModule().isNativeAccessEnabled()) {
      throw new PythonException(
          PythonException.Kind.NO_NATIVE_ACCESS,
          "CPython cannot be called: start the JVM with --enable-native-access=ALL-UNNAMED");
    }
    long handle;
    try {
      handle = DynamicLinker.open(file, false);
    } catch (PythonException e) {
      throw new PythonException(e.kind(), e.getMessage() + "; " + CURE, e);
    }
    try {
      PythonLibrary library = new PythonLibrary(file, handle, version(file, handle));
      // Only now for all: the symbols of a wrong one would be in the way of the right one.
      long _ = DynamicLinker.open(file, true);
      return library;
    } catch (PythonException e) {
      DynamicLinker.close(handle);
      throw e;
    }
  }

  private static String version(String file, long handle) throws PythonException {
    PythonLibrary unchecked = new PythonLibrary(file, handle, "");
    MethodHandle get = unchecked.function("Py_GetVersion", ADDRESS);
    String version;
    try {
      version = DynamicLinker.string((MemorySegment) get.invokeExact());
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
    return checked(file, version);
  }

  /** The version alone of what {@code Py_GetVersion} tells. */
  static String checked(String file, String told) throws PythonException {
    String version = told.split(" ", 2)[0];
    if (!version.equals(VERSION) && !version.matches("3\\.11[.+abr].*")) {
      throw new PythonException(
          PythonException.Kind.WRONG_VERSION,
          file + ": this is CPython " + version + ", and only " + VERSION + " will do; " + CURE);
    }
    return version;
  }

  /**
   * A function of the library.
   *
   * @param result what it returns, null for {@code void}
   * @throws PythonException if there is none
   */
  MethodHandle function(String name, @Nullable MemoryLayout result, MemoryLayout... parameters)
      throws PythonException {
    MemorySegment address =
        DynamicLinker.symbol(handle, name)
            .orElseThrow(
                () ->
                    new PythonException(
                        PythonException.Kind.SYMBOL_MISSING,
                        file + " has no function " + name + ", it is no CPython; " + CURE));
    return DynamicLinker.function(
        address,
        result == null
            ? FunctionDescriptor.ofVoid(parameters)
            : FunctionDescriptor.of(result, parameters));
  }

  /** The version with its patch level. */
  String version() {
    return version;
  }

  /**
   * The folder that the library was installed under: the innermost one around it in which there is
   * a standard library.
   *
   * @throws PythonException if there is none
   */
  Path home() throws PythonException {
    Path folder = path();
    // Not the root, where /lib may lead to a standard library that is not this one's.
    for (Path one = folder; one != null; one = one.getParent()) {
      if (one.getNameCount() > 0 && Files.exists(one.resolve("lib/python" + VERSION + "/os.py"))) {
        return one;
      }
    }
    throw new PythonException(
        PythonException.Kind.STANDARD_LIBRARY_MISSING,
        "no standard library lib/python"
            + VERSION
            + " in a folder around "
            + folder
            + "; install Debian's libpython3.11-stdlib, or set PYTHONHOME");
  }

  /** Where the library was loaded from. */
  private Path path() {
    String name = String.valueOf(Path.of(file).getFileName());
    try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
      Optional<Path> loaded =
          mappings
              .filter(line -> line.endsWith("/" + name))
              .map(line -> Path.of(line.substring(line.indexOf('/'))))
              .findFirst();
      return loaded.orElse(Path.of(file)).toAbsolutePath();
    } catch (IOException | java.io.UncheckedIOException e) {
      return Path.of(file).toAbsolutePath();
    }
  }

  @Override
  public String toString() {
    return "CPython " + version;
  }
}
