package org.ouroboros.collector.cycle;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.Garbage;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.ObjectVisitor;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SideTables;

/**
 * What a program sets, freezes and asks of the collector of a confined heap. It asks of the heap as
 * it is: pending deaths are completed first.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class CollectorControl implements Collector permits CycleCollector {

  final ConfinedHeap heap;
  final SideTables sides;
  final Pacing pacing;
  final GarbageList garbage;
  final DebugReport debug;
  final CollectionLog log;
  final boolean incremental;
  boolean enabled = true;
  private final Enumeration enumeration;

  CollectorControl(ConfinedHeap heap) {
    this.heap = heap;
    this.sides = heap.store().sides;
    this.pacing = new Pacing(heap.store());
    this.garbage = new GarbageList(heap);
    this.debug = new DebugReport(heap);
    this.log = new CollectionLog(heap, debug);
    this.incremental = heap.options().incremental();
    this.enumeration = new Enumeration(heap);
    updateDue();
  }

  /** Ends an incremental collection that is under way, if it can be ended now. */
  abstract void endIncrements();

  /** Tells the store when allocations have to come here first. */
  private void updateDue() {
    heap.store().setDue(enabled ? pacing.due() : Integer.MAX_VALUE);
    heap.store().setCrowd(enabled && incremental ? pacing.crowd() : Integer.MAX_VALUE);
  }

  static void checkGeneration(int generation) {
    if (generation < 0 || generation > OLDEST) {
      throw new IllegalArgumentException("invalid generation " + generation + ": 0, 1 or 2");
    }
  }

  // ------------------------------------------------------------------------ settings

  @Override
  public final boolean enable() {
    heap.checkReadable();
    boolean before = enabled;
    setEnabled(true);
    return before;
  }

  @Override
  public final boolean disable() {
    heap.checkReadable();
    boolean before = enabled;
    setEnabled(false);
    return before;
  }

  private void setEnabled(boolean on) {
    enabled = on;
    updateDue();
  }

  @Override
  public final boolean isEnabled() {
    heap.checkReadable();
    return enabled;
  }

  @Override
  public final void setThreshold(int threshold) {
    heap.checkReadable();
    pacing.set(0, threshold);
    updateDue();
  }

  @Override
  public final void setThreshold(int threshold0, int threshold1) {
    heap.checkReadable();
    pacing.set(1, threshold1);
    pacing.set(0, threshold0);
    updateDue();
  }

  @Override
  public final void setThreshold(int threshold0, int threshold1, int threshold2) {
    heap.checkReadable();
    pacing.set(2, threshold2);
    setThreshold(threshold0, threshold1);
  }

  @Override
  public final Counters threshold() {
    heap.checkReadable();
    return pacing.thresholds();
  }

  @Override
  public final Counters count() {
    heap.checkReadable();
    return pacing.counters();
  }

  @Override
  public final List<GenerationStats> stats() {
    heap.checkReadable();
    return log.stats();
  }

  @Override
  public final void setDebug(DebugFlag... flags) {
    heap.checkReadable();
    if (heap.isAtRest()) {
      endIncrements();
    }
    debug.set(new HashSet<>(List.of(flags)));
  }

  @Override
  public final Set<DebugFlag> debug() {
    heap.checkReadable();
    return debug.flags();
  }

  @Override
  public final Garbage garbage() {
    return garbage;
  }

  @Override
  public final void addListener(CollectionListener listener) {
    heap.checkReadable();
    log.addListener(listener);
  }

  @Override
  public final boolean removeListener(CollectionListener listener) {
    heap.checkReadable();
    return log.removeListener(listener);
  }

  // ------------------------------------------------------------------------- freezing

  @Override
  public final void freeze() {
    heap.checkMutable();
    heap.finishDeaths();
    endIncrements();
    heap.freeze();
    pacing.reset();
  }

  @Override
  public final void unfreeze() {
    heap.checkMutable();
    heap.finishDeaths();
    endIncrements();
    sides.unfreeze();
  }

  @Override
  public final long freezeCount() {
    heap.checkReadable();
    heap.finishDeaths();
    return sides.population(SideTables.PERMANENT);
  }

  // -------------------------------------------------------------------------- asking

  @Override
  public final long[] objects() {
    heap.checkReadable();
    heap.finishDeaths();
    return enumeration.tracked(-1);
  }

  @Override
  public final long[] objects(int generation) {
    heap.checkReadable();
    checkGeneration(generation);
    heap.finishDeaths();
    return enumeration.tracked(generation);
  }

  @Override
  public final long[] referrers(long... targets) {
    heap.checkReadable();
    heap.finishDeaths();
    return enumeration.referrers(targets);
  }

  @Override
  public final long[] referents(long... refs) {
    heap.checkReadable();
    heap.finishDeaths();
    return enumeration.referents(refs);
  }

  @Override
  public final boolean isTracked(long ref) {
    return generation(ref) != UNTRACKED;
  }

  @Override
  public final boolean isFinalized(long ref) {
    return Header.has(heap.store().header(heap.liveId(ref)), Header.FINALIZED);
  }

  @Override
  public final int generation(long ref) {
    int id = heap.liveId(ref);
    return Header.has(heap.store().header(id), Header.TRACKED) ? sides.generation(id) : UNTRACKED;
  }

  @Override
  public final void visitObjects(ObjectVisitor visitor) {
    heap.checkReadable();
    heap.finishDeaths();
    boolean before = disable();
    try {
      enumeration.visitTracked(visitor);
    } finally {
      setEnabled(before);
    }
  }
}
