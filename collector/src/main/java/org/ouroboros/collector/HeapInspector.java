package org.ouroboros.collector;

import java.util.List;

/**
 * Looks at a heap without changing it. For debugging: most methods look at every object.
 *
 * <p>Thread rule: as the heap.
 */
public interface HeapInspector {

  /**
   * Why an object is alive: a shortest chain of references from a root. Roots are objects that Java
   * code owns a reference to, and frozen ones.
   *
   * @param ref a live object
   * @return borrowed references: the root first, the object last; empty if no root reaches it, so
   *     that it is garbage which was not collected yet
   */
  long[] pathToRoots(long ref);

  /**
   * Checks the heap's invariant exactly: each internal count is the number of slots that name the
   * object, every reference names a live object, and the side tables agree with the objects. In
   * debug mode also that each external count is the number of owners in the ledger.
   *
   * @return what is wrong, in words; empty if all is well
   */
  List<String> verify();

  /**
   * The neighbourhood of some objects as a graph in the language of Graphviz: what can be reached
   * from them along references, and who refers to them.
   *
   * @param distance how many references away from the objects; 0 shows only them
   * @param refs where to begin; none shows the whole heap
   * @return a {@code digraph}; objects that Java code holds are drawn as boxes
   */
  String dot(int distance, long... refs);

  /**
   * A line about an object: type, id, counts, generation, flags.
   *
   * @param ref a live object
   * @return for messages and debuggers
   */
  String describe(long ref);

  /**
   * Shows all objects to a visitor, untracked ones too, in the order of their ids.
   *
   * @param visitor called until it says stop
   */
  void visitAll(ObjectVisitor visitor);

  /**
   * Makes allocations fail, to test what happens then. What is counted are requests for memory of
   * any kind: objects, side tables, buffers of the collector.
   *
   * @param first which allocation from now fails first; 1 is the next one; 0 ends the failing
   * @param count how many fail in a row
   */
  void failAllocations(long first, long count);
}
