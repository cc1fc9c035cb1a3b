package org.ouroboros.benchmarks.program;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.ObjectType;

/** Trees of objects on a heap, freed by counting. */
final class HeapTrees extends TreesTask {

  /** What a type is by default: the collector keeps an eye on its objects. */
  private static final ObjectType NODE =
      ObjectType.builder("node").references("left", "right").build();

  private static final ObjectType ACYCLIC_NODE =
      ObjectType.builder("node").references("left", "right").acyclic().build();

  private static final int LEFT = NODE.slot("left");
  private static final int RIGHT = NODE.slot("right");

  private final Heap heap = Heap.ofConfined();
  private final ObjectType type;
  private long held;

  HeapTrees(int depth, boolean acyclic) {
    super(depth);
    this.type = acyclic ? ACYCLIC_NODE : NODE;
  }

  /** The owned root of a new tree. */
  private long build(int depth) {
    if (depth == 0) {
      return heap.allocate(type);
    }
    long left = build(depth - 1);
    long right = build(depth - 1);
    return heap.allocateOwning(type, left, right);
  }

  private int count(long node) {
    long left = heap.getRef(node, LEFT);
    return left == Heap.NULL ? 1 : 1 + count(left) + count(heap.getRef(node, RIGHT));
  }

  @Override
  long countOne(int treeDepth) {
    long root = build(treeDepth);
    int nodes = count(root);
    heap.release(root);
    return nodes;
  }

  @Override
  void hold(int treeDepth) {
    held = build(treeDepth);
  }

  @Override
  long countHeld() {
    return count(held);
  }

  @Override
  void dropHeld() {
    heap.release(held);
    held = Heap.NULL;
  }

  @Override
  public HeapStats stats() {
    return heap.stats();
  }

  @Override
  public void close() {
    dropHeld();
    HeapObjects.closeEmpty(heap);
  }
}
