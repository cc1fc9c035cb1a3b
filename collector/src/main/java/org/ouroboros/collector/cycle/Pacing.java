package org.ouroboros.collector.cycle;

import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Collector.Counters;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.space.SideTables;

/**
 * Decides when to collect what.
 *
 * <p>As CPython: generation 0 when more tracked objects were made than freed, by its threshold,
 * since the last collection; the others after so many collections of the one before. The oldest
 * that is due is collected. Generation 2 is due only if it grew by a quarter since it was last
 * collected, so that the work is in proportion to the growth. CPython counts what was promoted, and
 * does not notice when that dies; here its growth is what is there now less what was there then.
 * Growth in bytes counts too: few objects can hold much.
 *
 * <p>Incremental full collections begin earlier, when generation 2 has grown by a twelfth, and
 * generation 1 is also due when it has more than some thousand objects, since young collections are
 * not sliced.
 *
 * <p>Thread rule: as the heap.
 */
final class Pacing {

  /** Growth by less than this many bytes is no reason for a full collection. */
  private static final long LEAST_GROWTH = 16L << 20;

  /** Growth by less than so many objects is no reason for an incremental full collection. */
  private static final long LEAST_PROMOTED = 20_000;

  /** An incremental full collection begins when so much of what there was has been added. */
  private static final long BEGIN_PART = 12;

  /** So much may be added while one runs before it takes more than its usual share of the time. */
  private static final double PRESSURE_PART = 24;

  /**
   * With so many objects in it, generation 1 of an incremental heap is due. They may be as many
   * lines of memory that are not in any cache, so that this is what bounds a pause.
   */
  private static final long MOST_YOUNG = 6_000;

  private final ObjectStore store;
  private final SideTables sides;
  private final int[] thresholds = {2000, 10, 10};

  /** Collections of generation 0 since one of 1, and of 1 since one of 2; the first is not used. */
  private final int[] counts = new int[Collector.GENERATIONS];

  private long oldAfterFull;
  private long bytesAfterFull;
  private long oldAtCycle;
  private long bytesAtCycle;

  Pacing(ObjectStore store) {
    this.store = store;
    this.sides = store.sides;
  }

  /** How many net allocations make a collection due; the largest int if none do. */
  int due() {
    return thresholds[0] > 0 ? thresholds[0] : Integer.MAX_VALUE;
  }

  /** Whether an allocation of a tracked object is to collect first. */
  boolean isDue() {
    return thresholds[0] > 0 && store.netAllocations() >= thresholds[0];
  }

  /** Whether anything is ever due. */
  boolean isOn() {
    return thresholds[0] > 0;
  }

  /** The generation to be collected. */
  int dueGeneration() {
    if (counts[2] > thresholds[2] && hasGrown()) {
      return 2;
    }
    return counts[1] > thresholds[1] ? 1 : 0;
  }

  /** The same where a full collection is incremental, and is due by {@link #isCycleDue}: 0 or 1. */
  int dueYoungGeneration() {
    return counts[1] > thresholds[1] || sides.population(1) >= MOST_YOUNG ? 1 : 0;
  }

  /**
   * Whether an incremental full collection is to begin: earlier than another one, since garbage
   * comes about until it ends. The third threshold only switches it off, by the largest int.
   */
  boolean isCycleDue() {
    long promoted = sides.population(2) - oldAfterFull;
    long bytes = store.liveBytes() - bytesAfterFull;
    return thresholds[2] != Integer.MAX_VALUE
        && (promoted >= Math.max(LEAST_PROMOTED, oldAfterFull / BEGIN_PART)
            || bytes >= Math.max(LEAST_GROWTH, bytesAfterFull / BEGIN_PART));
  }

  /** An incremental full collection begins. */
  void cycleBegun() {
    counts[2] = 0;
    oldAtCycle = sides.population(2);
    bytesAtCycle = store.liveBytes();
  }

  /**
   * How much of what the heap should grow during an incremental full collection it has grown, at
   * least 0: a twenty-fourth. At 2 it may not grow any more. See {@link Increments} for the rest.
   */
  double pressure() {
    double objects = sides.population(2) - oldAtCycle;
    double bytes = store.liveBytes() - bytesAtCycle;
    return Math.max(
        Math.max(0, objects / Math.max(LEAST_PROMOTED, oldAtCycle / PRESSURE_PART)),
        bytes / Math.max(LEAST_GROWTH, bytesAtCycle / PRESSURE_PART));
  }

  private boolean hasGrown() {
    long promoted = sides.population(2) - oldAfterFull;
    long bytes = store.liveBytes() - bytesAfterFull;
    return promoted >= oldAfterFull / 4 || bytes >= Math.max(LEAST_GROWTH, bytesAfterFull / 4);
  }

  void begun(int generation) {
    if (generation + 1 < Collector.GENERATIONS) {
      counts[generation + 1]++;
    }
    for (int g = 1; g <= generation; g++) {
      counts[g] = 0;
    }
    store.resetNetAllocations();
  }

  void ended(int generation) {
    if (generation == Collector.OLDEST) {
      oldAfterFull = sides.population(2);
      bytesAfterFull = store.liveBytes();
    }
  }

  /** Everything was frozen. */
  void reset() {
    counts[1] = 0;
    counts[2] = 0;
    store.resetNetAllocations();
  }

  void set(int index, int threshold) {
    if (threshold < 0) {
      throw new IllegalArgumentException("threshold " + threshold + " is negative");
    }
    thresholds[index] = threshold;
  }

  Counters thresholds() {
    return new Counters(thresholds[0], thresholds[1], thresholds[2]);
  }

  Counters counters() {
    return new Counters(store.netAllocations(), counts[1], counts[2]);
  }
}
