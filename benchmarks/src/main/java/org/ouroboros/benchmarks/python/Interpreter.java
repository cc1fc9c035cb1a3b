package org.ouroboros.benchmarks.python;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A running CPython. Signals stay with the JVM.
 *
 * <p>Thread rule: all of it by one thread, with a large stack.
 */
final class Interpreter {

  private static final String START = "start.py";

  /** PyConfig of 3.11 is some 420 bytes. */
  private static final long CONFIG_BYTES = 4096;

  /** The fifth int of PyConfig. */
  private static final long INSTALL_SIGNAL_HANDLERS = 16;

  /** PyStatus: type, function, message, exit code. */
  private static final StructLayout STATUS =
      MemoryLayout.structLayout(
          JAVA_INT,
          MemoryLayout.paddingLayout(4),
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          MemoryLayout.paddingLayout(4));

  private static final long STATUS_MESSAGE = 16;
  private static final long STATUS_EXIT_CODE = 24;

  private final PythonLibrary library;

  private Interpreter(PythonLibrary library) {
    this.library = library;
  }

  /**
   * Starts the interpreter.
   *
   * @param memory what it allocates from; null for its own
   * @param home the folder with {@code lib/python3.11}
   * @param arguments what to run, see {@link PythonProgram#arguments}
   * @throws PythonException if it refuses
   */
  static Interpreter start(
      PythonLibrary library, @Nullable PythonMemory memory, Path home, List<String> arguments)
      throws PythonException {
    // Py_InitializeEx does the same, but ends the process where this gives a status.
    MethodHandle defaults = library.function("PyConfig_InitPythonConfig", null, ADDRESS);
    MethodHandle setArguments =
        library.function("PyConfig_SetBytesArgv", STATUS, ADDRESS, JAVA_LONG, ADDRESS);
    MethodHandle initialize = library.function("Py_InitializeFromConfig", STATUS, ADDRESS);
    MethodHandle clear = library.function("PyConfig_Clear", null, ADDRESS);
    DynamicLinker.setVariable("PYTHONHOME", home.toString());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = arena.allocate(CONFIG_BYTES, JAVA_LONG.byteAlignment());
      defaults.invokeExact(config);
      config.set(JAVA_INT, INSTALL_SIGNAL_HANDLERS, 0);
      MemorySegment pointers = arena.allocate(ADDRESS, arguments.size());
      for (int i = 0; i < arguments.size(); i++) {
        pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(arguments.get(i)));
      }
      check(
          library,
          (MemorySegment) setArguments.invoke(arena, config, (long) arguments.size(), pointers));
      check(library, (MemorySegment) initialize.invoke(arena, config));
      clear.invokeExact(config);
    } catch (PythonException e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
    if (memory != null) {
      memory.checkServes(library);
    }
    return new Interpreter(library);
  }

  private static void check(PythonLibrary library, MemorySegment status) throws PythonException {
    int type = status.get(JAVA_INT, 0);
    if (type != 0) {
      String message = DynamicLinker.string(status.get(ADDRESS, STATUS_MESSAGE));
      throw new PythonException(
          PythonException.Kind.START_REFUSED,
          library
              + " does not start: "
              + (message.isEmpty()
                  ? "exit code " + status.get(JAVA_INT, STATUS_EXIT_CODE)
                  : message)
              + "; see the PYTHON* variables of the environment, and whether lib/python3.11 is"
              + " complete");
    }
  }

  /**
   * Runs the program of the arguments.
   *
   * @return its exit code
   */
  int run() throws IOException {
    MethodHandle runString = library.function("PyRun_SimpleString", JAVA_INT, ADDRESS);
    MethodHandle getSys = library.function("PySys_GetObject", ADDRESS, ADDRESS);
    MethodHandle toLong = library.function("PyLong_AsLong", JAVA_LONG, ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      if ((int) runString.invokeExact(arena.allocateFrom(resource(START))) != 0) {
        return 1; // an exception, which CPython has printed
      }
      MemorySegment code = (MemorySegment) getSys.invokeExact(arena.allocateFrom("_exit_code"));
      return code.address() == 0 ? 1 : (int) (long) toLong.invokeExact(code);
    } catch (IOException e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /**
   * Shuts it down, as far as CPython can.
   *
   * @return whether all it had to write was written
   */
  boolean finish() throws PythonException {
    MethodHandle finish = library.function("Py_FinalizeEx", JAVA_INT);
    try {
      return (int) finish.invokeExact() == 0;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** The text of a Python file beside this class. */
  static String resource(String name) throws IOException {
    try (InputStream in = Interpreter.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is missing in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
