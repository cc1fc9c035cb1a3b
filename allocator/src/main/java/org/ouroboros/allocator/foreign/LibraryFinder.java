package org.ouroboros.allocator.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Opens libraries, for good: they keep threads' data and live blocks, so they are never unloaded.
 *
 * <p>The order: the file that the property names, and nothing else if it is set; what is in the
 * process already (as {@code LD_PRELOAD} brings it); the system's; the one in LWJGL's jar.
 *
 * <p>All of it is restricted: only to be called where native access is enabled.
 */
final class LibraryFinder {

  /** Where libraries lie that the dynamic linker does not always look for. */
  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/local/lib"),
          Path.of("/usr/lib"),
          Path.of("/usr/lib64"),
          Path.of("/opt/homebrew/lib"));

  private static final Path MAPPINGS = Path.of("/proc/self/maps");

  private LibraryFinder() {}

  /**
   * Opens a library from wherever it is found first.
   *
   * @throws LibraryException if it is nowhere or cannot be opened; the message says why, and the
   *     cure
   */
  static LibrarySymbols find(LibrarySpec spec) throws LibraryException {
    if (spec.fileNames().isEmpty()) {
      return new LibrarySymbols(
          LibrarySymbols.C_LIBRARY,
          spec.prefix(),
          spec.jniEntry(),
          Linker.nativeLinker().defaultLookup());
    }
    List<String> failures = new ArrayList<>();
    String explicit = System.getProperty(spec.property());
    if (explicit != null) {
      return open(spec, explicit, failures)
          .orElseThrow(
              () -> new LibraryException("-D" + spec.property() + ": " + failures.getFirst()));
    }
    for (String candidate : candidates(spec)) {
      Optional<LibrarySymbols> opened = open(spec, candidate, failures);
      if (opened.isPresent()) {
        return opened.get();
      }
    }
    if (bundle(spec).isPresent()) {
      return findBundled(spec);
    }
    // That a file is absent needs no telling where another one is there and cannot be opened.
    failures.removeIf(failure -> failure.contains("No such file"));
    throw new LibraryException(
        failures.isEmpty()
            ? spec.fileNames().getFirst() + " was not found: " + spec.cure()
            : failures.getFirst() + cure(spec, failures.getFirst()));
  }

  /** Opens exactly the file that the spec has, from where the dynamic linker finds it. */
  static LibrarySymbols findExactly(LibrarySpec spec) throws LibraryException {
    List<String> failures = new ArrayList<>();
    return open(spec, spec.fileNames().getFirst(), failures)
        .orElseThrow(
            () ->
                new LibraryException(
                    failures.getFirst()
                        + "; give the path of a shared library for this machine, or a name that"
                        + " the dynamic linker knows"));
  }

  /** Opens the one in LWJGL's jar. */
  static LibrarySymbols findBundled(LibrarySpec spec) throws LibraryException {
    URL bundle =
        bundle(spec)
            .orElseThrow(
                () ->
                    new LibraryException(
                        "no " + spec.resource() + " on the class path: " + spec.cure()));
    try {
      // Private to this user, so that nobody can put another library in its place.
      Path folder = Files.createTempDirectory("ouroboros-");
      Path file = folder.resolve(System.mapLibraryName(spec.name()));
      try {
        try (InputStream in = bundle.openStream()) {
          Files.copy(in, file);
        }
        List<String> failures = new ArrayList<>();
        LibrarySymbols opened =
            open(spec, file.toString(), failures)
                .orElseThrow(() -> new LibraryException(failures.getFirst()));
        return opened.in("LWJGL's jar");
      } finally {
        // An opened library needs its file no more.
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new LibraryException("cannot unpack " + bundle + ": " + e);
    }
  }

  /** Where the library is in LWJGL's jar, if that is on the class path. */
  static Optional<URL> bundle(LibrarySpec spec) {
    if (!spec.bundled()) {
      return Optional.empty();
    }
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    URL found = context == null ? null : context.getResource(spec.resource());
    return Optional.ofNullable(found)
        .or(() -> Optional.ofNullable(ClassLoader.getSystemResource(spec.resource())));
  }

  private static Set<String> candidates(LibrarySpec spec) {
    Set<String> candidates = new LinkedHashSet<>(loaded(spec));
    candidates.addAll(spec.fileNames());
    for (Path folder : FOLDERS) {
      for (String fileName : spec.fileNames()) {
        Path file = folder.resolve(fileName);
        if (Files.exists(file)) {
          candidates.add(file.toString());
        }
      }
    }
    return candidates;
  }

  /** The files of that name that are mapped into this process. */
  private static List<String> loaded(LibrarySpec spec) {
    if (!Files.isReadable(MAPPINGS)) {
      return List.of();
    }
    try (Stream<String> mappings = Files.lines(MAPPINGS)) {
      return mappings
          .filter(line -> line.contains("/" + spec.stem()) && !line.endsWith("(deleted)"))
          .map(line -> line.substring(line.indexOf('/')))
          .distinct()
          .toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      return List.of();
    }
  }

  @SuppressWarnings("restricted")
  private static Optional<LibrarySymbols> open(
      LibrarySpec spec, String library, List<String> failures) {
    try {
      SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
      return Optional.of(new LibrarySymbols(library, spec.prefix(), spec.jniEntry(), symbols));
    } catch (IllegalArgumentException e) {
      failures.add(NativeAccess.openError(library).orElse(library + ": " + e.getMessage()));
      return Optional.empty();
    }
  }

  private static String cure(LibrarySpec spec, String failure) {
    return failure.contains("static TLS block")
        ? "; it was built to be in the process from the start: set LD_PRELOAD="
            + spec.fileNames().getFirst()
            + " or GLIBC_TUNABLES=glibc.rtld.optional_static_tls=4096 in the JVM's environment"
            + (spec.bundled() ? ", or " + spec.bundleCure() : "")
        : "; " + spec.cure();
  }
}
