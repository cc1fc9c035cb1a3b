package org.ouroboros.benchmarks.host;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The libraries that there are. */
enum HostLibrary {
  /** Compression: an allocator for each stream, {@code alloc(context, items, size)}. */
  ZLIB("libz.so.1", "zlib1g"),

  /** Compression: an allocator for each context, passed as a structure by value. */
  ZSTD("libzstd.so.1", "libzstd1"),

  /** A database: one allocator for all, sizes as ints, asks for usable sizes. */
  SQLITE("libsqlite3.so.0", "libsqlite3-0"),

  /** A language: an allocator for each state, one function for everything. */
  LUA("liblua5.4.so.0", "liblua5.4-0"),

  /** Large numbers: one allocator for all, told the size of what it frees. */
  GMP("libgmp.so.10", "libgmp10");

  private final String file;
  private final String debianPackage;

  HostLibrary(String file, String debianPackage) {
    this.file = file;
    this.debianPackage = debianPackage;
  }

  /** Its name on the command line. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of all. */
  static List<String> labels() {
    return Arrays.stream(values()).map(HostLibrary::label).toList();
  }

  /**
   * Opens the library where the dynamic linker finds it.
   *
   * @throws HostException if it is not there, or not what is needed
   */
  Host open() throws HostException {
    return open(file);
  }

  /**
   * Opens the library.
   *
   * @param path of its file
   * @throws HostException if it is not there, or not what is needed
   */
  Host open(String path) throws HostException {
    CLibrary library = library(path);
    return switch (this) {
      case ZLIB -> new ZlibHost(library);
      case ZSTD -> new ZstdHost(library);
      case SQLITE -> new SqliteHost(library);
      case LUA -> new LuaHost(library);
      case GMP -> new GmpHost(library);
    };
  }

  /** The library alone. */
  CLibrary library(String path) throws HostException {
    return CLibrary.open(path, debianPackage);
  }

  /** The library alone, where the dynamic linker finds it. */
  CLibrary library() throws HostException {
    return library(file);
  }
}
