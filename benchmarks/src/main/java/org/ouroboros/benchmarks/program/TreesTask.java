package org.ouroboros.benchmarks.program;

import org.HdrHistogram.Histogram;

/** The order of building and dropping trees; how a tree is built is up to the twins. */
abstract class TreesTask implements Task {

  private static final int LEAST_DEPTH = 4;

  /** Nodes that are made to warm up, at least: enough for all compilers. */
  private static final long WARM_UP_NODES = 3_000_000;

  /** How much less deep trees are to warm up: an eighth of the nodes. */
  private static final int WARM_UP_LESS = 3;

  private static final int WARM_UPS = 3;

  private final int depth;

  TreesTask(int depth) {
    this.depth = depth;
  }

  /** Builds a tree, counts its nodes, drops it. */
  abstract long countOne(int treeDepth);

  /** Builds the tree that stays. */
  abstract void hold(int treeDepth);

  /** Counts the nodes of the tree that stays. */
  abstract long countHeld();

  /** Drops the tree that stays, if there is one. */
  abstract void dropHeld();

  @Override
  public void warmUp() {
    long nodes = 0;
    for (int i = 0; i < WARM_UPS || nodes < WARM_UP_NODES; i++) {
      nodes += count(Math.max(LEAST_DEPTH, depth - WARM_UP_LESS));
    }
  }

  @Override
  public Outcome run(Histogram calls) {
    long begin = System.nanoTime();
    long nodes = count(depth);
    return new Outcome(nodes, System.nanoTime() - begin, nodes);
  }

  /** The sum of all counts: each node that is made is counted once. */
  private long count(int maxDepth) {
    long nodes = countOne(maxDepth + 1);
    hold(maxDepth);
    for (int treeDepth = LEAST_DEPTH; treeDepth <= maxDepth; treeDepth += 2) {
      int trees = 1 << maxDepth - treeDepth + LEAST_DEPTH;
      for (int i = 0; i < trees; i++) {
        nodes += countOne(treeDepth);
      }
    }
    nodes += countHeld();
    dropHeld();
    return nodes;
  }

  /** The first tree, which is one deeper, is as large as the largest that are there together. */
  @Override
  public void fillToPeak() {
    hold(depth + 1);
  }

  @Override
  public void refillToPeak() {
    fillToPeak();
  }
}
