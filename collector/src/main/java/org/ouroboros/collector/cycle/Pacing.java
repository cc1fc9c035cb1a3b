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
 * <p>Of incremental heaps the young generations are kept small, since collecting them is not
 * sliced: generation 1 is due when it has more than a thousand objects, and generation 0 when it
 * has several times its threshold, however few the net allocations are. Full collections begin
 * earlier, see {@link Increments}.
 *
 * <p>Thread rule: as the heap.
 */
final class Pacing {

  /** Growth by less than this many bytes is no reason for a full collection. */
  private static final long LEAST_GROWTH = 16L << 20;

  /** Growth by some less than so many objects is no reason for an incremental full collection. */
  private static final long LEAST_PROMOTED = 20_000;

  /** An incremental full collection begins when this part of what there was has been added. */
  private static final double LATEST_BEGIN = 0.16;

  private static final double EARLIEST_BEGIN = 0.04;

  /**
   * Garbage is to be no more than this part of what lives, and some more because what lives is less
   * than what there is: from before a collection, from the time of the one before, and of this one.
   */
  private static final double MOST_GARBAGE = 0.2;

  /** So many objects, and bytes, are the least of which parts are reckoned. */
  private static final double LEAST_OBJECTS = 12 * LEAST_PROMOTED;

  private static final double LEAST_BYTES = 12 * LEAST_GROWTH;

  /**
   * With so many objects in it, generation 1 of an incremental heap is due. They may be as many
   * lines of memory that are not in any cache, so that this is what bounds a pause.
   */
  private static final long MOST_YOUNG = 1_000;

  /**
   * Generation 0 of an incremental heap is looked at when so many times its threshold were born.
   */
  private static final long CROWD = 4;

  private final ObjectStore store;
  private final SideTables sides;
  private final int[] thresholds = {2000, 10, 10};

  /** Collections of generation 0 since one of 1, and of 1 since one of 2; the first is not used. */
  private final int[] counts = new int[Collector.GENERATIONS];

  private long oldAfterFull;
  private long bytesAfterFull;
  private long oldAtCycle;
  private long bytesAtCycle;
  private double mostInCycle;
  private double begin = LATEST_BEGIN;

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
    return thresholds[0] > 0 && (store.netAllocations() >= thresholds[0] || store.isCrowded());
  }

  /** How many births make an incremental heap look at how many objects generation 0 has. */
  int crowd() {
    return thresholds[0] > 0 ? (int) Math.min(CROWD * thresholds[0], Integer.MAX_VALUE) : due();
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
    return thresholds[2] != Integer.MAX_VALUE && growthSinceFull() >= begin;
  }

  /** An incremental full collection begins. */
  void cycleBegun() {
    counts[2] = 0;
    oldAtCycle = sides.population(2);
    bytesAtCycle = store.liveBytes();
    mostInCycle = 0;
  }

  /** One has ended, or was given up. */
  void cycleEnded() {
    begin = Math.clamp(MOST_GARBAGE - 2 * growthInCycle(), EARLIEST_BEGIN, LATEST_BEGIN);
    ended(Collector.OLDEST);
  }

  /**
   * How much the heap has grown since an incremental full collection began, over what it was; what
   * that has freed already is not taken off.
   */
  double growthInCycle() {
    mostInCycle = Math.max(mostInCycle, growth(oldAtCycle, bytesAtCycle));
    return mostInCycle;
  }

  /** The same since a full collection ended. */
  double growthSinceFull() {
    return growth(oldAfterFull, bytesAfterFull);
  }

  private double growth(long objects, long bytes) {
    double moreObjects = (double) sides.population(2) - objects;
    double moreBytes = (double) store.liveBytes() - bytes;
    return Math.max(
        moreObjects / Math.max(LEAST_OBJECTS, (double) objects),
        moreBytes / Math.max(LEAST_BYTES, (double) bytes));
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
