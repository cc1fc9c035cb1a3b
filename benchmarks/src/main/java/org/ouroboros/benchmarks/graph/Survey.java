package org.ouroboros.benchmarks.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ouroboros.collector.HeapStats;

/**
 * What a graph looks like in a heap: nothing in it is timed.
 *
 * @param leastBytes what the objects need at least, see {@link Graph#leastBytes}
 * @param stats the heap's counters with the graph as dumped
 * @param types what each type takes, the largest first
 * @param populations objects by generation, as the graph is loaded, collected, dropped, collected
 */
record Survey(
    long leastBytes, HeapStats stats, List<TypeBytes> types, List<Population> populations) {

  Survey {
    types = List.copyOf(types);
    populations = List.copyOf(populations);
  }

  /** Loads the graph once and looks at it. */
  static Survey of(Graph graph, GraphTypes types, SpaceChoice space) {
    try (LoadedGraph loaded = LoadedGraph.load(graph, types, space)) {
      List<TypeBytes> bytes = bytes(graph, loaded);
      loaded.countAsDumped();
      HeapStats stats = loaded.heap().stats();
      List<Population> populations = new ArrayList<>();
      populations.add(Population.of("loaded", loaded.heap()));
      loaded.collect();
      populations.add(Population.of("after a full collection", loaded.heap()));
      loaded.drop(new DropRule.Every(true));
      populations.add(Population.of("after all was dropped", loaded.heap()));
      loaded.collect();
      populations.add(Population.of("after the last collection", loaded.heap()));
      return new Survey(graph.leastBytes(), stats, bytes, populations);
    }
  }

  private static List<TypeBytes> bytes(Graph graph, LoadedGraph loaded) {
    int types = graph.header().types().size();
    long[] objects = new long[types];
    long[] heapBytes = new long[types];
    long[] dumpedBytes = new long[types];
    for (int id = 0; id < graph.objects(); id++) {
      int type = graph.types()[id];
      objects[type]++;
      heapBytes[type] += loaded.sizeOf(id);
      dumpedBytes[type] += graph.payloads()[id] + 8L * graph.edgeCount(id);
    }
    List<TypeBytes> rows = new ArrayList<>();
    for (int t = 0; t < types; t++) {
      if (objects[t] > 0) {
        String name = graph.header().types().get(t);
        rows.add(new TypeBytes(name, objects[t], heapBytes[t], dumpedBytes[t]));
      }
    }
    rows.sort(Comparator.comparingLong(TypeBytes::heapBytes).reversed());
    return rows;
  }
}
