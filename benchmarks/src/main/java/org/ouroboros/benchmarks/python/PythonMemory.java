package org.ouroboros.benchmarks.python;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.DomainTagging;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;

/**
 * An allocator that serves CPython's three {@link Domain}s, through {@code PyMem_SetAllocator}. One
 * that tags domains serves each by its own face.
 *
 * <p>It serves until the process ends: CPython keeps blocks even after it has been shut down.
 */
final class PythonMemory {

  // PyMemAllocatorEx: context, malloc, calloc, realloc, free.
  private static final CFunction[] FUNCTIONS = {
    CFunction.CONTEXT_MALLOC,
    CFunction.CONTEXT_CALLOC,
    CFunction.CONTEXT_REALLOC,
    CFunction.CONTEXT_FREE
  };
  private static final long WORD = JAVA_LONG.byteSize();
  private static final long STRUCT = (1 + FUNCTIONS.length) * WORD;

  private final Allocator allocator;
  private final Map<Domain, CExport> exports = new EnumMap<>(Domain.class);

  private PythonMemory(Allocator allocator) {
    this.allocator = allocator;
    CExport shared = CExport.of(allocator);
    for (Domain domain : Domain.values()) {
      exports.put(
          domain,
          allocator instanceof DomainTagging tagging
              ? CExport.of(tagging.forDomain(domain))
              : shared);
    }
  }

  /**
   * Lets an allocator serve CPython.
   *
   * @param library not started yet
   * @param allocator open and thread-safe; stays open
   * @throws PythonException if it cannot serve, or CPython has allocated already; nothing has
   *     changed then
   */
  static PythonMemory serve(PythonLibrary library, Allocator allocator) throws PythonException {
    AllocatorProbe.check(allocator);
    checkUnused(library);
    PythonMemory memory = new PythonMemory(allocator);
    memory.set(library);
    return memory;
  }

  /** Blocks of another allocator would be freed by this one. */
  static void checkUnused(PythonLibrary library) throws PythonException {
    MethodHandle isInitialized = library.function("Py_IsInitialized", JAVA_INT);
    MethodHandle allocatedBlocks = library.function("_Py_GetAllocatedBlocks", JAVA_LONG);
    int initialized;
    long blocks;
    try {
      initialized = (int) isInitialized.invokeExact();
      blocks = (long) allocatedBlocks.invokeExact();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
    if (initialized != 0 || blocks > 0) {
      throw new PythonException(
          PythonException.Kind.ALREADY_ALLOCATED,
          library
              + (initialized != 0 ? " runs in this process" : " has been used in this process")
              + " and has "
              + blocks
              + " blocks of its own allocator: give it another one before it allocates, in a JVM"
              + " of its own");
    }
  }

  private void set(PythonLibrary library) throws PythonException {
    MethodHandle set = library.function("PyMem_SetAllocator", null, JAVA_INT, ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      for (Domain domain : Domain.values()) {
        MemorySegment struct = arena.allocate(STRUCT, WORD);
        for (int i = 0; i < FUNCTIONS.length; i++) {
          MemorySegment function = export(domain).function(FUNCTIONS[i]);
          struct.set(JAVA_LONG, (1 + i) * WORD, function.address());
        }
        set.invokeExact(number(domain), struct);
      }
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /**
   * Whether CPython still allocates from here.
   *
   * @throws PythonException if a domain has another allocator
   */
  void checkServes(PythonLibrary library) throws PythonException {
    MethodHandle get = library.function("PyMem_GetAllocator", null, JAVA_INT, ADDRESS);
    for (Domain domain : Domain.values()) {
      long malloc;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment struct = arena.allocate(STRUCT, WORD);
        get.invokeExact(number(domain), struct);
        malloc = struct.get(JAVA_LONG, WORD);
      } catch (Throwable t) {
        throw new AssertionError(t);
      }
      if (malloc != export(domain).function(FUNCTIONS[0]).address()) {
        throw new PythonException(
            PythonException.Kind.ALLOCATOR_REPLACED,
            library
                + " has put another allocator in the place of "
                + allocator.name()
                + ": unset PYTHONMALLOC, PYTHONDEVMODE and PYTHONTRACEMALLOC");
      }
    }
  }

  Allocator allocator() {
    return allocator;
  }

  /** How many of CPython's calls failed; each got null. */
  long failures() {
    return distinct().stream().mapToLong(CExport::failures).sum();
  }

  /** One of those that failed last, or null. */
  CExport.@Nullable Failure lastFailure() {
    return distinct().stream()
        .flatMap(export -> export.lastFailure().stream())
        .findFirst()
        .orElse(null);
  }

  /** PyMemAllocatorDomain. */
  private static int number(Domain domain) {
    return switch (domain) {
      case RAW -> 0;
      case MEM -> 1;
      case OBJECT -> 2;
    };
  }

  private Set<CExport> distinct() {
    return new LinkedHashSet<>(exports.values());
  }

  private CExport export(Domain domain) {
    CExport export = exports.get(domain);
    if (export == null) {
      throw new AssertionError(domain);
    }
    return export;
  }
}
