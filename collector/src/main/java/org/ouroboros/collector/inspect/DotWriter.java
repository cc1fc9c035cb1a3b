package org.ouroboros.collector.inspect;

import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntHashSet;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Edges;
import org.ouroboros.collector.space.Header;

/**
 * Draws objects and their references in the language of Graphviz.
 *
 * <p>Thread rule: as the heap. Used once.
 */
final class DotWriter {

  private final ConfinedHeap heap;
  private final Edges edges;
  private final LiveObjects live;
  private final IntHashSet shown = new IntHashSet();
  private final IntArrayList order = new IntArrayList();

  DotWriter(ConfinedHeap heap) {
    this.heap = heap;
    this.edges = new Edges(heap);
    this.live = new LiveObjects(heap);
  }

  String write(int distance, long[] refs) {
    if (refs.length == 0) {
      live.visit(
          id -> {
            show(id);
            return true;
          });
    }
    for (long ref : refs) {
      show(heap.liveId(ref));
    }
    if (refs.length > 0) {
      for (int i = 0; i < distance; i++) {
        widen();
      }
    }
    return draw();
  }

  private void show(int id) {
    if (shown.add(id)) {
      order.addInt(id);
    }
  }

  /** Shows also what is one reference away, in either direction. */
  private void widen() {
    IntHashSet before = new IntHashSet();
    before.addAll(shown);
    live.visit(
        id -> {
          if (before.contains(id)) {
            edges.forEach(id, this::show);
          } else {
            boolean[] refers = new boolean[1];
            edges.forEach(id, child -> refers[0] |= before.contains(child));
            if (refers[0]) {
              show(id);
            }
          }
          return true;
        });
  }

  private String draw() {
    Description description = new Description(heap);
    StringBuilder dot = new StringBuilder("digraph heap {\n  node [shape=ellipse];\n");
    for (int i = 0; i < order.size(); i++) {
      int id = order.getInt(i);
      boolean held = Header.has(heap.store().header(id), Header.EXTERNAL);
      dot.append("  n").append(Integer.toUnsignedLong(id)).append(" [label=\"");
      dot.append(escape(description.of(id))).append('"');
      dot.append(held ? ", shape=box];\n" : "];\n");
    }
    for (int i = 0; i < order.size(); i++) {
      int id = order.getInt(i);
      edges.forEach(
          id,
          child -> {
            if (shown.contains(child)) {
              dot.append("  n").append(Integer.toUnsignedLong(id)).append(" -> n");
              dot.append(Integer.toUnsignedLong(child)).append(";\n");
            }
          });
    }
    return dot.append("}\n").toString();
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
