package org.ouroboros.benchmarks.graph;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A heap that both this collector and CPython's can be timed on. */
interface CollectCase {

  /** How it is shown. */
  String name();

  /** How many objects it has. */
  long objects();

  /** Builds it, times it, and takes it down. */
  CollectTimes round();

  /**
   * What the peer is to build.
   *
   * @param scratch a folder for files that it reads
   * @return the arguments of its script
   * @throws IOException if a file cannot be written
   */
  List<String> peerArguments(Path scratch) throws IOException;
}
