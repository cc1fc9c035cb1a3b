package org.ouroboros.benchmarks.graph;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The graphs that come with the program. */
final class BundledGraphs {

  static final String EXTENSION = ".graph.gz";

  static final List<String> NAMES =
      List.of("ast_parents", "dom", "json_store", "stdlib_import", "suites_graphs");

  private BundledGraphs() {}

  /** Whether there is a graph of that name, with or without its extension. */
  static boolean has(String name) {
    return NAMES.contains(strip(name));
  }

  /** The gzip file of a graph. */
  static InputStream open(String name) throws IOException {
    String resource = "/graphs/" + strip(name) + EXTENSION;
    InputStream in = BundledGraphs.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException("this build lacks the bundled graph " + name);
    }
    return in;
  }

  static String strip(String name) {
    return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
  }
}
