package org.ouroboros.allocator.report;

import java.util.List;

/**
 * Where live blocks were allocated, as far as something has traced that: what a report takes its
 * list of sites from. A tracer is adapted in a line or two.
 */
@FunctionalInterface
public interface AllocationSites {

  /**
   * The sites that hold the most.
   *
   * @param limit how many at most
   * @return those with the most bytes first
   */
  List<Site> top(int limit);

  /**
   * A place in the program.
   *
   * @param where it is, such as a frame of a stack, or some in lines
   * @param blocks blocks from there that are live
   * @param bytes their bytes
   */
  record Site(String where, long blocks, long bytes) {}
}
