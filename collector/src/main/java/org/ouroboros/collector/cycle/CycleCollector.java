package org.ouroboros.collector.cycle;

import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.CorruptHeapException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.jfr.HeapEvents;

/**
 * The collector of a confined heap: starts collections, asked or by itself. What it is told and
 * asked besides is in {@link CollectorControl}, the figures are in {@link CollectionLog}.
 *
 * <p>Thread rule: as the heap. One collection at a time: what asks for another meanwhile gets 0.
 */
public final class CycleCollector extends CollectorControl {

  private final CollectionPass pass;
  private final Increments increments;
  private final boolean torture;
  private boolean collecting;

  /** The recorder's event of the collection in increments, if it is recorded. */
  private @Nullable Object increment;

  /** Makes the collector of a heap whose other parts exist. */
  public CycleCollector(ConfinedHeap heap) {
    super(heap);
    this.pass = new CollectionPass(heap, garbage, debug);
    this.torture = heap.options().torture();
    this.increments = new Increments(new IncrementalCycle(heap, pass), pacing, this);
  }

  // ----------------------------------------------------------------- by itself, or asked

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
    log.begin(generation);
    long begin = System.nanoTime();
    pacing.begun(generation);
    Object event = HeapEvents.beginCollection();
    CollectionPass.Result result = run(generation);
    log.record(event, generation, false, result);
    pacing.ended(generation);
    log.end(generation, result, System.nanoTime() - begin);
    return result.collected() + result.uncollectable();
  }

  private CollectionPass.Result run(int generation) {
    try {
      return pass.run(generation);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw new CorruptHeapException(heap.options().name(), "a collection", e);
    }
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
    return enabled && pacing.isOn() && !collecting && !increments.isActive() && !log.isTold();
  }

  /**
   * A death has done what a full collection would: nothing is left.
   *
   * @param tracked how many objects were left that are tracked
   */
  public void collectedAtDeath(long tracked) {
    pacing.begun(OLDEST);
    pacing.ended(OLDEST);
    log.endAtDeath(tracked);
  }

  // ---------------------------------------------------- increments, for who drives them

  @Override
  public boolean step(long nanos) {
    heap.checkMutable();
    checkStep(nanos);
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
    checkStep(nanos);
    return goOn(nanos) != Progress.NONE;
  }

  private static void checkStep(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("a step of " + nanos + " ns");
    }
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

  /** Whether an incremental collection is under way. */
  public boolean isIncrementing() {
    return increments.isActive();
  }

  /**
   * Ends an incremental collection: marking is given up, what follows it is completed, unless user
   * code asks for that which another collection has called.
   */
  @Override
  void endIncrements() {
    if (increments.isActive() && !(collecting && increments.isFreeing())) {
      increments.endNow();
    }
  }

  // ----------------------------------------------------- what increments need of the heap

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
      log.begin(OLDEST);
    } finally {
      setCollecting(false);
    }
  }

  /** One has ended. */
  void incrementsEnd(CollectionPass.Result result, long nanos) {
    pacing.cycleEnded();
    log.record(increment, OLDEST, true, result);
    increment = null;
    boolean before = collecting;
    collecting = true;
    try {
      log.end(OLDEST, result, nanos);
    } finally {
      setCollecting(before);
    }
  }

  /** Whether a slice may be done now. */
  boolean isAtRest() {
    return heap.isAtRest();
  }

  /** Whether threads of a shared heap go on while this collects. */
  boolean isShared() {
    return heap.store().isShared();
  }

  /** Goes on with pending deaths for about so long; at least for a moment. */
  void goOnDyingFor(long nanos) {
    heap.goOnDyingFor(nanos);
  }

  String heapName() {
    return heap.options().name();
  }

  /** A slice begins or ends, during which nothing else collects. */
  void setCollecting(boolean collecting) {
    this.collecting = collecting;
    heap.store().setExact(collecting || increments.isActive() && !heap.store().isShared());
  }

  // ------------------------------------------------------------------------- closing

  /** Ends what is under way before the heap is closed, of which listeners are told. */
  public void beforeClose() {
    endIncrements();
    log.closing();
  }

  /** The heap is about to close. */
  public void reportGarbageAtClose() {
    debug.atClose(garbage);
  }
}
