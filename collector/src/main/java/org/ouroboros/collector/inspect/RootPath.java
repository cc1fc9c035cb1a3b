package org.ouroboros.collector.inspect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.IntArrayList;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Edges;
import org.ouroboros.collector.space.Header;

/**
 * A shortest chain of references from a root to an object: breadth first from all roots at once,
 * with a note of where each object was reached from.
 *
 * <p>Thread rule: as the heap. Used once.
 */
final class RootPath {

  /** Where a root was reached from. No object has this id: it is never given out. */
  private static final int ROOT = -1;

  private final ConfinedHeap heap;
  private final Edges edges;
  private final LiveObjects live;
  private final IdMap reachedFrom = new IdMap();

  RootPath(ConfinedHeap heap) {
    this.heap = heap;
    this.edges = new Edges(heap);
    this.live = new LiveObjects(heap);
  }

  long[] to(int target) {
    IntArrayList level = new IntArrayList();
    live.visit(
        id -> {
          if (Header.has(heap.store().header(id), Header.ROOT) || live.isFrozen(id)) {
            reachedFrom.put(id, ROOT);
            level.addInt(id);
          }
          return true;
        });
    IntArrayList from = level;
    while (reachedFrom.get(target) == 0 && !from.isEmpty()) {
      from = next(from);
    }
    return reachedFrom.get(target) == 0 ? new long[0] : path(target);
  }

  private IntArrayList next(IntArrayList from) {
    IntArrayList reached = new IntArrayList();
    for (int i = 0; i < from.size(); i++) {
      int id = from.getInt(i);
      edges.forEach(
          id,
          child -> {
            if (reachedFrom.get(child) == 0) {
              reachedFrom.put(child, id);
              reached.addInt(child);
            }
          });
    }
    return reached;
  }

  private long[] path(int target) {
    ArrayDeque<Long> path = new ArrayDeque<>();
    for (int id = target; id != ROOT; id = reachedFrom.get(id)) {
      path.addFirst(heap.reference(id));
    }
    List<Long> list = new ArrayList<>(path);
    return list.stream().mapToLong(Long::longValue).toArray();
  }
}
