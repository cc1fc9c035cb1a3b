package org.ouroboros.collector.cycle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.CorruptHeapException;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.Garbage;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectVisitor;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Hooks;
import org.ouroboros.collector.jfr.HeapEvents;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SideTables;

/**
 * The collector of a confined heap: starts collections, asked or by itself, and keeps their
 * figures.
 *
 * <p>Thread rule: as the heap. One collection at a time: what asks for another meanwhile gets 0.
 */
public final class CycleCollector implements Collector {

  private final ConfinedHeap heap;
  private final SideTables sides;
  private final Pacing pacing;
  private final GarbageList garbage;
  private final DebugReport debug;
  private final CollectionPass pass;
  private final Enumeration enumeration;
  private final List<CollectionListener> listeners = new CopyOnWriteArrayList<>();
  private final long[][] stats = new long[GENERATIONS][5];
  private final boolean torture;
  private final boolean incremental;
  private final Increments increments;
  private boolean enabled = true;
  private boolean collecting;

  /** The recorder's event of the collection in increments, if it is recorded. */
  private @Nullable Object increment;

  /** Makes the collector of a heap whose other parts exist. */
  public CycleCollector(ConfinedHeap heap) {
    this.heap = heap;
    this.sides = heap.store().sides;
    this.pacing = new Pacing(heap.store());
    this.garbage = new GarbageList(heap);
    this.debug = new DebugReport(heap);
    this.pass = new CollectionPass(heap, garbage, debug);
    this.enumeration = new Enumeration(heap);
    this.torture = heap.options().torture();
    this.incremental = heap.options().incremental();
    this.increments = new Increments(new IncrementalCycle(heap, pass), pacing, this);
    updateDue();
  }

  /** Tells the store when allocations have to come here first. */
  private void updateDue() {
    heap.store().setDue(enabled ? pacing.due() : Integer.MAX_VALUE);
    heap.store().setCrowd(enabled && incremental ? pacing.crowd() : Integer.MAX_VALUE);
  }

  // --------------------------------------------------------------------- collecting

  /** An object is about to be made: collects if that is due. */
  public void beforeAllocation(ObjectType type) {
    if (torture) {
      collect(OLDEST);
      return;
    }
    boolean due = type.isTracked() && enabled && pacing.isDue();
    // Threads of a shared heap come here when a collection is due, and seldom else.
    if (incremental && (!due || isShared()) && !collecting && increments.isActive()) {
      increments.pace(); // be automatic collection switched off meanwhile or not
    }
    if (due) {
      collectIfDue();
    }
  }

  /** Whether an object may be made, while an incremental collection is under way, without that. */
  public boolean mayPass() {
    return increments.mayPass();
  }

  /** Collects if that is due, or has it done by the executor of a shared heap. */
  public void collectIfDue() {
    if (enabled && pacing.isDue() && !heap.handsCollectionOver()) {
      collectDue();
    }
  }

  private void collectDue() {
    if (!incremental || collecting || debug.isToldEach()) {
      collect(pacing.dueGeneration());
      return;
    }
    long start = System.nanoTime();
    collectYoung(pacing.dueYoungGeneration());
    increments.tookElsewhere(System.nanoTime() - start);
    if (!increments.isActive() && pacing.isCycleDue() && mayBegin()) {
      increments.begin();
    }
  }

  /** As {@link #collect}, but that deaths stay pending. */
  private void collectYoung(int generation) {
    heap.checkMutable();
    heap.beforeCollection();
    if (collecting) {
      return; // as in collect
    }
    setCollecting(true);
    try {
      collectNow(generation);
    } finally {
      setCollecting(false);
    }
  }

  private boolean mayBegin() {
    return heap.isAtRest() && pass.mayEverHaveCycles();
  }

  @Override
  public boolean step(long nanos) {
    heap.checkMutable();
    if (nanos < 0) {
      throw new IllegalArgumentException("a step of " + nanos + " ns");
    }
    if (collecting || !heap.isAtRest()) {
      return false;
    }
    long start = System.nanoTime();
    heap.goOnDyingFor(nanos / 2);
    if (!increments.isActive() && !increments.begin()) {
      return false;
    }
    return increments.step(Math.max(0, nanos - (System.nanoTime() - start)));
  }

  @Override
  public boolean assist(long nanos) {
    heap.checkMutable();
    if (nanos < 0) {
      throw new IllegalArgumentException("a step of " + nanos + " ns");
    }
    return goOn(nanos) != Progress.NONE;
  }

  /**
   * Begins an incremental collection of a shared heap, if none is under way, in a stopped world.
   *
   * @return false if none is under way then
   */
  public boolean beginIncrements() {
    heap.checkMutable();
    return increments.isActive() || !collecting && heap.isAtRest() && increments.begin();
  }

  /**
   * Marks for some time while threads of a shared heap are inside operations, if marking is under
   * way. The caller holds the heap's lock.
   *
   * @return whether what is left to be done is to be done in a stopped world
   */
  public boolean markBeside(long nanos) {
    return collecting || heap.isClosed() || increments.markBeside(nanos);
  }

  /** What {@link #goOn} has come to. */
  public enum Progress {
    /** A collection has ended. */
    ENDED,
    /** There is more to be done. */
    MORE,
    /** Nothing is under way, or nothing can be done now: user code runs. */
    NONE
  }

  /** Does a slice of an incremental collection that is under way, in a stopped world. */
  public Progress goOn(long nanos) {
    if (collecting || !increments.isActive() || !heap.isAtRest()) {
      return Progress.NONE;
    }
    return increments.step(nanos) ? Progress.ENDED : Progress.MORE;
  }

  /** Whether an incremental collection is under way. */
  public boolean isIncrementing() {
    return increments.isActive();
  }

  /** Whether threads of a shared heap go on while this collects. */
  boolean isShared() {
    return heap.store().isShared();
  }

  /** Goes on with pending deaths for about so long; at least for a moment. */
  void goOnDyingFor(long nanos) {
    heap.goOnDyingFor(nanos);
  }

  /**
   * Ends an incremental collection: marking is given up, what follows it is completed, unless user
   * code asks for that which another collection has called.
   */
  private void endIncrements() {
    if (increments.isActive() && !(collecting && increments.isFreeing())) {
      increments.endNow();
    }
  }

  /** The same, before the heap is closed, of which listeners are told. */
  public void beforeClose() {
    endIncrements();
    for (CollectionListener listener : listeners) {
      hooks().reader(CollectionListener::onClose, listener);
    }
  }

  @Override
  public int collect(int generation) {
    heap.checkMutable();
    checkGeneration(generation);
    if (collecting) {
      return 0;
    }
    if (generation == OLDEST) {
      endIncrements();
    }
    heap.beforeCollection();
    heap.finishDeaths();
    if (collecting) {
      return 0; // user code has run, and another thread of a shared heap is in the middle of one
    }
    if (generation == OLDEST) {
      endIncrements(); // which user code may have begun
    }
    int found;
    setCollecting(true);
    try {
      found = collectNow(generation);
    } finally {
      setCollecting(false);
    }
    heap.finishDeaths();
    return found;
  }

  private int collectNow(int generation) {
    tellBegin(generation);
    long begin = System.nanoTime();
    pacing.begun(generation);
    Object event = HeapEvents.beginCollection();
    CollectionPass.Result result = run(generation);
    record(event, generation, false, result);
    pacing.ended(generation);
    tellEnd(generation, result, System.nanoTime() - begin);
    return result.collected() + result.uncollectable();
  }

  private void tellBegin(int generation) {
    for (CollectionListener listener : listeners) {
      hooks().listener(listener::onStart, generation);
    }
    debug.begin(generation);
  }

  private void record(
      @Nullable Object event, int generation, boolean inSlices, CollectionPass.Result result) {
    HeapEvents.endCollection(
        event,
        heap.options().name(),
        generation,
        inSlices,
        result.candidates(),
        result.collected(),
        result.uncollectable());
  }

  private void tellEnd(int generation, CollectionPass.Result result, long nanos) {
    debug.end(result, nanos);
    long[] figures = stats[generation];
    figures[0]++;
    figures[1] += result.collected();
    figures[2] += result.uncollectable();
    figures[3] += result.candidates();
    figures[4] += nanos;
    if (!listeners.isEmpty()) {
      CollectionListener.Summary summary =
          new CollectionListener.Summary(
              generation, result.collected(), result.uncollectable(), result.candidates(), nanos);
      for (CollectionListener listener : listeners) {
        hooks().listener(listener::onStop, summary);
      }
    }
  }

  private CollectionPass.Result run(int generation) {
    try {
      return pass.run(generation);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw new CorruptHeapException(heap.options().name(), "a collection", e);
    }
  }

  private Hooks hooks() {
    return heap.hooks();
  }

  public boolean isCollecting() {
    return collecting;
  }

  /** See {@link CollectionPass#isCondemning}. */
  public boolean isCondemning() {
    return pass.isCondemning();
  }

  /**
   * Whether a full collection may run by itself now, and nobody is told of it or of what it finds.
   */
  public boolean mayCollectUnseen() {
    return enabled
        && pacing.isOn()
        && !collecting
        && !increments.isActive()
        && listeners.isEmpty()
        && !debug.isTold();
  }

  /**
   * A death has done what a full collection would: nothing is left.
   *
   * @param tracked how many objects were left that are tracked
   */
  public void collectedAtDeath(long tracked) {
    pacing.begun(OLDEST);
    pacing.ended(OLDEST);
    stats[OLDEST][0]++;
    stats[OLDEST][1] += tracked;
    stats[OLDEST][3] += tracked;
  }

  // ------------------------------------------------------------------- in increments

  /** How many objects a full collection looks at. */
  long candidates() {
    return sides.population(0) + sides.population(1) + sides.population(OLDEST);
  }

  /** An incremental collection begins: others are told, who cannot collect meanwhile. */
  void incrementsBegin() {
    pacing.cycleBegun();
    increment = HeapEvents.beginCollection();
    collecting = true;
    try {
      tellBegin(OLDEST);
    } finally {
      setCollecting(false);
    }
  }

  /** One has ended. */
  void incrementsEnd(CollectionPass.Result result, long nanos) {
    pacing.cycleEnded();
    record(increment, OLDEST, true, result);
    increment = null;
    boolean before = collecting;
    collecting = true;
    try {
      tellEnd(OLDEST, result, nanos);
    } finally {
      setCollecting(before);
    }
  }

  /** Whether a slice may be done now. */
  boolean isAtRest() {
    return heap.isAtRest();
  }

  String heapName() {
    return heap.options().name();
  }

  /** A slice begins or ends, during which nothing else collects. */
  void setCollecting(boolean collecting) {
    this.collecting = collecting;
    heap.store().setExact(collecting || increments.isActive() && !heap.store().isShared());
  }

  /** The heap is about to close. */
  public void reportGarbageAtClose() {
    debug.atClose(garbage);
  }

  private static void checkGeneration(int generation) {
    if (generation < 0 || generation > OLDEST) {
      throw new IllegalArgumentException("invalid generation " + generation + ": 0, 1 or 2");
    }
  }

  // ------------------------------------------------------------------------ settings

  @Override
  public boolean enable() {
    heap.checkReadable();
    boolean before = enabled;
    setEnabled(true);
    return before;
  }

  @Override
  public boolean disable() {
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
  public boolean isEnabled() {
    heap.checkReadable();
    return enabled;
  }

  @Override
  public void setThreshold(int threshold) {
    heap.checkReadable();
    pacing.set(0, threshold);
    updateDue();
  }

  @Override
  public void setThreshold(int threshold0, int threshold1) {
    heap.checkReadable();
    pacing.set(1, threshold1);
    pacing.set(0, threshold0);
    updateDue();
  }

  @Override
  public void setThreshold(int threshold0, int threshold1, int threshold2) {
    heap.checkReadable();
    pacing.set(2, threshold2);
    setThreshold(threshold0, threshold1);
  }

  @Override
  public Counters threshold() {
    heap.checkReadable();
    return pacing.thresholds();
  }

  @Override
  public Counters count() {
    heap.checkReadable();
    return pacing.counters();
  }

  @Override
  public List<GenerationStats> stats() {
    heap.checkReadable();
    List<GenerationStats> all = new ArrayList<>();
    for (long[] f : stats) {
      all.add(new GenerationStats(f[0], f[1], f[2], f[3], f[4]));
    }
    return all;
  }

  @Override
  public void setDebug(DebugFlag... flags) {
    heap.checkReadable();
    if (heap.isAtRest()) {
      endIncrements();
    }
    debug.set(new HashSet<>(List.of(flags)));
  }

  @Override
  public Set<DebugFlag> debug() {
    heap.checkReadable();
    return debug.flags();
  }

  @Override
  public Garbage garbage() {
    return garbage;
  }

  @Override
  public void addListener(CollectionListener listener) {
    heap.checkReadable();
    listeners.add(listener);
  }

  @Override
  public boolean removeListener(CollectionListener listener) {
    heap.checkReadable();
    return listeners.remove(listener);
  }

  // -------------------------------------------------------------------------- asking

  @Override
  public long[] objects() {
    heap.checkReadable();
    heap.finishDeaths();
    return enumeration.tracked(-1);
  }

  @Override
  public long[] objects(int generation) {
    heap.checkReadable();
    checkGeneration(generation);
    heap.finishDeaths();
    return enumeration.tracked(generation);
  }

  @Override
  public long[] referrers(long... targets) {
    heap.checkReadable();
    heap.finishDeaths();
    return enumeration.referrers(targets);
  }

  @Override
  public long[] referents(long... refs) {
    heap.checkReadable();
    heap.finishDeaths();
    return enumeration.referents(refs);
  }

  @Override
  public boolean isTracked(long ref) {
    return generation(ref) != UNTRACKED;
  }

  @Override
  public boolean isFinalized(long ref) {
    return Header.has(heap.store().header(heap.liveId(ref)), Header.FINALIZED);
  }

  @Override
  public int generation(long ref) {
    int id = heap.liveId(ref);
    return Header.has(heap.store().header(id), Header.TRACKED) ? sides.generation(id) : UNTRACKED;
  }

  @Override
  public void freeze() {
    heap.checkMutable();
    heap.finishDeaths();
    endIncrements();
    heap.freeze();
    pacing.reset();
  }

  @Override
  public void unfreeze() {
    heap.checkMutable();
    heap.finishDeaths();
    endIncrements();
    sides.unfreeze();
  }

  @Override
  public long freezeCount() {
    heap.checkReadable();
    heap.finishDeaths();
    return sides.population(SideTables.PERMANENT);
  }

  @Override
  public void visitObjects(ObjectVisitor visitor) {
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
