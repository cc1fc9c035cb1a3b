package org.ouroboros.allocator.foreign;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/**
 * The symbols of an opened library.
 *
 * <p>A family of functions may be exported under a prefix ({@code mi_}, {@code je_}, {@code tc_},
 * {@code rp}), under the names of the C library, or both. The prefix is preferred. A name without
 * prefix counts only if it is not the C library's own function, which a lookup also finds, through
 * the library's dependencies; unless the C library is what is meant.
 *
 * <p>LWJGL's build of rpmalloc exports nothing but what JNI calls, such as {@code
 * Java_org_lwjgl_system_rpmalloc_RPmalloc_nrpmalloc(JNIEnv *, jclass, jlong)}. These only pass
 * their other arguments on, so they are called with two null pointers in front.
 *
 * @param where the path or name the library was opened by
 * @param prefix the prefix of its own names
 * @param jniEntry how its entry points for JNI begin, empty if it has none
 * @param symbols its symbols
 */
record LibrarySymbols(String where, String prefix, String jniEntry, SymbolLookup symbols) {

  /** Where the C library is. */
  static final String C_LIBRARY = "the C library";

  /** The same symbols, said to be somewhere else. */
  LibrarySymbols in(String place) {
    return new LibrarySymbols(place, prefix, jniEntry, symbols);
  }

  /**
   * Binds a function, under the first of several names that there is.
   *
   * @param type its result and arguments
   * @param options of the call
   * @param names without prefix
   * @throws LibraryException if there is none
   */
  MethodHandle bind(FunctionDescriptor type, Linker.Option[] options, String... names)
      throws LibraryException {
    for (String name : names) {
      Optional<MemorySegment> own = findOwn(name);
      if (own.isPresent()) {
        return handle(own.get(), type, options);
      }
      Optional<MemorySegment> entry = findEntry(name);
      if (entry.isPresent()) {
        FunctionDescriptor called = type.insertArgumentLayouts(0, JAVA_LONG, JAVA_LONG);
        return MethodHandles.insertArguments(handle(entry.get(), called, options), 0, 0L, 0L);
      }
    }
    throw new LibraryException(
        where
            + " has no function "
            + prefix
            + String.join(" or " + prefix, names)
            + " of its own"
            + (prefix.isEmpty() ? "" : ", nor one without the prefix"));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      MemorySegment function, FunctionDescriptor type, Linker.Option[] options) {
    return Linker.nativeLinker().downcallHandle(function, type, options);
  }

  /** Whether there is a function of that name, with or without the prefix. */
  boolean has(String name) {
    return findOwn(name).or(() -> findEntry(name)).isPresent();
  }

  private Optional<MemorySegment> findOwn(String name) {
    return prefix.isEmpty()
        ? findPlain(name)
        : symbols.find(prefix + name).or(() -> findPlain(name));
  }

  private Optional<MemorySegment> findPlain(String name) {
    Optional<MemorySegment> found = symbols.find(name);
    Optional<MemorySegment> libc = Linker.nativeLinker().defaultLookup().find(name);
    // By address: segments of two lookups differ in their scopes.
    boolean own = !found.map(MemorySegment::address).equals(libc.map(MemorySegment::address));
    return own || where.equals(C_LIBRARY) ? found : Optional.empty();
  }

  /** LWJGL puts an n before the names of functions that have a more convenient form in Java. */
  private Optional<MemorySegment> findEntry(String name) {
    if (jniEntry.isEmpty()) {
      return Optional.empty();
    }
    String mangled = (prefix + name).replace("_", "_1");
    return symbols.find(jniEntry + "n" + mangled).or(() -> symbols.find(jniEntry + mangled));
  }
}
