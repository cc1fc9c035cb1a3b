package org.ouroboros.allocator.foreign;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The functions of libgc that are called again and again, bound. None of them as {@link
 * Linker.Option#critical}: a collection keeps the library's lock for milliseconds, and a thread
 * that waits for it must not hold up the JVM's safepoints.
 */
record BoehmFunctions(
    MethodHandle uncollectable,
    MethodHandle collectable,
    MethodHandle pointerFree,
    MethodHandle realloc,
    MethodHandle free,
    MethodHandle base,
    MethodHandle size,
    MethodHandle enable,
    MethodHandle collect,
    MethodHandle disable,
    MethodHandle heapSize,
    MethodHandle freeBytes,
    MethodHandle collections) {

  private static final FunctionDescriptor GET_LONG = FunctionDescriptor.of(JAVA_LONG);
  private static final FunctionDescriptor LONG_TO_LONG =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor NOTHING = FunctionDescriptor.ofVoid();
  private static final FunctionDescriptor SET_INT = FunctionDescriptor.ofVoid(JAVA_INT);
  private static final FunctionDescriptor SET_LONG = FunctionDescriptor.ofVoid(JAVA_LONG);
  private static final FunctionDescriptor GET_INT = FunctionDescriptor.of(JAVA_INT);
  private static final Linker.Option[] ORDINARY = {};

  static BoehmFunctions bind(LibrarySymbols gc) throws LibraryException {
    return new BoehmFunctions(
        gc.bind(LONG_TO_LONG, ORDINARY, "malloc_uncollectable"),
        gc.bind(LONG_TO_LONG, ORDINARY, "malloc"),
        gc.bind(LONG_TO_LONG, ORDINARY, "malloc_atomic"),
        gc.bind(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG), ORDINARY, "realloc"),
        gc.bind(SET_LONG, ORDINARY, "free"),
        gc.bind(LONG_TO_LONG, ORDINARY, "base"),
        gc.bind(LONG_TO_LONG, ORDINARY, "size"),
        gc.bind(NOTHING, ORDINARY, "enable"),
        gc.bind(NOTHING, ORDINARY, "gcollect"),
        gc.bind(NOTHING, ORDINARY, "disable"),
        gc.bind(GET_LONG, ORDINARY, "get_heap_size"),
        gc.bind(GET_LONG, ORDINARY, "get_free_bytes"),
        gc.bind(GET_LONG, ORDINARY, "get_gc_no"));
  }

  /** {@code unsigned GC_get_version(void)}: major, minor and micro in bytes. */
  static String version(LibrarySymbols gc) throws LibraryException {
    try {
      int version = (int) gc.bind(GET_INT, ORDINARY, "get_version").invokeExact();
      return "bdwgc " + (version >>> 16) + "." + (version >>> 8 & 0xff) + "." + (version & 0xff);
    } catch (LibraryException e) {
      throw e;
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * Starts the collector. The thread that calls this becomes the only one that it knows, and has to
   * be the one that collects.
   *
   * @throws LibraryException if somebody else uses the library, or it would not leave the JVM alone
   */
  static void initialize(LibrarySymbols gc) throws LibraryException {
    try {
      MethodHandle noDataSegments = gc.bind(SET_INT, ORDINARY, "set_no_dls");
      MethodHandle noFirstCollection = gc.bind(SET_INT, ORDINARY, "set_dont_precollect");
      MethodHandle warn = gc.bind(SET_LONG, ORDINARY, "set_warn_proc");
      MethodHandle initialize = gc.bind(NOTHING, ORDINARY, "init");
      MethodHandle clearRoots = gc.bind(NOTHING, ORDINARY, "clear_roots");
      MethodHandle threads = gc.bind(NOTHING, ORDINARY, "allow_register_threads");
      MethodHandle onlyWhenAsked = gc.bind(SET_INT, ORDINARY, "set_disable_automatic_collection");
      MethodHandle incremental = gc.bind(GET_INT, ORDINARY, "is_incremental_mode");
      if ((int) gc.bind(GET_INT, ORDINARY, "is_init_called").invokeExact() != 0) {
        throw new LibraryException(
            gc.where() + " is used by something else in this process, whose roots must stay");
      }
      MethodHandle disable = gc.bind(NOTHING, ORDINARY, "disable");
      onlyWhenAsked.invokeExact(1);
      noDataSegments.invokeExact(1);
      noFirstCollection.invokeExact(1);
      Optional<MemorySegment> quiet = gc.symbols().find("GC_ignore_warn_proc");
      if (quiet.isPresent()) {
        warn.invokeExact(quiet.get().address());
      }
      initialize.invokeExact();
      clearRoots.invokeExact();
      // Without this its lock is not in use, and two threads that allocate crash.
      threads.invokeExact();
      // It would collect all the same where memory has run out.
      disable.invokeExact();
      if ((int) incremental.invokeExact() != 0) {
        throw new LibraryException(
            "it is in incremental mode, whose page faults are in the way of the JVM's: unset"
                + " GC_ENABLE_INCREMENTAL in the JVM's environment");
      }
    } catch (LibraryException e) {
      throw e;
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }
}
