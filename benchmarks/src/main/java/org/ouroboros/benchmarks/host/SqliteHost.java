package org.ouroboros.benchmarks.host;

import static org.ouroboros.benchmarks.host.CLibrary.INT;
import static org.ouroboros.benchmarks.host.CLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.ReentrantLock;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;
import org.ouroboros.benchmarks.host.HostException.Reason;

/**
 * SQLite: a database in memory. The library has one allocator for all, which it takes only while it
 * is shut down, as a {@code sqlite3_mem_methods}:
 *
 * <pre>
 *  0 xMalloc   8 xFree   16 xRealloc   24 xSize   32 xRoundup   40 xInit   48 xShutdown   56 data
 * </pre>
 */
final class SqliteHost implements Host {

  private static final String LEAST = "3.8.0";

  private static final int CONFIG_MALLOC = 4;
  private static final int CONFIG_GETMALLOC = 5;
  private static final int METHODS = 64;

  private static final int OK = 0;
  private static final int NO_MEMORY = 7;
  private static final int IO_ERROR_NO_MEMORY = 10 | 12 << 8;
  private static final int MISUSE = 21;

  private static final int OPEN_READ_WRITE = 2;
  private static final int OPEN_CREATE = 4;

  /** There is one SQLite in the process. */
  private static final ReentrantLock TURN = new ReentrantLock();

  private final CLibrary library;
  private final String version;
  private final CCall config;
  private final CCall initialize;
  private final CCall shutdown;
  private final CCall open;
  private final CCall close;
  private final SqliteCalls calls;

  SqliteHost(CLibrary library) throws HostException {
    this.library = library;
    this.version = CLibrary.text(library.function("sqlite3_libversion", POINTER).call());
    library.requireVersion(version, LEAST);
    this.config = library.variadic("sqlite3_config", INT, INT, POINTER);
    this.initialize = library.function("sqlite3_initialize", INT);
    this.shutdown = library.function("sqlite3_shutdown", INT);
    this.open = library.function("sqlite3_open_v2", INT, POINTER, POINTER, INT, POINTER);
    this.close = library.function("sqlite3_close_v2", INT, POINTER);
    this.calls = new SqliteCalls(library);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public String run(CExport export) throws HostException {
    TURN.lock();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment before = arena.allocate(METHODS, Long.BYTES);
      configure(CONFIG_GETMALLOC, before);
      configure(CONFIG_MALLOC, methods(arena, export));
      try {
        check("sqlite3_initialize", initialize.call());
        return work(arena);
      } finally {
        shutdown.call();
        configure(CONFIG_MALLOC, before);
      }
    } finally {
      TURN.unlock();
    }
  }

  private String work(Arena arena) throws HostException {
    MemorySegment handle = arena.allocate(POINTER);
    long opened =
        open.call(
            arena.allocateFrom(":memory:").address(),
            handle.address(),
            OPEN_READ_WRITE | OPEN_CREATE,
            0);
    // also if it failed there may be a handle to close
    long database = handle.get(POINTER, 0);
    try {
      check("sqlite3_open_v2", opened);
      return new SqliteWork(calls, database).run();
    } finally {
      close.call(database);
    }
  }

  private void configure(int option, MemorySegment methods) throws HostException {
    long result = config.call(option, methods.address());
    if (result == MISUSE) {
      throw new HostException(
          Reason.TOO_LATE,
          library
              + " is in use and takes no other allocator (SQLITE_MISUSE): close its databases and"
              + " call sqlite3_shutdown first");
    }
    check("sqlite3_config", result);
  }

  private static MemorySegment methods(Arena arena, CExport export) {
    MemorySegment methods = arena.allocate(METHODS, Long.BYTES);
    methods.setAtIndex(POINTER, 0, export.function(CFunction.INT_MALLOC).address());
    methods.setAtIndex(POINTER, 1, export.function(CFunction.FREE).address());
    methods.setAtIndex(POINTER, 2, export.function(CFunction.INT_REALLOC).address());
    methods.setAtIndex(POINTER, 3, export.function(CFunction.INT_USABLE_SIZE).address());
    methods.setAtIndex(POINTER, 4, export.function(CFunction.INT_ROUND_UP).address());
    methods.setAtIndex(POINTER, 5, Stubs.INIT.address());
    methods.setAtIndex(POINTER, 6, Stubs.SHUTDOWN.address());
    return methods;
  }

  private void check(String function, long result) throws HostException {
    if (result != OK) {
      throw failure(library + ": " + function + " returned " + result, result);
    }
  }

  /** What to throw for a result code of SQLite's. */
  static HostException failure(String message, long code) {
    boolean noMemory = (code & 0xff) == NO_MEMORY || code == IO_ERROR_NO_MEMORY;
    return new HostException(noMemory ? Reason.NO_MEMORY : Reason.FAILED, message);
  }

  /** SQLite wants to be told that the allocator is ready; the pointers live as long as the JVM. */
  @SuppressWarnings({"restricted", "UnusedMethod", "UnusedVariable"}) // by name
  private static final class Stubs {
    static final MemorySegment INIT = stub("ready", FunctionDescriptor.of(INT, POINTER), int.class);
    static final MemorySegment SHUTDOWN =
        stub("over", FunctionDescriptor.ofVoid(POINTER), void.class);

    private static int ready(long data) {
      return OK;
    }

    private static void over(long data) {}

    private static MemorySegment stub(String name, FunctionDescriptor type, Class<?> result) {
      try {
        return Linker.nativeLinker()
            .upcallStub(
                MethodHandles.lookup()
                    .findStatic(Stubs.class, name, MethodType.methodType(result, long.class)),
                type,
                Arena.global());
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }
}
