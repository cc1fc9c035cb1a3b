package org.ouroboros.allocator.report;

import java.util.List;
import org.ouroboros.allocator.trace.GroupBy;
import org.ouroboros.allocator.trace.Snapshot;
import org.ouroboros.allocator.trace.Statistic;

/**
 * Where live blocks were allocated, as far as something has traced that: what a report takes its
 * list of sites from.
 */
@FunctionalInterface
public interface AllocationSites {

  /**
   * The sites of a snapshot that a tracer took.
   *
   * @param snapshot any; where it was sampled its figures are estimates
   * @param groupBy what is a site; of a {@link GroupBy#STACK} all frames are shown
   * @return the sites
   */
  static AllocationSites of(Snapshot snapshot, GroupBy groupBy) {
    return limit ->
        snapshot.statistics(groupBy).stream()
            .limit(limit)
            .map(one -> new Site(where(one, groupBy), one.count(), one.size()))
            .toList();
  }

  private static String where(Statistic one, GroupBy groupBy) {
    return groupBy == GroupBy.STACK && !one.traceback().frames().isEmpty()
        ? String.join("\n", one.traceback().frames().stream().map(Object::toString).toList())
        : one.traceback().toString();
  }

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
