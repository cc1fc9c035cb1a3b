package org.ouroboros.benchmarks.graph;

import java.util.List;

/**
 * What the second line of a graph claims of its objects. Once a graph is decoded the numbers are
 * known to be right; the experiments are claims that a heap has to bear out.
 *
 * @param program what ran
 * @param description what it did; empty if the header does not say
 * @param objects how many there are
 * @param edges references from object to object
 * @param totalBytes payloads and 8 bytes for each edge
 * @param roots objects with references from outside
 * @param types names of the types
 * @param experiments what is to be dropped, and what that is to free
 */
record GraphHeader(
    String program,
    String description,
    int objects,
    int edges,
    long totalBytes,
    int roots,
    List<String> types,
    List<Experiment> experiments) {

  GraphHeader {
    types = List.copyOf(types);
    experiments = List.copyOf(experiments);
  }
}
