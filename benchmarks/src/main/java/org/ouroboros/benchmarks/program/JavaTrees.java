package org.ouroboros.benchmarks.program;

import org.jspecify.annotations.Nullable;

/** The twin of {@link HeapTrees} on Java objects. */
final class JavaTrees extends TreesTask {

  private static final class Node {
    @Nullable Node left;
    @Nullable Node right;
  }

  private @Nullable Node held;

  JavaTrees(int depth) {
    super(depth);
  }

  private static Node build(int depth) {
    if (depth == 0) {
      return new Node();
    }
    Node left = build(depth - 1);
    Node right = build(depth - 1);
    Node node = new Node();
    node.left = left;
    node.right = right;
    return node;
  }

  private static int count(@Nullable Node node) {
    if (node == null) {
      return 0;
    }
    Node left = node.left;
    return left == null ? 1 : 1 + count(left) + count(node.right);
  }

  @Override
  long countOne(int treeDepth) {
    return count(build(treeDepth));
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
    held = null;
  }

  @Override
  public void close() {
    dropHeld();
  }
}
