package org.ouroboros.allocator.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorProvider;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Availability;

/**
 * The allocator of a C library. The library is opened when it is first asked for, and one hidden
 * copy of {@link NativeAllocator} is defined for it; a failure is tried again the next time, since
 * native access can be given while the program runs.
 */
public final class NativeProvider implements AllocatorProvider {

  /** Ends the name of an allocator that is LWJGL's build although the system has one too. */
  private static final String BUNDLED_SUFFIX = "-lwjgl";

  /** Begins the name of an allocator in a library that is not known. */
  public static final String UNKNOWN_PREFIX = "native:";

  /** Guarded by itself: a library is opened and its class defined once. */
  private static final Map<String, NativeProvider> UNKNOWN = new HashMap<>();

  private static final List<NativeProvider> STANDARD =
      List.of(
          new NativeProvider(LibrarySpec.LIBC, false),
          new NativeProvider(LibrarySpec.MIMALLOC, false),
          new NativeProvider(LibrarySpec.JEMALLOC, false),
          new NativeProvider(LibrarySpec.TCMALLOC, false),
          new NativeProvider(LibrarySpec.RPMALLOC, false));

  private static final List<NativeProvider> BUNDLED =
      List.of(
          new NativeProvider(LibrarySpec.MIMALLOC, true),
          new NativeProvider(LibrarySpec.JEMALLOC, true));

  private final LibrarySpec spec;
  private final Finder finder;
  private final String name;

  /** Guarded by this. */
  private @Nullable Loaded loaded;

  private NativeProvider(LibrarySpec spec, boolean bundledOnly) {
    this(
        spec,
        bundledOnly ? LibraryFinder::findBundled : LibraryFinder::find,
        bundledOnly ? spec.name() + BUNDLED_SUFFIX : spec.name());
  }

  private NativeProvider(LibrarySpec spec, Finder finder, String name) {
    this.spec = spec;
    this.finder = finder;
    this.name = name;
  }

  /**
   * The provider of any C library with a {@code malloc} family.
   *
   * @param name {@code native:LIBRARY} or {@code native:LIBRARY:PREFIX}; the library is a path or a
   *     name for the dynamic linker, the prefix is that of its functions, as in {@code mi_malloc}
   * @return the same provider at every call
   * @throws AllocatorUnavailableException if no library is named
   */
  public static AllocatorProvider unknown(String name) {
    String rest = name.substring(UNKNOWN_PREFIX.length());
    int colon = rest.lastIndexOf(':');
    String library = colon < 0 ? rest : rest.substring(0, colon);
    String prefix = colon < 0 ? "" : rest.substring(colon + 1);
    if (library.isBlank()) {
      throw new AllocatorUnavailableException(
          name, "no library is named: write native:LIBRARY or native:LIBRARY:PREFIX", null);
    }
    synchronized (UNKNOWN) {
      return UNKNOWN.computeIfAbsent(
          name,
          key ->
              new NativeProvider(
                  LibrarySpec.unknown(key, library, prefix), LibraryFinder::findExactly, key));
    }
  }

  /**
   * The providers: one for each library, and one more for each that is on the class path in LWJGL's
   * build, such as {@code mimalloc-lwjgl}, so that it can be chosen where the system has one too.
   *
   * @return the providers
   */
  public static List<AllocatorProvider> all() {
    List<AllocatorProvider> providers = new ArrayList<>(STANDARD);
    for (NativeProvider bundled : BUNDLED) {
      if (LibraryFinder.bundle(bundled.spec).isPresent()) {
        providers.add(bundled);
      }
    }
    return providers;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Availability availability() {
    try {
      return new Availability(name, true, load().detail());
    } catch (LibraryException e) {
      return new Availability(name, false, reason(e));
    }
  }

  @Override
  public Allocator create() {
    try {
      return (Allocator) load().constructor().invokeExact();
    } catch (LibraryException e) {
      throw new AllocatorUnavailableException(name, reason(e), e);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  private synchronized Loaded load() throws LibraryException {
    Loaded already = loaded;
    if (already == null) {
      if (!NativeAccess.isEnabled()) {
        throw new LibraryException(NativeAccess.CURE);
      }
      LibrarySymbols symbols = finder.find(spec);
      NativeFunctions functions = NativeFunctions.bind(name, symbols);
      String version = LibraryVersion.of(symbols).orElse(name);
      already = new Loaded(define(functions), version + " in " + symbols.where());
      loaded = already;
    }
    return already;
  }

  /** A copy of the template whose constants are these functions. */
  private static MethodHandle define(NativeFunctions functions) {
    String template = NativeAllocator.class.getSimpleName() + ".class";
    try (InputStream in = NativeAllocator.class.getResourceAsStream(template)) {
      if (in == null) {
        throw new AssertionError(template + " is missing beside its provider");
      }
      MethodHandles.Lookup copy =
          MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), functions, true);
      return copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class))
          .asType(MethodType.methodType(Allocator.class));
    } catch (IOException | ReflectiveOperationException e) {
      throw new AssertionError("cannot define an allocator for " + functions.name(), e);
    }
  }

  private static String reason(LibraryException e) {
    return String.valueOf(e.getMessage());
  }

  /** One of the ways of {@link LibraryFinder}. */
  private interface Finder {
    LibrarySymbols find(LibrarySpec spec) throws LibraryException;
  }

  /** What a library has become. */
  private record Loaded(MethodHandle constructor, String detail) {}
}
