package org.ouroboros.allocator.foreign;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/**
 * The symbols of an opened library.
 *
 * <p>A family of functions may be exported under a prefix ({@code mi_}, {@code je_}, {@code tc_}),
 * under the names of the C library, or both. The prefix is preferred. A name without prefix counts
 * only if it is not the C library's own function, which a lookup also finds, through the library's
 * dependencies; unless the C library is what is meant.
 *
 * @param where the path or name the library was opened by
 * @param prefix the prefix of its own names
 * @param symbols its symbols
 */
record LibrarySymbols(String where, String prefix, SymbolLookup symbols) {

  /** Where the C library is. */
  static final String C_LIBRARY = "the C library";

  /**
   * A function, under the first of several names that there is.
   *
   * @throws LibraryException if there is none
   */
  MemorySegment find(String... names) throws LibraryException {
    for (String name : names) {
      Optional<MemorySegment> found = findOwn(name);
      if (found.isPresent()) {
        return found.get();
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

  /** Whether there is a function of that name, with or without the prefix. */
  boolean has(String name) {
    return findOwn(name).isPresent();
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
}
