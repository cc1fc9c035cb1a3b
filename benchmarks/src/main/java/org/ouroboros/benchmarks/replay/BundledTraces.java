package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The traces that come with the program. */
final class BundledTraces {

  static final String EXTENSION = ".mtrace.gz";

  static final List<String> NAMES =
      List.of(
          "cpython-ast",
          "cpython-json",
          "ffmpeg-mt",
          "gcc-cc1plus",
          "git-log",
          "lua-mix",
          "redis",
          "rsyslog-mt");

  private BundledTraces() {}

  /** Whether there is a trace of that name, with or without its extension. */
  static boolean has(String name) {
    return NAMES.contains(strip(name));
  }

  /** Copies a trace to a file, which the yardstick can read. */
  static Path copyTo(Path folder, String name) throws IOException {
    String file = strip(name) + EXTENSION;
    try (InputStream in = open(strip(name))) {
      Path copy = folder.resolve(file);
      Files.copy(in, copy);
      return copy;
    }
  }

  /** The gzip file of a trace. */
  static InputStream open(String name) throws IOException {
    String resource = "/traces/" + name + EXTENSION;
    InputStream in = BundledTraces.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException("this build lacks the bundled trace " + name);
    }
    return in;
  }

  static String strip(String name) {
    return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
  }
}
