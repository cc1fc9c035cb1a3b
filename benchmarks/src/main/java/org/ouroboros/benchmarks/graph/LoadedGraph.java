package org.ouroboros.benchmarks.graph;

import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;

/**
 * A graph in a heap of its own, which nothing collects unless asked.
 *
 * <p>While it is loaded every object is held by the reference that its allocation gave, so that
 * none dies before the objects that refer to it are there. Then the external counts are made what
 * is wanted: those of the dump by {@link #countAsDumped}, or one array that holds everything by
 * {@link #holdAll}. From then on a reference in {@code refs} may be dead: only those of objects
 * that were not released are touched.
 *
 * <p>Thread rule: that of a confined heap.
 */
final class LoadedGraph implements AutoCloseable {

  private final Graph graph;
  private final Heap heap;

  /** Reference of each object by its id. */
  private final long[] refs;

  private LoadedGraph(Graph graph, Heap heap) {
    this.graph = graph;
    this.heap = heap;
    this.refs = new long[graph.objects()];
  }

  /** Makes a heap and loads all objects and edges; every object is held once from outside. */
  static LoadedGraph load(Graph graph, GraphTypes types, SpaceChoice space) {
    Heap heap = Heap.ofConfined(space.options().withName(graph.name()));
    try {
      heap.collector().disable();
      LoadedGraph loaded = new LoadedGraph(graph, heap);
      loaded.allocate(types);
      loaded.connect();
      return loaded;
    } catch (Throwable e) {
      heap.close();
      throw e;
    }
  }

  private void allocate(GraphTypes types) {
    int[] typeOf = graph.types();
    int[] payloads = graph.payloads();
    for (int id = 0; id < refs.length; id++) {
      int edges = graph.edgeCount(id);
      refs[id] =
          edges == 0
              ? heap.allocate(types.leaf(typeOf[id]), payloads[id])
              : heap.allocate(types.node(typeOf[id]), edges, payloads[id]);
    }
  }

  private void connect() {
    int[] starts = graph.starts();
    int[] targets = graph.targets();
    for (int id = 0; id < refs.length; id++) {
      int first = starts[id];
      int end = starts[id + 1];
      for (int e = first; e < end; e++) {
        heap.setElement(refs[id], e - first, refs[targets[e]]);
      }
    }
  }

  /** Gives each object the external count of the dump. */
  void countAsDumped() {
    int[] externals = graph.externals();
    for (int id = 0; id < refs.length; id++) {
      int wanted = externals[id];
      if (wanted == 0) {
        heap.release(refs[id]);
      }
      for (int count = 1; count < wanted; count++) {
        heap.retain(refs[id]);
      }
    }
  }

  /**
   * Puts all objects into one array and releases all else that holds them.
   *
   * @return the array, owned
   */
  long holdAll() {
    long holder = heap.allocate(GraphTypes.HOLDER, refs.length);
    for (int id = 0; id < refs.length; id++) {
      heap.setElement(holder, id, refs[id]);
      heap.release(refs[id]);
    }
    return holder;
  }

  /** After {@link #countAsDumped}: releases all external references that a rule drops. */
  void drop(DropRule rule) {
    int[] externals = graph.externals();
    int[] types = graph.types();
    for (int id = 0; id < refs.length; id++) {
      int held = externals[id];
      if (held > 0 && rule.drops(id, types[id])) {
        for (int count = 0; count < held; count++) {
          heap.release(refs[id]);
        }
      }
    }
  }

  /** The bytes of an object that was not released. */
  long sizeOf(int id) {
    return heap.sizeOf(refs[id]);
  }

  /** How many objects exist. */
  long liveObjects() {
    return heap.stats().liveObjects();
  }

  /**
   * Collects all generations.
   *
   * @return how long it took, in nanoseconds
   */
  long collect() {
    Collector collector = heap.collector();
    long begin = System.nanoTime();
    collector.collect();
    return System.nanoTime() - begin;
  }

  Heap heap() {
    return heap;
  }

  @Override
  public void close() {
    heap.close();
  }
}
