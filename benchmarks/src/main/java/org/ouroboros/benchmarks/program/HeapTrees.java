package org.ouroboros.benchmarks.program;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.ObjectFactory;
import org.ouroboros.collector.ObjectType;

/**
 * Trees of objects on a heap, freed by counting. The heap and its factories are constants, as in a
 * program that has one heap: it belongs to the thread that uses this class first.
 */
final class HeapTrees extends TreesTask {

  /** What a type is by default: the collector keeps an eye on its objects. */
  private static final ObjectType NODE =
      ObjectType.builder("node").references("left", "right").build();

  private static final ObjectType ACYCLIC_NODE =
      ObjectType.builder("node").references("left", "right").acyclic().build();

  private static final int LEFT = NODE.slot("left");
  private static final int RIGHT = NODE.slot("right");

  private static final Heap HEAP = Heap.ofConfined();
  private static final ObjectFactory NODES = HEAP.factory(NODE);
  private static final ObjectFactory ACYCLIC_NODES = HEAP.factory(ACYCLIC_NODE);

  private final boolean acyclic;
  private long held;

  HeapTrees(int depth, boolean acyclic) {
    super(depth);
    this.acyclic = acyclic;
  }

  /** The owned root of a new tree. */
  private long build(int depth) {
    return acyclic ? buildAcyclic(depth) : buildTracked(depth);
  }

  private static long buildTracked(int depth) {
    if (depth == 0) {
      return NODES.allocate();
    }
    long left = buildTracked(depth - 1);
    long right = buildTracked(depth - 1);
    return NODES.allocateOwning(left, right);
  }

  private static long buildAcyclic(int depth) {
    if (depth == 0) {
      return ACYCLIC_NODES.allocate();
    }
    long left = buildAcyclic(depth - 1);
    long right = buildAcyclic(depth - 1);
    return ACYCLIC_NODES.allocateOwning(left, right);
  }

  private static int count(long node) {
    long left = NODES.getRef(node, LEFT);
    return left == Heap.NULL ? 1 : 1 + count(left) + count(NODES.getRef(node, RIGHT));
  }

  @Override
  long countOne(int treeDepth) {
    long root = build(treeDepth);
    int nodes = count(root);
    HEAP.release(root);
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
    HEAP.release(held);
    held = Heap.NULL;
  }

  @Override
  public HeapStats stats() {
    return HEAP.stats();
  }

  @Override
  public void close() {
    dropHeld();
    HeapObjects.requireEmpty(HEAP);
  }
}
