package org.ouroboros.benchmarks.graph;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.MachineFacts;

/** What must be known to read the figures: how they were taken, with what, on what. */
final class GraphNotes {

  private GraphNotes() {}

  /** A line for each. */
  static List<String> lines(SpaceChoice space, boolean timed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "experiment: from the graph as it was dumped, these objects lose all references from"
            + " outside; what counting frees by then, and what the full collection after it frees,"
            + " against what two independent searches found when the file was made.");
    if (timed) {
      lines.add(
          "ns: for each object of the graph, medians of "
              + TimingRun.ROUNDS
              + " rounds after a warm-up of at least "
              + TimingRun.WARM_UP_ROUNDS
              + " rounds and "
              + TimingRun.WARM_UP_SECONDS
              + " s in the same JVM. load: objects, edges and external counts. live: a full"
              + " collection with everything held by one array, median of "
              + TimingRun.COLLECTIONS
              + " after one that does not count. drop: releasing that array. dead: the full"
              + " collection after that. as dumped: as live, with the external counts of the"
              + " dump.");
    }
    lines.add(
        "Space "
            + space.name()
            + ", mode "
            + space.mode()
            + ", automatic collection off until the release that is timed. Heap MiB: objects with"
            + " headers, rounded. Committed: what the space holds for them. Tables: what there is"
            + " about them on the Java heap. Of least: committed and tables, for each byte of the"
            + " objects at the least: 8 of header, 4 for the length, 4 a reference, and the"
            + " payload.");
    lines.add(MachineFacts.read());
    return lines;
  }
}
