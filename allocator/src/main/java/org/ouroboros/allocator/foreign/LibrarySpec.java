package org.ouroboros.allocator.foreign;

import java.util.List;
import java.util.Locale;

/**
 * What is known of a library before it is looked for.
 *
 * @param name the allocator's name
 * @param prefix the prefix of its functions, empty for the C library
 * @param fileNames the names of its file, preferred ones first; empty for the C library
 * @param packageHint how to install it, as the rest of a sentence
 * @param bundle the library's name in LWJGL's jar, empty if LWJGL has no build of it
 * @param jniEntry how the entry points for JNI begin that LWJGL's build has instead of plain
 *     functions, see {@link LibrarySymbols}; empty if it has plain ones
 */
record LibrarySpec(
    String name,
    String prefix,
    List<String> fileNames,
    String packageHint,
    String bundle,
    String jniEntry) {

  static final LibrarySpec LIBC = new LibrarySpec("libc", "", List.of(), "", "", "");

  static final LibrarySpec MIMALLOC =
      new LibrarySpec(
          "mimalloc",
          "mi_",
          List.of("libmimalloc.so.3", "libmimalloc.so.2", "libmimalloc.so", "libmimalloc.dylib"),
          debian("libmimalloc2.0"),
          "mimalloc",
          "");

  static final LibrarySpec JEMALLOC =
      new LibrarySpec(
          "jemalloc",
          "je_",
          List.of("libjemalloc.so.2", "libjemalloc.so", "libjemalloc.dylib"),
          debian("libjemalloc2"),
          "jemalloc",
          "");

  static final LibrarySpec TCMALLOC =
      new LibrarySpec(
          "tcmalloc",
          "tc_",
          List.of(
              "libtcmalloc_minimal.so.4",
              "libtcmalloc.so.4",
              "libtcmalloc_minimal.so",
              "libtcmalloc.so",
              "libtcmalloc_minimal.dylib"),
          debian("libtcmalloc-minimal4"),
          "",
          "");

  static final LibrarySpec RPMALLOC =
      new LibrarySpec(
          "rpmalloc",
          "rp",
          List.of("librpmalloc.so", "librpmallocwrap.so", "librpmalloc.dylib"),
          "build it from its sources, as a shared library",
          "lwjgl_rpmalloc",
          "Java_org_lwjgl_system_rpmalloc_RPmalloc_");

  /** Not one of {@link NativeProvider}'s: {@link BoehmLibrary} has its own way with it. */
  static final LibrarySpec BDWGC =
      new LibrarySpec(
          "bdwgc",
          "GC_",
          List.of("libgc.so.1", "libgc.so", "libgc.1.dylib", "libgc.dylib"),
          debian("libgc1"),
          "",
          "");

  /**
   * A library that is not known: {@code native:LIBRARY} or {@code native:LIBRARY:PREFIX}.
   *
   * @param name the whole name
   * @param library a path or a name for the dynamic linker
   * @param prefix the prefix of its functions, may be empty
   */
  static LibrarySpec unknown(String name, String library, String prefix) {
    return new LibrarySpec(name, prefix, List.of(library), "", "", "");
  }

  private static String debian(String name) {
    return "install it (Debian's package " + name + ")";
  }

  /** The system property that names its file, and keeps anything else from being tried. */
  String property() {
    return "ouroboros.native." + name;
  }

  /** How the names of its files begin. */
  String stem() {
    return "lib" + name;
  }

  /** The resource in LWJGL's jar for this platform. */
  String resource() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "");
    String platform =
        system.startsWith("mac") ? "macos" : system.startsWith("windows") ? "windows" : "linux";
    String architecture =
        switch (machine) {
          case "amd64", "x86_64" -> "x64";
          case "aarch64" -> "arm64";
          default -> machine;
        };
    return platform
        + "/"
        + architecture
        + "/org/lwjgl/"
        + name
        + "/"
        + System.mapLibraryName(bundle);
  }

  /** How to get it, as the rest of a sentence. */
  String cure() {
    return packageHint
        + ", name its file with -D"
        + property()
        + "=PATH"
        + (bundled() ? ", or " + bundleCure() : "");
  }

  /** Whether LWJGL's jars have a build of it. */
  boolean bundled() {
    return !bundle.isEmpty();
  }

  /** How to get LWJGL's build. */
  String bundleCure() {
    return "put org.lwjgl:lwjgl-" + name + " with its natives classifier on the class path";
  }
}
