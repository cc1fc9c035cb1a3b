package org.ouroboros.benchmarks.program;

import java.util.ArrayList;
import java.util.List;

/**
 * What pyperformance's {@code gc_collect} does: rings of doubly linked objects are built and
 * dropped; only the collection that finds and frees them is timed.
 */
record Cycles(Sizes sizes) implements Program {

  /** As in pyperformance: each ring has one object more than it has links. */
  static final int RINGS = 100;

  static final int LINKS = 20;

  @Override
  public String name() {
    return "gc-cycles";
  }

  @Override
  public String question() {
    return "collects 100 dropped rings of 21 doubly linked objects, again and again; only explicit"
        + " collections are timed";
  }

  @Override
  public String operation() {
    return "object";
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
    return new HeapCycles(sizes.loops());
  }

  @Override
  public Task onJava() {
    return new JavaCycles(sizes.loops());
  }
}
