package org.ouroboros.benchmarks.program;

import java.util.List;

/**
 * A cache that drops what was not used for longest: a hash table of chained entries, which are in a
 * doubly linked list too. Keys are drawn evenly from twice as many as the cache holds, so that
 * about every other access makes an entry and drops another one.
 */
record Lru(Sizes sizes) implements Program {

  @Override
  public String name() {
    return "lru";
  }

  @Override
  public String question() {
    return "a full LRU cache of chained hash entries in a doubly linked list; half of the accesses"
        + " hit, the others replace the oldest entry";
  }

  @Override
  public String operation() {
    return "access";
  }

  @Override
  public String size() {
    return sizes.entries()
        + " entries, "
        + sizes.operations()
        + " accesses, then "
        + sizes.rate()
        + " a second for "
        + sizes.millis()
        + " ms";
  }

  @Override
  public List<Subject> subjects() {
    return Subject.jvms();
  }

  @Override
  public Task onHeap(boolean acyclic) {
    return new HeapLru(sizes.entries(), sizes.operations());
  }

  @Override
  public Task onJava() {
    return new JavaLru(sizes.entries(), sizes.operations());
  }
}
