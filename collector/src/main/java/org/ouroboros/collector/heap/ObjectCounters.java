package org.ouroboros.collector.heap;

import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.ObjectSpace;

/**
 * What a store counts: objects and their bytes, those with an external count, and what makes the
 * next allocation look whether a collection is due.
 *
 * <p>Invariant: {@link #live}, {@link #allocations} and {@link #bytesLeft} count places that are
 * kept warm, or ready by a thread, as objects; what is asked from outside is without those. {@link
 * #quickDue} is {@link #due}, or 0 while every allocation is to be looked at, so that making an
 * object has one comparison for all of that.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class ObjectCounters extends ObjectHeaders permits WarmObjects {

  final ByteGrant grant;

  /** Objects that were made; places that are kept warm count as if they were made again. */
  long allocations;

  /**
   * How often an external count became 0 less how often one that was 0 became more: see {@link
   * #roots}.
   */
  private long unrooted;

  /** Objects that exist, and those that are kept warm. */
  long live;

  /** What new objects may still take; what is kept warm counts as taken. */
  long bytesLeft;

  /** Tracked objects made less freed since the collector last set it to 0. */
  int netAllocations;

  /** How many of them make the collector look whether a collection is due. */
  int due = Integer.MAX_VALUE;

  /** Whether every allocation is to be looked at. */
  private boolean watched;

  /** Quick allocations end when there are so many net allocations: {@link #due}, or 0. */
  int quickDue = Integer.MAX_VALUE;

  /** Generation 0 has no more objects than this. */
  private int births;

  /** With so many it is {@linkplain #isCrowded crowded}. */
  private int mostBirths = Integer.MAX_VALUE;

  boolean crowded;

  ObjectCounters(ObjectSpace space, Faults faults, ByteGrant grant, boolean quick) {
    super(space, faults, quick);
    this.grant = grant;
    this.bytesLeft = grant.granted();
  }

  // ------------------------------------------------------------ objects and their bytes

  final int made(TypeInfo info, BlockClass blocks, int count) {
    live += count;
    allocations += count;
    bytesLeft -= (long) count * blocks.bytes;
    born(count * info.tracked);
    return count;
  }

  private long warmObjects() {
    long count = 0;
    for (TypeInfo info : types) {
      count += info == null ? 0 : info.warmCount;
    }
    return count;
  }

  private long warmBytes() {
    long bytes = caches == null ? 0 : caches.bytes();
    for (TypeInfo info : types) {
      bytes += info == null ? 0 : (long) info.warmCount * info.quickBytes;
    }
    return bytes;
  }

  public final long liveObjects() {
    return live - warmObjects() - (caches == null ? 0 : caches.objects());
  }

  public final long liveBytes() {
    return grant.granted() - bytesLeft - warmBytes();
  }

  public final long allocations() {
    return allocations - warmObjects() - (caches == null ? 0 : caches.ready());
  }

  public final long limitBytes() {
    return grant.limitBytes();
  }

  /**
   * Adds what threads have counted for themselves.
   *
   * @param net tracked objects made less freed
   * @param reused places that were kept ready when their objects had died
   * @param unrooted see {@link #roots}
   */
  final void add(long net, long reused, long unrooted) {
    netAllocations = Math.clamp(netAllocations + net, 0, Integer.MAX_VALUE);
    allocations += reused;
    this.unrooted += unrooted;
  }

  // ------------------------------------------------------------------------- roots

  /** An object that had none got an external count. */
  final void rooted() {
    unrooted--;
  }

  /** The external count of an object became 0. */
  final void unrooted() {
    unrooted++;
  }

  /** The external counts of two objects became 0. */
  final void unrootedBoth() {
    unrooted += 2;
  }

  /** How many objects have an external count that is not 0. Each begins with one. */
  public final long roots() {
    return allocations() - unrooted;
  }

  // ------------------------------------------------------ when the collector is asked

  public final int netAllocations() {
    return netAllocations;
  }

  public final void resetNetAllocations() {
    netAllocations = 0;
    births = 0;
    crowded = false;
    updateDue();
  }

  /** Sets how many net allocations of tracked objects make a collection due. */
  public final void setDue(int count) {
    due = count;
    updateDue();
  }

  /** Whether every allocation has to be looked at, be a collection due or not. */
  final void setWatched(boolean watched) {
    this.watched = watched;
    updateDue();
  }

  private void updateDue() {
    quickDue = watched || crowded ? 0 : due;
  }

  /** Whether nothing is to be done before the next object is made. */
  final boolean mayBeQuick() {
    return netAllocations < quickDue;
  }

  /** How many net allocations may be made before one has to be looked at. */
  final long untilDue() {
    return Math.max(0, (long) quickDue - netAllocations);
  }

  /**
   * Has generation 0 looked after while what dies keeps the net allocations low: as in CPython they
   * are few if as much dies as is made, whatever generation that is of. Generation 0 may grow
   * without bound then, and so does the time of its next collection.
   *
   * @param count with so many births it is looked at, and with half as many objects it is crowded;
   *     the largest int: never
   */
  public final void setCrowd(int count) {
    mostBirths = count;
    crowded = false;
    updateDue();
  }

  /** Whether generation 0 has got that many objects; until the net allocations are reset. */
  public final boolean isCrowded() {
    return crowded;
  }

  /** Tracked objects were made, or places for some. */
  final void born(int count) {
    births += count;
    if (births >= mostBirths) {
      countBirths();
    }
  }

  /** Many of those born may be dead: looks again when there may be half as many more. */
  private void countBirths() {
    long young = sides.population(0);
    births = (int) Math.min(young, mostBirths / 2);
    if (young >= mostBirths / 2) {
      crowded = true;
      updateDue();
    }
  }
}
