package org.ouroboros.benchmarks.program;

import java.util.Arrays;

/** The twin of {@link HeapTraversal} on Java arrays. */
final class JavaTraversal extends TraversalTask {

  private Object[] last = {};

  JavaTraversal(int loops) {
    super(loops);
  }

  @Override
  void build() {
    last = new Object[0];
    for (int length = 0; length < Traversal.LEVELS; length++) {
      Object[] list = new Object[length];
      Arrays.fill(list, last);
      last = list;
    }
  }

  @Override
  int collect() {
    System.gc();
    return 0;
  }

  @Override
  long references() {
    long references = 0;
    for (Object[] list = last; list.length > 0; list = (Object[]) list[0]) {
      references += list.length;
    }
    return references;
  }

  @Override
  public void close() {
    last = new Object[0];
  }
}
