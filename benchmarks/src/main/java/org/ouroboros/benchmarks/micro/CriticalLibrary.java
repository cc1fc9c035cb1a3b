package org.ouroboros.benchmarks.micro;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorProvider;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Availability;
import org.ouroboros.allocator.foreign.NativeProvider;

/**
 * C libraries as allocators all of whose calls are critical downcalls: hidden copies of {@link
 * CriticalAllocator}, in each of which one library's functions are constants.
 *
 * <p>A library is the one that the provider of that name has found. Where that is LWJGL's jar, it
 * is unpacked and opened once more.
 */
@SuppressWarnings("restricted")
final class CriticalLibrary {

  private static final String LIBC = "libc";
  private static final String RPMALLOC = "rpmalloc";
  private static final String BUNDLE = "LWJGL's jar";
  private static final String BUNDLED_SUFFIX = "-lwjgl";

  /** LWJGL's build of rpmalloc has entry points for JNI instead of plain functions. */
  private static final String RPMALLOC_ENTRY = "Java_org_lwjgl_system_rpmalloc_RPmalloc_n";

  /** In an {@link Availability#detail()}, between the version and where the library is. */
  private static final String WHERE = " in ";

  private static final FunctionDescriptor LONG_TO_LONG =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor LONGS_TO_LONG =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private CriticalLibrary() {}

  /**
   * The functions, bound. A record, because the JIT takes the fields of a constant record for
   * constants.
   */
  record Functions(
      String name,
      MethodHandle malloc,
      MethodHandle calloc,
      MethodHandle realloc,
      MethodHandle free,
      MethodHandle memalign,
      MethodHandle usableSize) {}

  /**
   * Makes an allocator on a library.
   *
   * @param name the name of the provider
   * @throws AllocatorUnavailableException if there is no such library
   */
  static Allocator open(String name) {
    for (AllocatorProvider provider : NativeProvider.all()) {
      if (provider.name().equals(name)) {
        Availability found = provider.availability();
        if (!found.available()) {
          throw new AllocatorUnavailableException(name, found.detail(), null);
        }
        return define(bind(name, symbols(name, found.detail())));
      }
    }
    throw new AllocatorUnavailableException(name, "it is no C library", null);
  }

  private static SymbolLookup symbols(String name, String detail) {
    String where = detail.substring(detail.lastIndexOf(WHERE) + WHERE.length());
    if (name.equals(LIBC)) {
      return Linker.nativeLinker().defaultLookup();
    }
    return where.equals(BUNDLE)
        ? bundle(stem(name))
        : SymbolLookup.libraryLookup(where, Arena.global());
  }

  private static SymbolLookup bundle(String stem) {
    String file = System.mapLibraryName(stem.equals(RPMALLOC) ? "lwjgl_" + stem : stem);
    String resource = "/linux/x64/org/lwjgl/" + stem + "/" + file;
    try (InputStream in = CriticalLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new AllocatorUnavailableException(
            stem, "no " + resource + " on the class path", null);
      }
      Path folder = Files.createTempDirectory("ouroboros-");
      Path copy = folder.resolve(file);
      try {
        Files.copy(in, copy);
        return SymbolLookup.libraryLookup(copy, Arena.global());
      } finally {
        // An opened library needs its file no more.
        Files.deleteIfExists(copy);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Functions bind(String name, SymbolLookup symbols) {
    String prefix =
        switch (stem(name)) {
          case "mimalloc" -> "mi_";
          case "jemalloc" -> "je_";
          case "tcmalloc" -> "tc_";
          case RPMALLOC -> "rp";
          default -> "";
        };
    Binder binder = new Binder(symbols, prefix);
    return new Functions(
        name,
        binder.bind(LONG_TO_LONG, "malloc"),
        binder.bind(LONGS_TO_LONG, "calloc"),
        binder.bind(LONGS_TO_LONG, "realloc"),
        binder.bind(FunctionDescriptor.ofVoid(JAVA_LONG), "free"),
        binder.bind(LONGS_TO_LONG, "memalign", "aligned_alloc"),
        binder.bind(LONG_TO_LONG, "malloc_usable_size", "usable_size", "malloc_size"));
  }

  /** The library's name without what says which build of it is meant. */
  private static String stem(String name) {
    return name.endsWith(BUNDLED_SUFFIX)
        ? name.substring(0, name.length() - BUNDLED_SUFFIX.length())
        : name;
  }

  /** A copy of the template whose constants are these functions. */
  private static Allocator define(Functions functions) {
    String template = CriticalAllocator.class.getSimpleName() + ".class";
    try (InputStream in = CriticalAllocator.class.getResourceAsStream(template)) {
      if (in == null) {
        throw new AssertionError(template + " is missing");
      }
      MethodHandles.Lookup copy =
          MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), functions, true);
      return (Allocator)
          copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class)).invoke();
    } catch (Throwable t) {
      throw new AssertionError("cannot define an allocator for " + functions.name(), t);
    }
  }

  /** Finds functions under the library's prefix, or under C's names where it has no prefix. */
  private record Binder(SymbolLookup symbols, String prefix) {

    MethodHandle bind(FunctionDescriptor type, String... names) {
      for (String candidate : names) {
        Optional<MemorySegment> found = symbols.find(prefix + candidate).or(() -> plain(candidate));
        if (found.isPresent()) {
          return handle(found.get(), type);
        }
        Optional<MemorySegment> entry =
            symbols.find(RPMALLOC_ENTRY + (prefix + candidate).replace("_", "_1"));
        if (entry.isPresent()) {
          // The first two are what JNI passes; nothing is done with them.
          FunctionDescriptor called = type.insertArgumentLayouts(0, JAVA_LONG, JAVA_LONG);
          return MethodHandles.insertArguments(handle(entry.get(), called), 0, 0L, 0L);
        }
      }
      throw new IllegalStateException("no function " + prefix + String.join(" or ", names));
    }

    private static MethodHandle handle(MemorySegment function, FunctionDescriptor type) {
      return Linker.nativeLinker().downcallHandle(function, type, Linker.Option.critical(false));
    }

    /** Not the C library's own, which a lookup also finds, through the library's dependencies. */
    private Optional<MemorySegment> plain(String function) {
      Optional<MemorySegment> found = symbols.find(function);
      return found.equals(Linker.nativeLinker().defaultLookup().find(function))
          ? Optional.empty()
          : found;
    }
  }
}
