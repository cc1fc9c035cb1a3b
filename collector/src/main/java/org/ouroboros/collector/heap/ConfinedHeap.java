package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.allocator.jfr.AllocatorEvents;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.leak.LeakWatch;
import org.ouroboros.collector.CloseReport;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.CorruptHeapException;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapInspector;
import org.ouroboros.collector.HeapLeaks;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.HostHandle;
import org.ouroboros.collector.HostHandleReport;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectFactory;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakCallback;
import org.ouroboros.collector.WeakHandle;
import org.ouroboros.collector.cycle.CycleCollector;
import org.ouroboros.collector.inspect.Inspector;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;

/**
 * A heap of one thread: puts the parts together. Below it are its layers, from the lowest on:
 *
 * <ul>
 *   <li>{@link HeapReferences} finds objects, and says who may call;
 *   <li>{@link FieldAccess} and {@link PlaceAccess} read and write their primitives;
 *   <li>{@link CountAccess} counts references, {@link SlotAccess} and {@link MoveAccess} store
 *       them;
 *   <li>{@link ShapeAccess} knows types and tails;
 *   <li>{@link ObjectAllocation} makes objects, {@link WeakAccess} weak references.
 * </ul>
 *
 * <p>They are superclasses and not parts, so that an access of the program finds all that it needs
 * in one object.
 *
 * <p>Thread rule: as {@link Heap} says; the fields are plain.
 */
public final class ConfinedHeap extends WeakAccess implements Heap {

  final Hooks hooks;
  final Lent lent;
  final Death death;

  private final FailureLog errors;
  private final CycleCollector collector;
  private final Inspector inspector;
  private final Locals locals;
  private final HostHandles hostHandles;
  private @Nullable CloseReport closeReport;

  /**
   * Makes a heap for the calling thread.
   *
   * @param options how
   */
  public ConfinedHeap(HeapOptions options) {
    this(options, null);
  }

  /**
   * The same, as the core of a shared heap.
   *
   * @param face the shared heap, which user code is given; null if there is none
   */
  @SuppressWarnings("this-escape") // the parts keep the heap and do not use it before it is made
  ConfinedHeap(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
    this.errors = new FailureLog(options.errorLogCapacity(), this::unpin, this::checkUnpin);
    this.hooks = new Hooks(this, errors, options.pinFailed());
    this.lent = new Lent(store, face != null, this::allocatorFailed);
    this.death = new Death(this);
    this.collector = new CycleCollector(this);
    this.inspector = new Inspector(this);
    this.locals = new Locals(this);
    this.hostHandles =
        new HostHandles(this, options.handleStacks() || options.mode() == HeapMode.DEBUG);
    LeakWatch.made(
        this,
        space.allocator(),
        face == null ? this::left : () -> face.inStoppedWorld(ConfinedHeap::left));
  }

  @Override
  public ObjectFactory factory(ObjectType type) {
    checkThread();
    checks.checkOpen();
    return QuickFactory.of(this, type);
  }

  // ------------------------------------------------------------------ what parts need

  @Override
  void kill(int id) {
    try {
      death.kill(id);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw corrupt(e);
    }
  }

  private CorruptHeapException corrupt(RuntimeException e) {
    return new CorruptHeapException(options.name(), "the death of an object", e);
  }

  @Override
  void beforeAllocation(ObjectType type, int length, int bytes) {
    errors.unpinEvicted();
    hostHandles.drainSome();
    if (death.isPending()) {
      goOnDying((long) length + (bytes >>> 3));
    }
    collector.beforeAllocation(type);
  }

  /** Goes on with pending deaths before an object is made, where user code may be called. */
  private void goOnDying(long words) {
    if (collector.isCollecting() || hooks.areRunning()) {
      return;
    }
    try {
      death.goOnAtAllocation(words);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw corrupt(e);
    }
  }

  /** Goes on with pending deaths for about so long, if the heap {@link #isAtRest}. */
  public void goOnDyingFor(long nanos) {
    if (death.isPending() && isAtRest()) {
      try {
        death.goOnFor(nanos);
      } catch (IndexOutOfBoundsException | NullPointerException e) {
        throw corrupt(e);
      }
    }
  }

  /**
   * Completes pending deaths, so that who looks at the heap sees it as it is; not in the middle of
   * what calls user code.
   */
  @Override
  public void finishDeaths() {
    if (death.isPending() && isAtRest() && !collector.isCollecting()) {
      try {
        death.finish();
      } catch (IndexOutOfBoundsException | NullPointerException e) {
        throw corrupt(e);
      }
    }
  }

  /** An entry was added to the error log. */
  void failureLogged() {
    updateWork();
  }

  /** Deaths have become pending, or are no longer. */
  void deathsChanged() {
    updateWork();
  }

  @Override
  void updateWork() {
    setWorkWaits(errors.hasEvicted() || death.isPending());
  }

  @Override
  void allocatorFailed(RuntimeException error) {
    hooks.allocatorFailed(error);
  }

  private void unpin(long ref) {
    if (!isClosed() && checks.isLive(ref)) {
      disown((int) ref);
    }
  }

  private void checkUnpin() {
    if (!isClosed()) {
      checkMutable();
    }
  }

  /** Gives back what Java code no longer holds, before a collection looks at what it does. */
  public void beforeCollection() {
    errors.unpinEvicted();
    hostHandles.drainAll();
  }

  @Override
  public MemorySegment segment(long ref) {
    long object = object(ref);
    long header = liveHeader(ref, object);
    if (WeakTable.isWeak(header)) {
      throw checks.wrongType(ref, "object whose fields are the program's");
    }
    TypeInfo info = store.info(header);
    long begin = info.type.bodyOffset();
    long size = info.size(space.memory(), object);
    if (!checked && space.isPaged()) {
      return lent.untilClose(object + begin, size - begin);
    }
    try {
      return lent.untilDeath((int) ref, object + begin, size - begin);
    } catch (AllocatorException e) {
      throw exhausted(0, e);
    }
  }

  // --------------------------------------------------------------------- handles

  @Override
  public WeakHandle weakHandle(long target, @Nullable WeakCallback callback) {
    return new OwnedWeakHandle(this, newWeak(target, callback));
  }

  @Override
  public HostHandle hostHandle(long ref) {
    retain(ref);
    HostHandle handle = null;
    try {
      store.faults.request("a host handle", 0);
      handle = hostHandles.make(ref);
    } catch (AllocatorException e) {
      throw exhausted(0, e);
    } catch (OutOfMemoryError e) {
      throw exhausted(0, Faults.javaHeap("a host handle", e));
    } finally {
      if (handle == null) {
        release(ref);
      }
    }
    // Not before: the object may be held by nothing but a handle that is to be given back.
    hostHandles.drainSome();
    return handle;
  }

  @Override
  public int drainHostHandles() {
    checkMutable();
    return hostHandles.drainAll();
  }

  @Override
  public HostHandleReport hostHandleReport() {
    checkThread();
    return hostHandles.report();
  }

  /** A host handle was closed, and its reference is about to be released. */
  void hostHandleClosed() {
    hostHandles.handleClosed();
  }

  /** That an object is alive, and the caller may release it. */
  void checkReleasable(long ref) {
    checkMutable();
    if (!checks.isLive(ref)) {
      throw checks.dead(ref);
    }
  }

  // ------------------------------------------------------------------------ asking

  @Override
  public boolean isLive(long ref) {
    checkThread();
    checks.checkOpen();
    return checks.isLive(ref);
  }

  @Override
  public LocalScope openScope() {
    checkThread();
    checks.checkMutable();
    return locals.open();
  }

  @Override
  public Collector collector() {
    checkThread();
    checks.checkOpen();
    return collector;
  }

  @Override
  public HeapInspector inspector() {
    checkThread();
    checks.checkOpen();
    return inspector;
  }

  @Override
  public ErrorLog errors() {
    return errors;
  }

  @Override
  public HeapStats stats() {
    checkThread();
    checks.checkOpen();
    finishDeaths();
    store.settle();
    long committed = space.committedBytes();
    return new HeapStats(
        store.liveObjects(),
        store.sides.tracked(),
        store.liveBytes(),
        committed < 0 ? store.liveBytes() : committed,
        space.metadataBytes() + store.sides.bytes() + counts.bytes() + weak.bytes(),
        store.allocations(),
        store.allocations() - store.liveObjects());
  }

  // ------------------------------------------------------- for the other packages

  /**
   * Whether the heap is at rest: it calls no user code, and takes no objects apart, though some may
   * wait for that.
   */
  public boolean isAtRest() {
    return death.isAtRest() && !hooks.areRunning() && !isReadOnly() && !isClosed();
  }

  public Hooks hooks() {
    return hooks;
  }

  public Death death() {
    return death;
  }

  @Override
  public CycleCollector cycles() {
    return collector;
  }

  /** Whether an automatic collection that is due is left to somebody else. */
  public boolean handsCollectionOver() {
    return face != null && face.takesOver();
  }

  /** An object is about to be freed: whatever is noted of it beside it is void. */
  public void forget(int id) {
    long header = store.header(id);
    if (Header.has(header, Header.HAS_WEAK)) {
      weak.clearSilently(id); // made after its weak references had been cleared
    }
    if (Header.has(header, Header.LENT)) {
      lent.end(id);
    }
    if (ledger != null) {
      ledger.died(id);
    }
    EdgeLedger edges = counts.edges();
    if (edges != null) {
      edges.died(id);
    }
  }

  /** See {@link Collector#freeze}. */
  public void freeze() {
    long bytes = 8L * SidePage.WORDS * store.sides.end();
    try {
      store.faults.request("the permanent generation", bytes);
      store.sides.freeze();
    } catch (AllocatorException e) {
      throw exhausted(bytes, e);
    } catch (OutOfMemoryError e) {
      throw exhausted(bytes, Faults.javaHeap("the permanent generation", e));
    }
  }

  // ------------------------------------------------------------------------ closing

  @Override
  public void close() {
    checkThread();
    if (isClosed()) {
      return;
    }
    if (hooks.areRunning() || isReadOnly() || collector.isCollecting()) {
      throw new IllegalStateException(
          options.name() + ": cannot be closed while it calls user code or collects");
    }
    hostHandles.drainAll();
    hostHandles.close();
    death.finishForGood();
    collector.beforeClose();
    store.setExact(true);
    CloseReport report = new Closing(this).finish(ledger);
    closeReport = report;
    LeakWatch.closed(this, () -> HeapLeaks.of(options.name(), report));
    if (AllocatorEvents.areLeaksRecorded()) {
      HeapLeaks.of(options.name(), report).record();
    }
    lent.endAll();
    markClosed();
    try {
      if (face != null) {
        face.retire(space.retire());
      } else {
        space.close();
      }
    } finally {
      grant.end();
      HeapTags.giveBack((int) (tag >>> 32));
    }
  }

  /** What is left if all garbage is collected. */
  private LeakReport left() {
    collector().collect(Collector.OLDEST);
    return HeapLeaks.of(this);
  }

  /** In debug mode, the references that Java code owns; empty otherwise. */
  public List<CloseReport.Owner> owners() {
    return ledger == null ? List.of() : ledger.owners(this);
  }

  @Override
  public @Nullable CloseReport closeReport() {
    return closeReport;
  }

  @Override
  public String toString() {
    return options.name()
        + (isClosed()
            ? " (closed)"
            : " (" + store.liveObjects() + " objects, " + space.name() + ")");
  }
}
