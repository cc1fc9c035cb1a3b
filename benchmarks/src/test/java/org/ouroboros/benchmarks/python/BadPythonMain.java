package org.ouroboros.benchmarks.python;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;

/** What is done wrong with CPython, in a JVM of its own. */
final class BadPythonMain {

  private static final PythonProgram PROGRAM =
      new PythonProgram(
          PythonProgram.Kind.CODE, "print('CPython says', 6 * 7, flush=True)", List.of());

  private BadPythonMain() {}

  public static void main(String[] args) throws Throwable {
    if (args[0].equals("null")) {
      givesNull();
    } else {
      allocated();
    }
  }

  private static void givesNull() throws Exception {
    Allocator allocator = Allocators.of("ouroboros");
    try {
      PythonRun.of(PythonLibrary.NAME, new BadAllocator(allocator, "malloc", 0), PROGRAM);
    } catch (PythonException e) {
      System.out.println(e.kind() + ": " + e.getMessage());
    }
    // nothing has changed: the same JVM can do it right
    PythonProgram good =
        new PythonProgram(
            PythonProgram.Kind.CODE,
            "import os; os.write(1, b'alive, and CPython said 42')",
            List.of());
    PythonRun run = PythonRun.of(PythonLibrary.NAME, allocator, good);
    System.out.println(", exit code " + run.exitCode());
  }

  private static void allocated() throws Throwable {
    PythonLibrary library = PythonLibrary.open(PythonLibrary.NAME);
    MemorySegment block =
        (MemorySegment) library.function("PyMem_Malloc", ADDRESS, JAVA_LONG).invokeExact(100L);
    refused();
    library.function("PyMem_Free", null, ADDRESS).invokeExact(block);
    library.function("Py_InitializeEx", null, JAVA_INT).invokeExact(0);
    refused();
    System.out.println("alive");
  }

  private static void refused() throws Exception {
    try {
      PythonRun.of(PythonLibrary.NAME, Allocators.of("ouroboros"), PROGRAM);
      System.out.println("not refused");
    } catch (PythonException e) {
      System.out.println(e.kind() + ": " + e.getMessage());
    }
  }
}
