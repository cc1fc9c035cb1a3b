package org.ouroboros.collector.cycle;

import org.ouroboros.collector.CorruptHeapException;
import org.ouroboros.collector.jfr.HeapEvents;

/**
 * Says when an {@link IncrementalCycle} goes on, and for how long.
 *
 * <p>While one is under way, every {@value #LOOK_EVERY}th allocation looks at the clock, and does a
 * slice of {@value #SLICE_NANOS} ns, if enough time has passed for the program to have its share
 * since the last slice, or young collection, whose time counts as well. So no window of many
 * slices' length has less for the program than its share, and a young collection.
 *
 * <p><b>The collector's share</b> is the least with which the collection will end before the heap
 * has grown by a sixteenth: the time that is left is reckoned from what the last collections took,
 * and growth from that since then. It is a tenth at the least. Where it has to be more than two
 * fifths it is as much more again, up to four fifths, until the collection ends: there the program
 * cannot have its time anyway, and short collections that begin later do less in all. When the heap
 * has grown by that sixteenth, because the program has become faster or the machine slower, the
 * share goes up to the whole, which it is at a twelfth.
 *
 * <p>So the heap cannot outgrow the collection: a collection has some number of steps, which is
 * fixed when it begins but for what the program shades, at most one each for an object; a slice
 * does one at least; and with that twelfth used up there is a slice every {@value #LOOK_EVERY}
 * allocations. Only there a program may have less than half of its time; it makes objects that
 * stay, or garbage that only a full collection finds, faster than marking them takes.
 *
 * <p>Garbage that comes about while marking runs may be found by the next collection only. So there
 * is what comes about in the time of the collection before, between the two, and in the time of
 * this one. A collection begins so much earlier as the last one took longer that the three are a
 * fifth together ({@link Pacing}). Where a slow program becomes fast they may be more for once:
 * next to nothing, four twenty-fifths at the most, and a twelfth, which is a quarter.
 *
 * <p>In a shared heap helpers mark beside the threads, see {@link #markBeside}, and allocating
 * threads come here when they have used up their allowances. Those do slices in a stopped world if
 * no helper has come for a while, or the heap has grown by the twelfth.
 *
 * <p>Thread rule: as the heap.
 */
final class Increments {

  private static final int LOOK_EVERY = 16;
  private static final long SLICE_NANOS = 100_000;

  /** A slice of a shared heap that comes too late: threads come here once in many allocations. */
  private static final long LATE_NANOS = 2_000_000;

  /** For so long after a helper has marked the allocating threads leave the rest to it. */
  private static final long HELPED_NANOS = 10_000_000;

  private static final double LEAST_SHARE = 0.1;
  private static final double USUAL_SHARE = 0.4;

  /** As long as there is time for it. */
  private static final double MOST_SHARE = 0.8;

  /** How much the heap is to grow while a collection is under way, over what it was. */
  private static final double PLANNED = 1.0 / 16;

  /** How much it may grow. */
  private static final double MOST = 1.0 / 12;

  /** What a collection is thought to take for each object before there was any. */
  private static final double FIRST_GUESS_NANOS = 25;

  /** Collections are planned as if they took so many times as long. */
  private static final double SAFETY = 1.2;

  /** For so long the program must have run before its growth in that time means anything. */
  private static final double MEANINGFUL_NANOS = 10e6;

  private final IncrementalCycle cycle;
  private final Pacing pacing;
  private final CycleCollector collector;
  private int untilLook;
  private long nextSlice;

  /** What the slices of the collection under way took. */
  private long nanos;

  /** What young collections have taken meanwhile. */
  private long nanosElsewhere;

  /** The same in the collection before, over what its slices took. */
  private double elsewhere;

  /** What collections took for each object. */
  private double nanosEach = FIRST_GUESS_NANOS;

  /** What the collection under way may take. */
  private double expected;

  /** The share, once it had to be more than usual. */
  private double most;

  private long objects;
  private long begun;
  private long ended = System.nanoTime();

  /** Growth between the collection before and this one, and for how long. */
  private double growthBefore;

  private double nanosBefore;

  Increments(IncrementalCycle cycle, Pacing pacing, CycleCollector collector) {
    this.cycle = cycle;
    this.pacing = pacing;
    this.collector = collector;
  }

  boolean isActive() {
    return cycle.isActive();
  }

  /** Whether garbage is being freed. */
  boolean isFreeing() {
    return cycle.isActive() && !cycle.isMarking();
  }

  /** Begins a collection; returns false if there is no memory for it, or a listener ended it. */
  boolean begin() {
    long start = System.nanoTime();
    objects = collector.candidates();
    if (!cycle.begin(objects)) {
      return false;
    }
    growthBefore = pacing.growthSinceFull();
    nanosBefore = start - ended;
    expected = SAFETY * nanosEach * objects;
    nanosElsewhere = 0;
    most = 0;
    begun = start;
    collector.incrementsBegin();
    nanos = System.nanoTime() - start;
    untilLook = LOOK_EVERY;
    nextSlice = start + nanos;
    return cycle.isActive();
  }

  /** Whether nothing is to be done for one more object. */
  boolean mayPass() {
    return untilLook > 1 && --untilLook > 0;
  }

  /** An object is about to be made. */
  void pace() {
    boolean shared = collector.isShared();
    if (!shared && --untilLook > 0) {
      return;
    }
    untilLook = LOOK_EVERY;
    long now = System.nanoTime();
    double grown = pacing.growthInCycle();
    if (now - nextSlice < 0 && grown < MOST || !collector.isAtRest()) {
      return;
    }
    double share = share(now, grown);
    slice(now, shared && grown >= MOST ? LATE_NANOS : SLICE_NANOS);
    if (cycle.isWaiting()) {
      collector.goOnDyingFor(SLICE_NANOS);
    }
    long end = System.nanoTime();
    nextSlice = end + repaid(end - now, share);
  }

  /** Something else has stopped the program for some time just now: it is to be paid back. */
  void tookElsewhere(long nanos) {
    if (cycle.isActive()) {
      long now = System.nanoTime();
      nanosElsewhere += nanos;
      nextSlice =
          (nextSlice - now > 0 ? nextSlice : now)
              + repaid(nanos, share(now, pacing.growthInCycle()));
    }
  }

  private double share(long now, double grown) {
    if (grown >= PLANNED) {
      double late = Math.min(1, (grown - PLANNED) / (MOST - PLANNED));
      double from = Math.max(most, USUAL_SHARE);
      return from + late * (1 - from);
    }
    double running = Math.max(1, (double) (now - begun) - nanos - nanosElsewhere);
    double rate = (growthBefore + grown) / Math.max(1, nanosBefore + running);
    if (running > MEANINGFUL_NANOS) {
      rate = Math.max(rate, grown / running);
    }
    double work = Math.max(expected - nanos, expected / 16) * (1 + elsewhere);
    double share = work * rate / (work * rate + PLANNED - grown);
    if (share > USUAL_SHARE) {
      most = Math.max(most, Math.min(MOST_SHARE, 2 * share - USUAL_SHARE));
    }
    return Math.clamp(Math.max(share, most), LEAST_SHARE, MOST_SHARE);
  }

  /** How much time the program is to have for so much of the collector's. */
  private static long repaid(long nanos, double share) {
    return (long) (nanos * (1 / share - 1));
  }

  /**
   * Works for some time.
   *
   * @return whether the collection has ended
   */
  boolean step(long budget) {
    long start = System.nanoTime();
    boolean ended = slice(start, budget);
    if (cycle.isWaiting()) {
      collector.goOnDyingFor(budget - (System.nanoTime() - start));
    }
    return ended;
  }

  /**
   * Marks for some time beside the threads of a shared heap.
   *
   * @return whether what is left to be done is to be done in a stopped world
   */
  boolean markBeside(long budget) {
    if (!cycle.isMarking()) {
      return true;
    }
    long start = System.nanoTime();
    Object event = HeapEvents.beginSlice();
    boolean done;
    long now;
    try {
      do {
        done = cycle.markBeside();
        now = System.nanoTime();
      } while (!done && now - start < budget);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw new CorruptHeapException(collector.heapName(), "an incremental collection", e);
    }
    HeapEvents.endSlice(event, collector.heapName(), "mark beside", false);
    nanos += now - start;
    nextSlice = now + HELPED_NANOS;
    return done;
  }

  private boolean slice(long start, long budget) {
    boolean ended = false;
    Object event = HeapEvents.beginSlice();
    String phase = event == null ? "" : cycle.phase();
    collector.setCollecting(true);
    try {
      do {
        ended = cycle.advance();
      } while (!ended && !cycle.isWaiting() && System.nanoTime() - start < budget);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw new CorruptHeapException(collector.heapName(), "an incremental collection", e);
    } finally {
      collector.setCollecting(false);
    }
    HeapEvents.endSlice(event, collector.heapName(), phase, ended);
    nanos += System.nanoTime() - start;
    if (ended) {
      double each = (double) nanos / Math.max(1, objects);
      nanosEach = Math.max(each, (nanosEach + each) / 2);
      elsewhere = Math.min(1, (double) nanosElsewhere / Math.max(1, nanos));
      hasEnded();
    }
    return ended;
  }

  private void hasEnded() {
    ended = System.nanoTime();
    collector.incrementsEnd(cycle.result(), nanos);
  }

  /** Gives marking up, or completes what follows it. */
  void endNow() {
    if (cycle.isMarking()) {
      cycle.giveUp();
      hasEnded();
    }
    while (cycle.isActive()) {
      slice(System.nanoTime(), Long.MAX_VALUE);
    }
  }
}
