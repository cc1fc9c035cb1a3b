package org.ouroboros.benchmarks.graph;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What an experiment frees, found by plain searches that share nothing with the heap: reachability
 * from what is still held, and counting.
 *
 * @param byCounting objects that counting frees
 * @param byCollector the other objects that cannot be reached
 */
record PlainExperiment(long byCounting, long byCollector) {

  static PlainExperiment of(Graph graph, DropRule rule) {
    int n = graph.objects();
    long[] held = new long[n];
    for (int id = 0; id < n; id++) {
      held[id] = rule.drops(id, graph.types()[id]) ? 0 : graph.externals()[id];
    }
    int reachable = reachable(graph, held);
    int counted = counted(graph, held);
    return new PlainExperiment(counted, n - reachable - counted);
  }

  private static int reachable(Graph graph, long[] held) {
    boolean[] seen = new boolean[held.length];
    Deque<Integer> todo = new ArrayDeque<>();
    int count = 0;
    for (int id = 0; id < held.length; id++) {
      if (held[id] > 0) {
        seen[id] = true;
        todo.add(id);
      }
    }
    while (!todo.isEmpty()) {
      int id = todo.remove();
      count++;
      for (int e = graph.starts()[id]; e < graph.starts()[id + 1]; e++) {
        int target = graph.targets()[e];
        if (!seen[target]) {
          seen[target] = true;
          todo.add(target);
        }
      }
    }
    return count;
  }

  private static int counted(Graph graph, long[] held) {
    long[] counts = held.clone();
    for (int e = 0; e < graph.edges(); e++) {
      counts[graph.targets()[e]]++;
    }
    Deque<Integer> dead = new ArrayDeque<>();
    for (int id = 0; id < counts.length; id++) {
      if (counts[id] == 0) {
        dead.add(id);
      }
    }
    int freed = 0;
    while (!dead.isEmpty()) {
      int id = dead.remove();
      freed++;
      for (int e = graph.starts()[id]; e < graph.starts()[id + 1]; e++) {
        if (--counts[graph.targets()[e]] == 0) {
          dead.add(graph.targets()[e]);
        }
      }
    }
    return freed;
  }
}
