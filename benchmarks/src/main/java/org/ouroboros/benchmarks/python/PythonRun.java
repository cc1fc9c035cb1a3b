package org.ouroboros.benchmarks.python;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;

/**
 * A program from start to end, in this JVM: once only.
 *
 * @param version CPython's
 * @param exitCode the program's
 * @param memory what CPython allocated from; null if it was its own allocator
 * @param atEnd the allocator's counters when the program was over; null without {@code memory}
 * @param afterwards the same when CPython was shut down
 */
record PythonRun(
    String version,
    int exitCode,
    @Nullable PythonMemory memory,
    @Nullable AllocatorStats atEnd,
    @Nullable AllocatorStats afterwards) {

  /** CPython recurses on the C stack. */
  private static final long STACK_BYTES = 64L << 20;

  /**
   * Runs a program on a thread with a large stack, and shuts CPython down.
   *
   * @param file the library, see {@link PythonLibrary#open}
   * @param allocator what serves CPython; stays open, as CPython keeps blocks. Null for its own
   * @throws PythonException if it cannot be done
   */
  static PythonRun of(String file, @Nullable Allocator allocator, PythonProgram program)
      throws IOException {
    FutureTask<PythonRun> task =
        new FutureTask<>(() -> onThisThread(PythonLibrary.open(file), allocator, program));
    Thread thread = new Thread(null, task, "python", STACK_BYTES);
    thread.start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Python runs", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new AssertionError("CPython could not be called", e.getCause());
    }
  }

  private static PythonRun onThisThread(
      PythonLibrary library, @Nullable Allocator allocator, PythonProgram program)
      throws IOException {
    String set = System.getenv("PYTHONHOME");
    Path home = set == null || set.isBlank() ? library.home() : Path.of(set);
    PythonMemory memory = null;
    if (allocator == null) {
      PythonMemory.checkUnused(library);
    } else {
      memory = PythonMemory.serve(library, allocator);
    }
    Interpreter interpreter = Interpreter.start(library, memory, home, program.arguments(home));
    int exitCode = interpreter.run();
    AllocatorStats atEnd = allocator == null ? null : allocator.stats();
    boolean written = interpreter.finish();
    AllocatorStats afterwards = allocator == null ? null : allocator.stats();
    return new PythonRun(
        library.version(), written ? exitCode : Math.max(1, exitCode), memory, atEnd, afterwards);
  }
}
