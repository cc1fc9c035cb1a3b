package org.ouroboros.allocator.foreign;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

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
    MethodHandle usableSize) {

  private static final FunctionDescriptor LONG_TO_LONG =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor LONGS_TO_LONG =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);

  /**
   * Binds a library's functions. Restricted: only to be called where native access is enabled.
   *
   * @param name the allocator's name
   * @param symbols where they are
   * @throws LibraryException if one is missing
   */
  @SuppressWarnings("restricted")
  static NativeFunctions bind(String name, LibrarySymbols symbols) throws LibraryException {
    Linker linker = Linker.nativeLinker();
    Linker.Option brief = Linker.Option.critical(false);
    boolean wholeAlignments = !symbols.has("memalign");
    return new NativeFunctions(
        name,
        linker.downcallHandle(symbols.find("malloc"), LONG_TO_LONG, brief),
        linker.downcallHandle(symbols.find("malloc"), LONG_TO_LONG),
        linker.downcallHandle(symbols.find("calloc"), LONGS_TO_LONG, brief),
        linker.downcallHandle(symbols.find("calloc"), LONGS_TO_LONG),
        linker.downcallHandle(symbols.find("realloc"), LONGS_TO_LONG),
        linker.downcallHandle(symbols.find("free"), FunctionDescriptor.ofVoid(JAVA_LONG)),
        linker.downcallHandle(
            symbols.find(wholeAlignments ? "aligned_alloc" : "memalign"), LONGS_TO_LONG),
        wholeAlignments,
        linker.downcallHandle(
            symbols.find("malloc_usable_size", "usable_size", "malloc_size"), LONG_TO_LONG));
  }
}
