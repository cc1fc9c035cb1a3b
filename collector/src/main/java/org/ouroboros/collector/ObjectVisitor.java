package org.ouroboros.collector;

/** Looks at objects, one after the other. */
@FunctionalInterface
public interface ObjectVisitor {

  /**
   * Looks at one. It must not change the heap; automatic collection is off meanwhile.
   *
   * @param ref the object, borrowed for the time of the call
   * @return whether to go on
   */
  boolean visit(long ref);
}
