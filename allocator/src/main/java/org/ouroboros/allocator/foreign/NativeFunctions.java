package org.ouroboros.allocator.foreign;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * A C library's functions, bound. Pointers are {@code long}s on both sides, so that no segment is
 * made for a call.
 *
 * <p>A record, because the JIT takes the fields of a constant record for constants: the downcalls
 * then inline into {@link NativeAllocator}.
 *
 * <p>{@code mallocSmall} and {@code callocSmall} are the same functions as {@code malloc} and
 * {@code calloc}, called without telling the JVM that the thread has left Java ({@link
 * Linker.Option#critical}). That halves the cost of a call and holds up every safepoint while it
 * lasts, so it is for requests that a library serves from its lists. Freeing can unmap gigabytes
 * whatever was asked for, so it is never done that way.
 *
 * <p>{@code wholeAlignments} says that {@code memalign} is C's {@code aligned_alloc}, which takes
 * multiples of the alignment only.
 *
 * <p>{@code isThreadKnown} and {@code introduceThread} are null but for a library that ends the
 * process when a thread allocates that it has not been told of: rpmalloc before version 2.
 */
record NativeFunctions(
    String name,
    MethodHandle mallocSmall,
    MethodHandle malloc,
    MethodHandle callocSmall,
    MethodHandle calloc,
    MethodHandle realloc,
    MethodHandle free,
    MethodHandle memalign,
    boolean wholeAlignments,
    MethodHandle usableSize,
    @Nullable MethodHandle isThreadKnown,
    @Nullable MethodHandle introduceThread) {

  private static final FunctionDescriptor LONG_TO_LONG =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor LONGS_TO_LONG =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final Linker.Option[] ORDINARY = {};

  /** The function of rpmalloc that comes before all others, which no other library has. */
  private static final String INITIALIZE = "malloc_initialize";

  /**
   * Binds a library's functions. Restricted: only to be called where native access is enabled.
   *
   * @param name the allocator's name
   * @param symbols where they are
   * @throws LibraryException if one is missing
   */
  static NativeFunctions bind(String name, LibrarySymbols symbols) throws LibraryException {
    Linker.Option[] brief = {Linker.Option.critical(false)};
    boolean wholeAlignments = !symbols.has("memalign");
    boolean tellsThreads = symbols.has(INITIALIZE) && !introducesThreads(symbols);
    NativeFunctions functions =
        new NativeFunctions(
            name,
            symbols.bind(LONG_TO_LONG, brief, "malloc"),
            symbols.bind(LONG_TO_LONG, ORDINARY, "malloc"),
            symbols.bind(LONGS_TO_LONG, brief, "calloc"),
            symbols.bind(LONGS_TO_LONG, ORDINARY, "calloc"),
            symbols.bind(LONGS_TO_LONG, ORDINARY, "realloc"),
            symbols.bind(FunctionDescriptor.ofVoid(JAVA_LONG), ORDINARY, "free"),
            symbols.bind(LONGS_TO_LONG, ORDINARY, wholeAlignments ? "aligned_alloc" : "memalign"),
            wholeAlignments,
            symbols.bind(
                LONG_TO_LONG, ORDINARY, "malloc_usable_size", "usable_size", "malloc_size"),
            tellsThreads
                ? symbols.bind(
                    FunctionDescriptor.of(JAVA_INT), brief, "malloc_is_thread_initialized")
                : null,
            tellsThreads
                ? symbols.bind(FunctionDescriptor.ofVoid(), ORDINARY, "malloc_thread_initialize")
                : null);
    initialize(name, symbols);
    return functions;
  }

  /** Version 2 of rpmalloc, which brought this function, notices new threads by itself. */
  private static boolean introducesThreads(LibrarySymbols symbols) {
    return symbols.has("zalloc");
  }

  /** {@code int rpmalloc_initialize(const rpmalloc_interface_t *)}, in version 1 without it. */
  private static void initialize(String name, LibrarySymbols symbols) throws LibraryException {
    if (!symbols.has(INITIALIZE)) {
      return;
    }
    int error;
    try {
      FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_LONG);
      error = (int) symbols.bind(type, ORDINARY, INITIALIZE).invokeExact(0L);
    } catch (LibraryException e) {
      throw e;
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
    if (error != 0) {
      throw new LibraryException(
          name + " in " + symbols.where() + " cannot be initialized: it returned " + error);
    }
  }
}
