package org.ouroboros.benchmarks.program;

import java.util.ArrayList;
import java.util.List;

/**
 * Binary trees, as in the Computer Language Benchmarks Game and, before it, in Ellis, Kovac and
 * Boehm's GCBench: trees of many depths are built from the leaves up, counted and dropped, while
 * one stays.
 */
record Trees(Sizes sizes) implements Program {

  @Override
  public String name() {
    return "trees";
  }

  @Override
  public String question() {
    return "builds binary trees bottom-up, counts and drops them, while one stays";
  }

  @Override
  public String operation() {
    return "node";
  }

  @Override
  public String size() {
    return "depth " + sizes.depth();
  }

  @Override
  public List<Subject> subjects() {
    List<Subject> subjects = new ArrayList<>(Subject.jvms());
    subjects.add(1, Subject.OUROBOROS_ACYCLIC);
    subjects.add(Subject.CPYTHON);
    subjects.add(Subject.BOEHM);
    return subjects;
  }

  @Override
  public Task onHeap(boolean acyclic) {
    return new HeapTrees(sizes.depth(), acyclic);
  }

  @Override
  public Task onJava() {
    return new JavaTrees(sizes.depth());
  }
}
