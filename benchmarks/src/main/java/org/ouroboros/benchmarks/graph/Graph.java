package org.ouroboros.benchmarks.graph;

/**
 * A heap of a real program as flat arrays, which hold millions of objects. An object's id is its
 * index; its edges are {@code targets[starts[id]]} to {@code targets[starts[id + 1] - 1]}. The
 * arrays may be longer than what counts of them.
 *
 * <p>Invariant: everything was checked when the graph was decoded; types and targets are in range.
 *
 * <p>Thread rule: nobody changes the arrays, so any thread may read them.
 *
 * @param name the file's name without extension
 * @param header what the file says of itself
 * @param types index of each object's type in the header's list
 * @param payloads bytes of each object beside its references
 * @param externals references to each object from outside the graph
 * @param starts where each object's edges begin, and where the last one's end
 * @param targets the object at the end of each edge
 */
record Graph(
    String name,
    GraphHeader header,
    int[] types,
    int[] payloads,
    int[] externals,
    int[] starts,
    int[] targets) {

  /** How many objects there are. */
  int objects() {
    return header.objects();
  }

  /** How many edges there are. */
  int edges() {
    return header.edges();
  }

  /** How many edges begin at an object. */
  int edgeCount(int id) {
    return starts[id + 1] - starts[id];
  }

  /**
   * What the objects need at least: 8 bytes of header, 4 for the length, 4 for each reference, and
   * the payload.
   */
  long leastBytes() {
    long bytes = 12L * objects() + 4L * edges();
    for (int payload : payloads) {
      bytes += payload;
    }
    return bytes;
  }
}
