package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.allocator.source.SourceException;
import org.ouroboros.collector.CloseReport;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapInspector;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.Tail;
import org.ouroboros.collector.WeakCallback;
import org.ouroboros.collector.WeakHandle;
import org.ouroboros.collector.cycle.CycleCollector;
import org.ouroboros.collector.inspect.Inspector;
import org.ouroboros.collector.space.AllocatorSpace;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.PagedSpace;

/**
 * A heap of one thread.
 *
 * <p>A reference is turned into the place of its object by one test: with the heap's tag taken off,
 * it must be below {@link #quickLimit}, and is then the object's id, which in the paged space is
 * its place in units of 16 bytes. A reference of another heap, null, or one with a version is above
 * any limit. Where more is to be checked, and after the close, the limit is 0, so that every access
 * goes to {@link Checks}.
 *
 * <p>Thread rule: as {@link Heap} says; the fields are plain.
 */
public final class ConfinedHeap extends FieldAccess implements Heap {

  private static final int QUARANTINED = 1024;

  final ObjectStore store;
  final Counts counts;
  final WeakTable weak;
  final Hooks hooks;
  final Lent lent;
  final Death death;

  /** The tag in its place in a reference. */
  final long tag;

  private final HeapOptions options;
  private final ObjectSpace space;
  private final Checks checks;
  private final FailureLog errors;
  private final CycleCollector collector;
  private final Inspector inspector;
  private final Locals locals;
  private final Thread owner = Thread.currentThread();
  private final boolean checked;

  /** In debug mode only. */
  private final @Nullable Ledger ledger;

  /** Ids below are resolved without more checks. */
  private long quickLimit;

  private boolean readOnly;
  private boolean closed;
  private @Nullable CloseReport closeReport;

  /**
   * Makes a heap for the calling thread.
   *
   * @param options how
   */
  @SuppressWarnings("this-escape") // the parts keep the heap and do not use it before it is made
  public ConfinedHeap(HeapOptions options) {
    this.options = options;
    this.checked = options.mode() != HeapMode.NORMAL;
    Faults faults = new Faults();
    this.tag = (long) HeapTags.take() << 32;
    this.space = makeSpace(faults);
    int quarantined = options.mode() == HeapMode.DEBUG ? QUARANTINED : 0;
    this.store = new ObjectStore(space, faults, options.limitBytes(), quarantined);
    this.counts = new Counts(store, checked);
    this.weak = new WeakTable(store);
    this.errors = new FailureLog(options.errorLogCapacity(), this::unpin, this::checkUnpin);
    this.hooks = new Hooks(this, errors, options.pinFailed());
    this.lent = new Lent(store);
    this.death = new Death(this);
    this.ledger = options.mode() == HeapMode.DEBUG ? new Ledger() : null;
    this.checks = new Checks(this, options.mode());
    this.collector = new CycleCollector(this);
    this.inspector = new Inspector(this);
    this.locals = new Locals(this);
    updateLimit();
  }

  private ObjectSpace makeSpace(Faults faults) {
    try {
      var allocator = options.allocator();
      return allocator != null
          ? new AllocatorSpace(allocator.get(), checked, faults, e -> hooks().allocatorFailed(e))
          : new PagedSpace(
              options.name(), options.source(), options.reservationBytes(), checked, faults);
    } catch (RuntimeException e) {
      HeapTags.giveBack((int) (tag >>> 32));
      throw e instanceof AllocationFailedException || e instanceof SourceException
          ? new HeapExhaustedException(
              options.name(), options.reservationBytes(), options.limitBytes(), "to begin with", e)
          : e;
    }
  }

  // ------------------------------------------------------------------- references

  /** The reference of an object. */
  public long reference(int id) {
    long ref = tag | Integer.toUnsignedLong(id);
    return checked ? ref | (long) space.sides().version(id) << 48 : ref;
  }

  private long referenceOrNull(int id) {
    return id == 0 ? NULL : reference(id);
  }

  @Override
  MemorySegment memory() {
    return space.memory();
  }

  private void checkThread() {
    if (Thread.currentThread() != owner) {
      throw checks.wrongThread(owner);
    }
  }

  private boolean isQuick(long id) {
    return Long.compareUnsigned(id, quickLimit) < 0;
  }

  /** Where an object that is read begins. */
  private long object(long ref) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? id << 4 : checks.object(ref);
  }

  /** Where an object that is changed begins. */
  private long objectForUpdate(long ref) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? id << 4 : checks.objectForUpdate(ref);
  }

  private long slot(long ref, int slot) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? id << 4 : checks.slot(ref, slot);
  }

  private long slotForUpdate(long ref, int slot) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? id << 4 : checks.slotForUpdate(ref, slot);
  }

  @Override
  long field(long ref, long offset, int bytes) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? (id << 4) + offset : checks.field(ref, offset, bytes);
  }

  @Override
  long fieldForUpdate(long ref, long offset, int bytes) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? (id << 4) + offset : checks.fieldForUpdate(ref, offset, bytes);
  }

  private long header(long object) {
    return space.memory().get(ObjectStore.LONG, object);
  }

  /** The header of an object that is alive. */
  private long liveHeader(long ref, long object) {
    long header = header(object);
    if ((header & Header.ALIVE) == 0) {
      throw checks.dead(ref);
    }
    return header;
  }

  // ------------------------------------------------------------------- allocating

  @Override
  public long allocate(ObjectType type) {
    if (type.tail() != Tail.NONE) {
      throw new IllegalArgumentException(type + " has a tail: its length is needed");
    }
    return make(type, 0, 0);
  }

  @Override
  public long allocate(ObjectType type, int length) {
    if (type.tail() != Tail.REFERENCES && type.tail() != Tail.ELEMENTS
        || length < 0
        || length > ObjectType.MAX_LENGTH) {
      throw new IllegalArgumentException(type + " with a length of " + length);
    }
    return make(type, length, 0);
  }

  @Override
  public long allocate(ObjectType type, int length, int bytes) {
    if (type.tail() != Tail.REFERENCES_AND_BYTES
        || (length | bytes) < 0
        || length > ObjectType.MAX_LENGTH) {
      throw new IllegalArgumentException(
          type + " with " + length + " references and " + bytes + " bytes");
    }
    return make(type, length, bytes);
  }

  private long make(ObjectType type, int length, int bytes) {
    checkThread();
    checks.checkMutable();
    if (type == ObjectType.WEAK_REFERENCE) {
      throw new IllegalArgumentException("weak references are made with newWeak");
    }
    return reference(makeObject(type, length, bytes));
  }

  private int makeObject(ObjectType type, int length, int bytes) {
    errors.unpinEvicted();
    collector.beforeAllocation(type);
    int id;
    try {
      id = store.create(store.info(type), length, bytes);
    } catch (AllocatorException | OutOfMemoryError e) {
      id = makeAfterCollection(type, length, bytes);
    }
    if (!isQuickUpToDate()) {
      updateLimit();
    }
    if (ledger != null) {
      ledger.taken(id);
    }
    return id;
  }

  private int makeAfterCollection(ObjectType type, int length, int bytes) {
    collector.collect(Collector.OLDEST);
    store.endQuarantine();
    try {
      return store.create(store.info(type), length, bytes);
    } catch (AllocatorException | OutOfMemoryError e) {
      throw new HeapExhaustedException(
          options.name(),
          new TypeInfo(type).size(length, bytes),
          options.limitBytes(),
          "an object of type " + type.name() + " on the " + space.name(),
          e);
    }
  }

  /** What is thrown where a side table could not grow. */
  HeapExhaustedException exhausted(long bytes, AllocatorException cause) {
    return new HeapExhaustedException(
        options.name(), bytes, options.limitBytes(), String.valueOf(cause.getMessage()), cause);
  }

  // --------------------------------------------------------------------- counting

  @Override
  public void retain(long ref) {
    long object = objectForUpdate(ref);
    long header = liveHeader(ref, object);
    if ((header & Header.EXTERNAL) != Header.EXTERNAL && ledger == null) {
      space.memory().set(ObjectStore.LONG, object, header + Header.EXTERNAL_ONE);
    } else {
      own((int) ref, "an owned reference");
    }
  }

  /** Counts an owned reference; where it is for the user, failures are the user's exception. */
  void own(int id, @Nullable String what) {
    try {
      counts.addExternal(id);
    } catch (AllocatorException e) {
      throw what == null ? e : exhausted(0, e);
    }
    if (ledger != null) {
      ledger.taken(id);
    }
  }

  @Override
  public void release(long ref) {
    if (ref == NULL) {
      checkThread();
      checks.checkOpen();
      return;
    }
    long object = objectForUpdate(ref);
    long header = header(object);
    if ((header & Header.EXTERNAL) == 0) {
      throw (header & Header.ALIVE) == 0 ? checks.dead(ref) : checks.notOwned(ref);
    }
    if (checked) {
      checkOwned(ref, header);
    }
    disown((int) ref);
  }

  /** That not all of the external count belongs to slots of opaque objects. */
  private void checkOwned(long ref, long header) {
    EdgeLedger edges = counts.edges();
    if (edges != null && counts.external((int) ref, header) <= edges.opaque((int) ref)) {
      throw checks.notOwned(ref);
    }
  }

  /** Gives an owned reference back. */
  void disown(int id) {
    if (ledger != null) {
      ledger.given(id);
    }
    if (counts.dropExternal(id)) {
      death.kill(id);
    }
  }

  private void unpin(long ref) {
    if (!closed) {
      disown((int) ref);
    }
  }

  private void checkUnpin() {
    if (!closed) {
      checkMutable();
    }
  }

  /** Gives back what entries of the error log pinned that have given way. */
  public void unpinEvicted() {
    errors.unpinEvicted();
  }

  @Override
  public long refCount(long ref) {
    long header = liveHeader(ref, object(ref));
    int id = (int) ref;
    return counts.internal(id, header) + counts.external(id, header);
  }

  @Override
  public long externalCount(long ref) {
    return counts.external((int) ref, liveHeader(ref, object(ref)));
  }

  // ------------------------------------------------------------------------ slots

  @Override
  public long getRef(long ref, int slot) {
    long object = slot(ref, slot);
    return referenceOrNull(space.memory().get(ObjectStore.INT, object + Checks.slotOffset(slot)));
  }

  @Override
  public void setRef(long ref, int slot, long value) {
    long object = slotForUpdate(ref, slot);
    long valueId = value ^ tag;
    int target = value == NULL ? 0 : isQuick(valueId) ? (int) valueId : checks.target(value);
    if (checked) {
      checks.checkTarget(ref, slot, value);
    }
    store(ref, object, object + Checks.slotOffset(slot), target, value);
  }

  private void store(long ref, long object, long at, int target, long value) {
    boolean opaque = Header.has(liveHeader(ref, object), Header.OPAQUE);
    int old = space.memory().get(ObjectStore.INT, at);
    if (target != 0) {
      liveHeader(value, space.offset(target));
      count(target, opaque);
    }
    space.memory().set(ObjectStore.INT, at, target);
    if (old != 0) {
      uncount(old, opaque);
    }
  }

  /** Counts an edge. */
  private void count(int target, boolean opaque) {
    try {
      if (opaque) {
        counts.addOpaque(target);
      } else {
        counts.addInternal(target);
      }
    } catch (AllocatorException e) {
      throw exhausted(0, e);
    }
  }

  /** Takes an edge back. */
  private void uncount(int target, boolean opaque) {
    if (opaque ? counts.dropOpaque(target) : counts.dropInternal(target)) {
      death.kill(target);
    }
  }

  @Override
  public void setRefMoved(long ref, int slot, long owned) {
    long object = slotForUpdate(ref, slot);
    boolean opaque = Header.has(liveHeader(ref, object), Header.OPAQUE);
    int target = checkMove(ref, slot, owned);
    long at = object + Checks.slotOffset(slot);
    int old = space.memory().get(ObjectStore.INT, at);
    moveIn(target, opaque);
    space.memory().set(ObjectStore.INT, at, target);
    if (old != 0) {
      uncount(old, opaque);
    }
  }

  @Override
  public long exchangeRef(long ref, int slot, long owned) {
    long object = slotForUpdate(ref, slot);
    boolean opaque = Header.has(liveHeader(ref, object), Header.OPAQUE);
    int target = checkMove(ref, slot, owned);
    long at = object + Checks.slotOffset(slot);
    int old = space.memory().get(ObjectStore.INT, at);
    moveOut(old, opaque);
    try {
      moveIn(target, opaque);
    } catch (HeapExhaustedException e) {
      moveIn(old, opaque); // cannot fail: its count has just been there
      throw e;
    }
    space.memory().set(ObjectStore.INT, at, target);
    return referenceOrNull(old);
  }

  @Override
  public long takeRef(long ref, int slot) {
    return exchangeRef(ref, slot, NULL);
  }

  /** That an owned reference may be stored; returns its object. */
  private int checkMove(long ref, int slot, long owned) {
    if (owned == NULL) {
      return 0;
    }
    long header = liveHeader(owned, objectForUpdate(owned));
    if ((header & Header.EXTERNAL) == 0) {
      throw checks.notOwned(owned);
    }
    if (checked) {
      checkOwned(owned, header);
      checks.checkTarget(ref, slot, owned);
    }
    return (int) owned;
  }

  /** Makes an owned reference an edge. */
  private void moveIn(int target, boolean opaque) {
    if (target != 0) {
      EdgeLedger edges = counts.edges();
      try {
        if (!opaque) {
          counts.externalToInternal(target);
        } else if (edges != null) {
          edges.addOpaque(target);
        }
      } catch (AllocatorException e) {
        throw exhausted(0, e);
      }
      if (ledger != null) {
        ledger.given(target);
      }
    }
  }

  /** Makes an edge an owned reference. */
  private void moveOut(int target, boolean opaque) {
    if (target != 0) {
      EdgeLedger edges = counts.edges();
      if (opaque && edges != null) {
        edges.dropOpaque(target);
      } else if (!opaque) {
        try {
          counts.internalToExternal(target);
        } catch (AllocatorException e) {
          throw exhausted(0, e);
        }
      }
      if (ledger != null) {
        ledger.taken(target);
      }
    }
  }

  @Override
  public void moveRef(long from, int fromSlot, long to, int toSlot) {
    long source = slotForUpdate(from, fromSlot);
    long target = slotForUpdate(to, toSlot);
    boolean opaque = Header.has(liveHeader(from, source), Header.OPAQUE);
    if (checked) {
      checks.checkTarget(to, toSlot, getRef(from, fromSlot));
    }
    if (opaque != Header.has(liveHeader(to, target), Header.OPAQUE)) {
      throw checks.wrongType(to, "object of the same openness: use takeRef and setRefMoved");
    }
    MemorySegment memory = space.memory();
    long fromAt = source + Checks.slotOffset(fromSlot);
    long toAt = target + Checks.slotOffset(toSlot);
    if (memory.get(ObjectStore.INT, toAt) != 0) {
      throw new IllegalStateException(
          options.name() + ": slot " + toSlot + " of the target is not empty");
    }
    memory.set(ObjectStore.INT, toAt, memory.get(ObjectStore.INT, fromAt));
    memory.set(ObjectStore.INT, fromAt, 0);
  }

  @Override
  public void addEdge(long target) {
    liveHeader(target, objectForUpdate(target));
    int id = (int) target;
    count(id, false);
    EdgeLedger edges = counts.edges();
    if (edges != null) {
      try {
        edges.addByHand(id);
      } catch (AllocatorException e) {
        uncount(id, false);
        throw exhausted(0, e);
      }
    }
  }

  @Override
  public void removeEdge(long target) {
    long header = liveHeader(target, objectForUpdate(target));
    int id = (int) target;
    EdgeLedger edges = counts.edges();
    if ((header & Header.INTERNAL) == 0 || edges != null && edges.byHand(id) == 0) {
      throw checks.notOwned(target);
    }
    if (edges != null) {
      edges.dropByHand(id);
    }
    uncount(id, false);
  }

  // ------------------------------------------------------------------------ tails

  @Override
  public int length(long ref) {
    long object = object(ref);
    if (store.info(liveHeader(ref, object)).tail == Tail.NONE) {
      throw checks.wrongType(ref, "array");
    }
    return space.memory().get(ObjectStore.INT, object + TypeInfo.LENGTH);
  }

  @Override
  public int byteLength(long ref) {
    long object = object(ref);
    if (store.info(liveHeader(ref, object)).tail != Tail.REFERENCES_AND_BYTES) {
      throw checks.wrongType(ref, "object with references and bytes");
    }
    return space.memory().get(ObjectStore.INT, object + TypeInfo.BYTE_LENGTH);
  }

  @Override
  public long getElement(long ref, int index) {
    long object = object(ref);
    liveHeader(ref, object);
    int slot = checks.elementSlot(ref, object, index);
    return referenceOrNull(space.memory().get(ObjectStore.INT, object + Checks.slotOffset(slot)));
  }

  @Override
  public void setElement(long ref, int index, long value) {
    setRef(ref, elementSlot(ref, index), value);
  }

  @Override
  public int elementSlot(long ref, int index) {
    long object = object(ref);
    liveHeader(ref, object);
    return checks.elementSlot(ref, object, index);
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

  // ------------------------------------------------------------- weak references

  @Override
  public long newWeak(long target, @Nullable WeakCallback callback) {
    long object = objectForUpdate(target);
    if (WeakTable.isWeak(liveHeader(target, object))) {
      throw checks.wrongType(target, "target for a weak reference");
    }
    int id = (int) target;
    // The target may be held by nothing but garbage, and making the weak reference may collect.
    boolean held = counts.hold(id);
    int made = 0;
    try {
      made = makeObject(ObjectType.WEAK_REFERENCE, 0, 0);
      weak.link(made, id, callback);
      return reference(made);
    } catch (AllocatorException e) {
      disown(made);
      throw exhausted(0, e);
    } finally {
      if (held && counts.unhold(id)) {
        death.kill(id);
      }
    }
  }

  @Override
  public long weakTarget(long ref) {
    checkWeak(ref);
    return referenceOrNull(weak.target((int) ref));
  }

  @Override
  public @Nullable WeakCallback weakCallback(long ref) {
    checkWeak(ref);
    return weak.callback((int) ref);
  }

  @Override
  public boolean isWeak(long ref) {
    return WeakTable.isWeak(liveHeader(ref, object(ref)));
  }

  private void checkWeak(long ref) {
    if (!isWeak(ref)) {
      throw checks.wrongType(ref, "weak reference");
    }
  }

  @Override
  public long[] weakRefs(long target) {
    liveHeader(target, object(target));
    long[] all = new long[weak.count((int) target)];
    int at = weak.newest((int) target);
    for (int i = 0; i < all.length; i++) {
      all[i] = reference(at);
      at = weak.older(at);
    }
    return all;
  }

  @Override
  public WeakHandle weakHandle(long target, @Nullable WeakCallback callback) {
    return new Handle(this, newWeak(target, callback));
  }

  /** A weak reference that is owned by a Java object. */
  private static final class Handle implements WeakHandle {

    private final ConfinedHeap heap;
    private long ref;

    Handle(ConfinedHeap heap, long ref) {
      this.heap = heap;
      this.ref = ref;
    }

    @Override
    public long get() {
      return heap.weakTarget(ref());
    }

    @Override
    public long upgrade() {
      long target = get();
      if (target != NULL) {
        heap.retain(target);
      }
      return target;
    }

    @Override
    public long ref() {
      if (ref == NULL) {
        throw new IllegalStateException("the weak handle is closed");
      }
      return ref;
    }

    @Override
    public void close() {
      if (ref != NULL && !heap.isClosed()) {
        long owned = ref;
        heap.release(owned);
        ref = NULL;
      }
    }
  }

  // ------------------------------------------------------------------------ asking

  @Override
  public ObjectType typeOf(long ref) {
    return store.info(liveHeader(ref, object(ref))).type;
  }

  @Override
  public long sizeOf(long ref) {
    long object = object(ref);
    return store.info(liveHeader(ref, object)).size(space.memory(), object);
  }

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

  @Override
  public HeapOptions options() {
    return options;
  }

  // ------------------------------------------------------- for the other packages

  public ObjectStore store() {
    return store;
  }

  public Counts counts() {
    return counts;
  }

  public WeakTable weakTable() {
    return weak;
  }

  public Hooks hooks() {
    return hooks;
  }

  public Death death() {
    return death;
  }

  public CycleCollector cycles() {
    return collector;
  }

  /** How many owners of an object the ledger knows; -1 without a ledger. */
  public int ledgerCount(int id) {
    return ledger == null ? -1 : ledger.count(id);
  }

  /** The id of an object that is alive. */
  public int liveId(long ref) {
    liveHeader(ref, object(ref));
    return (int) ref;
  }

  /** That the caller may change the heap. */
  public void checkMutable() {
    checkThread();
    checks.checkMutable();
  }

  /** That the caller may read the heap. */
  public void checkReadable() {
    checkThread();
    checks.checkOpen();
  }

  void checkLive(long ref) {
    liveHeader(ref, object(ref));
  }

  /** Takes a reference for the library's own lists; may fail with an AllocatorException. */
  public void ownInternally(int id) {
    own(id, null);
  }

  public void disownInternally(int id) {
    disown(id);
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

  /** From now on only reading is allowed. Returns what to give to {@link #endReadOnly}. */
  public boolean beginReadOnly() {
    boolean before = readOnly;
    readOnly = true;
    updateLimit();
    return before;
  }

  public void endReadOnly(boolean before) {
    readOnly = before;
    updateLimit();
  }

  boolean isReadOnly() {
    return readOnly;
  }

  private long allowedLimit() {
    return readOnly || checked || closed || !space.isPaged() ? 0 : space.limit();
  }

  private boolean isQuickUpToDate() {
    return quickLimit == allowedLimit();
  }

  private void updateLimit() {
    quickLimit = allowedLimit();
  }

  // ------------------------------------------------------------------------ closing

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    checkThread();
    if (closed) {
      return;
    }
    if (hooks.areRunning() || readOnly || collector.isCollecting()) {
      throw new IllegalStateException(
          options.name() + ": cannot be closed while it calls user code or collects");
    }
    closeReport = new Closing(this).finish(ledger);
    closed = true;
    updateLimit();
    lent.endAll();
    space.close();
    HeapTags.giveBack((int) (tag >>> 32));
  }

  @Override
  public @Nullable CloseReport closeReport() {
    return closeReport;
  }

  @Override
  public String toString() {
    return options.name()
        + (closed ? " (closed)" : " (" + store.liveObjects() + " objects, " + space.name() + ")");
  }
}
