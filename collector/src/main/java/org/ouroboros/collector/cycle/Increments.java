package org.ouroboros.collector.cycle;

import org.ouroboros.collector.CorruptHeapException;
import org.ouroboros.collector.jfr.HeapEvents;

/**
 * Says when an {@link IncrementalCycle} goes on, and for how long.
 *
 * <p>While one is under way, every {@value #LOOK_EVERY}th allocation looks at the clock, and does a
 * slice of {@value #SLICE_NANOS} ns, if enough time has passed for the program to have its share
 * since the last slice, or young collection, whose time counts as well. The collector's share
 * begins at a quarter, and grows with the {@linkplain Pacing#pressure pressure}, which is how much
 * of a twenty-fourth the heap has grown since the collection began, to two fifths. So with slices
 * alone no window of some slices' length has less than three fifths for the program, wherever it
 * begins, and a young collection, which is not sliced, is paid back before the next slice.
 *
 * <p>When the heap has grown by more than that, the share goes up to the whole, which it is at a
 * twelfth. So the heap cannot outgrow the collection: a collection has some number of steps, which
 * is fixed when it begins but for what the program shades, at most one each for an object; a slice
 * does one at least; and with that twelfth used up there is a slice every {@value #LOOK_EVERY}
 * allocations. With slices as long as they are meant to be, that is some ten thousand allocations
 * for ten million objects. Only there a program may have less than half of its time; it makes
 * objects that stay, or garbage that only a full collection finds, faster than marking them takes.
 *
 * <p>Garbage that comes about while marking runs may be found by the next collection only. So there
 * is at most what three of those twelfths hold, a quarter: from the time of the collection before,
 * from between the two, and from the time of this one.
 *
 * <p>In a shared heap helpers mark beside the threads, see {@link #markBeside}, and allocating
 * threads come here when they have used up their allowances. Those do slices in a stopped world if
 * no helper has come for a while, or the heap has grown by the twelfth.
 *
 * <p>Thread rule: as the heap.
 */
final class Increments {

  private static final int LOOK_EVERY = 16;
  private static final long SLICE_NANOS = 200_000;

  /** A slice of a shared heap that comes too late: threads come here once in many allocations. */
  private static final long LATE_NANOS = 2_000_000;

  /** For so long after a helper has marked the allocating threads leave the rest to it. */
  private static final long HELPED_NANOS = 10_000_000;

  private static final double LEAST_SHARE = 0.25;
  private static final double USUAL_SHARE = 0.4;

  private final IncrementalCycle cycle;
  private final Pacing pacing;
  private final CycleCollector collector;
  private int untilLook;
  private long nextSlice;

  /** What the slices of the collection under way took. */
  private long nanos;

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
    if (!cycle.begin(collector.candidates())) {
      return false;
    }
    collector.incrementsBegin();
    nanos = System.nanoTime() - start;
    untilLook = LOOK_EVERY;
    nextSlice = start + nanos;
    return cycle.isActive();
  }

  /** An object is about to be made. */
  void pace() {
    boolean shared = collector.isShared();
    if (!shared && --untilLook > 0) {
      return;
    }
    untilLook = LOOK_EVERY;
    long now = System.nanoTime();
    double share = share();
    if (now - nextSlice < 0 && share < 1 || !collector.isAtRest()) {
      return;
    }
    slice(now, shared && share == 1 ? LATE_NANOS : SLICE_NANOS);
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
      nextSlice = (nextSlice - now > 0 ? nextSlice : now) + repaid(nanos, share());
    }
  }

  private double share() {
    double pressure = pacing.pressure();
    return pressure < 1
        ? LEAST_SHARE + pressure * (USUAL_SHARE - LEAST_SHARE)
        : Math.min(1, USUAL_SHARE + (pressure - 1) * (1 - USUAL_SHARE));
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
      collector.incrementsEnd(cycle.result(), nanos);
    }
    return ended;
  }

  /** Gives marking up, or completes what follows it. */
  void endNow() {
    if (cycle.isMarking()) {
      cycle.giveUp();
      collector.incrementsEnd(cycle.result(), nanos);
    }
    while (cycle.isActive()) {
      slice(System.nanoTime(), Long.MAX_VALUE);
    }
  }
}
