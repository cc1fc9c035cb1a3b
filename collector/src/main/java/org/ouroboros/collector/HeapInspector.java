package org.ouroboros.collector;

import java.nio.file.Path;
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
   * Writes all objects to a file in the format of Java's heap dumps (HPROF 1.0.2), so that its
   * tools show the heap: VisualVM, Eclipse Memory Analyzer, LeakCanary and others.
   *
   * <p>Every type is a class, with its references and fields by their names; an object's id is that
   * of {@link #describe}. Tails and sequences of values are arrays that the object refers to by
   * {@code $references}, {@code $elements}, {@code $bytes} or the sequence's name; references
   * {@linkplain CustomReferences outside the slots} are in {@code $outside}. Each object tells its
   * counts in {@code $external} and {@code $internal} (at most 2,147,483,647), its generation in
   * {@code $generation}, and in {@code $finalized} whether its finalizer has run. Weak references
   * are Java's, so most tools do not count what they name as held. Roots are the objects that Java
   * code holds (as JNI globals), frozen ones (as sticky classes), and those that finalizers run on
   * and unfinished deaths refer to (unknown). One object more, of a class {@code ouroboros.Heap},
   * has the heap's name and {@linkplain Heap#stats figures}.
   *
   * <p>What {@link #visitAll} shows is in the dump, garbage that was not collected yet among it; it
   * may be asked for wherever that may, in finalizers and between the steps of a collection too.
   * The size of an object in VisualVM is its {@link Heap#sizeOf} without the tail, unless the heap
   * is so large that ids in the file take eight bytes (above 64 GiB). Of an array above 4 GiB only
   * the beginning is written.
   *
   * <p>Cost: two looks at every object, and a write of its bytes and some 30 more; memory for the
   * types and a buffer. Only the user can read the file, where the file system knows of users.
   *
   * @param path where the file is to be; replaces what is there once it is complete
   * @throws HeapDumpException if it cannot be written, as on a full disk, or if a traversal of
   *     custom references throws; nothing is left of it then, and a former file is unchanged
   */
  void dump(Path path);

  /**
   * Makes allocations fail, to test what happens then. What is counted are requests for memory of
   * any kind: objects, side tables, buffers of the collector.
   *
   * @param first which allocation from now fails first; 1 is the next one; 0 ends the failing
   * @param count how many fail in a row
   */
  void failAllocations(long first, long count);
}
