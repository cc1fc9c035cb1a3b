package org.ouroboros.benchmarks.program;

import java.util.ArrayList;
import java.util.List;

/**
 * What pyperformance's {@code gc_traversal} does: 1,000 lists, each filled with references to the
 * one before it, stay alive while they are collected again and again, in vain.
 */
record Traversal(Sizes sizes) implements Program {

  /** As in pyperformance. */
  static final int LEVELS = 1000;

  @Override
  public String name() {
    return "gc-traversal";
  }

  @Override
  public String question() {
    return "collects 1,000 live lists, the n-th of which has n references to the one before it";
  }

  @Override
  public String operation() {
    return "reference";
  }

  @Override
  public String size() {
    return sizes.loops() + " collections";
  }

  @Override
  public List<Subject> subjects() {
    List<Subject> subjects = new ArrayList<>(Subject.jvms());
    subjects.add(Subject.CPYTHON);
    return subjects;
  }

  @Override
  public Task onHeap(boolean acyclic) {
    return new HeapTraversal(sizes.loops());
  }

  @Override
  public Task onJava() {
    return new JavaTraversal(sizes.loops());
  }
}
