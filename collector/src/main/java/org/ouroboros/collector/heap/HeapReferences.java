package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.allocator.source.SourceException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.space.AllocatorSpace;
import org.ouroboros.collector.space.CycleMarks;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.PagedSpace;
import org.ouroboros.collector.space.Words;

/**
 * The lowest layer of a confined heap: who may call, and where the object of a reference is.
 *
 * <p>A reference is turned into the place of its object by one test: with the heap's tag taken off,
 * it must be below {@link #quickLimit}, and is then the object's id, which in the paged space is
 * its place in units of 16 bytes. A reference of another heap, null, or one with a version is above
 * any limit. Where more is to be checked, and after the close, the limit is 0, so that every access
 * goes to {@link Checks}.
 *
 * <p>Thread rule: as {@link Heap} says; the fields are plain.
 */
abstract sealed class HeapReferences permits FieldAccess {

  private static final int QUARANTINED = 1024;

  final HeapOptions options;

  /** Whether the mode is more than the normal one. */
  final boolean checked;

  /** The tag in its place in a reference. */
  final long tag;

  final ObjectSpace space;
  final ByteGrant grant;
  final ObjectStore store;
  final Checks checks;

  /** Who may call; in the core of a shared heap who has stopped the world, or null. */
  @Nullable Thread owner = Thread.currentThread();

  /** The shared heap that this is the core of; null if this is a confined heap by itself. */
  final @Nullable SharedHeap face;

  /** Of the space. */
  final long base;

  /** Ids below are resolved without more checks. */
  long quickLimit;

  /**
   * The same for references that are stored or become roots: 0 while an incremental collection is
   * under way, which has to be told of them.
   */
  long storeLimit;

  /** Whether there are condemned objects, which are as good as dead. */
  private boolean condemning;

  /** From places below, eight bytes can be read that no id at the limit or above has. */
  long quickEnd;

  /** Of the list of longs that was worked on last. */
  final TableView longs = new TableView(owner);

  private boolean readOnly;
  private boolean closed;

  /** Whether there is something to be done before the next object is made. */
  private boolean workWaits;

  @SuppressWarnings("this-escape") // the checks keep the heap and do not use it before it is made
  HeapReferences(HeapOptions options, @Nullable SharedHeap face) {
    this.options = options;
    this.face = face;
    this.checked = options.mode() != HeapMode.NORMAL;
    Faults faults = new Faults();
    this.tag = (long) HeapTags.take() << 32;
    this.space = makeSpace(faults);
    this.base = space.base();
    int quarantined = options.mode() == HeapMode.DEBUG ? QUARANTINED : 0;
    boolean quick =
        space.isPaged() && !checked && options.freeListener() == null && !options.torture();
    this.grant = new ByteGrant(options.limitBytes(), options.budget());
    this.store = new ObjectStore(space, faults, grant, quarantined, quick);
    if (face != null && space.isPaged() && !checked) {
      store.share(face.safepoint.mutators);
    }
    this.checks = new Checks(this);
    faults.onChange(this::updateLimit);
    updateLimit();
  }

  private ObjectSpace makeSpace(Faults faults) {
    try {
      var allocator = options.allocator();
      return allocator != null
          ? new AllocatorSpace(allocator.get(), checked, faults, this::allocatorFailed)
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

  /** The embedder's allocator refused to free a block. */
  abstract void allocatorFailed(RuntimeException error);

  // ------------------------------------------------------------------- references

  /** The reference of an object. */
  public final long reference(int id) {
    long ref = tag | Integer.toUnsignedLong(id);
    return checked ? ref | (long) space.sides().version(id) << 48 : ref;
  }

  final long referenceOrNull(int id) {
    return id == 0 ? Heap.NULL : reference(id);
  }

  final MemorySegment memory() {
    return space.memory();
  }

  final void checkThread() {
    if (Thread.currentThread() != owner) {
      throw checks.wrongThread(owner);
    }
  }

  final boolean isQuick(long id) {
    return Long.compareUnsigned(id, quickLimit) < 0;
  }

  /** Whether an id may be resolved without more checks, and by this thread. */
  final boolean isQuickHere(long id) {
    return Thread.currentThread() == owner && Long.compareUnsigned(id, quickLimit) < 0;
  }

  /** Whether from a place, any long, quick accesses may read and write up to eight bytes. */
  final boolean isQuickPlace(long place) {
    return Long.compareUnsigned(place, quickEnd) < 0;
  }

  /** The address of a place below the quick limit, for the following methods. */
  final long quickAddress(long place) {
    return Words.address(base, place);
  }

  final long quickGet(long address) {
    return Words.get(space, address);
  }

  final void quickSet(long address, long value) {
    Words.set(space, address, value);
  }

  final int quickGetInt(long address) {
    return Words.getInt(space, address);
  }

  final void quickSetInt(long address, int value) {
    Words.setInt(space, address, value);
  }

  /** Where an object that is read begins. */
  final long object(long ref) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? id << 4 : checks.object(ref);
  }

  /** Where an object that is changed begins. */
  final long objectForUpdate(long ref) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? id << 4 : checks.objectForUpdate(ref);
  }

  final long header(long object) {
    return space.memory().get(ObjectStore.LONG, object);
  }

  /** The header of an object that is alive. */
  final long liveHeader(long ref, long object) {
    long header = header(object);
    if ((header & Header.ALIVE) == 0 || condemning && isCondemned((int) ref)) {
      throw checks.dead(ref);
    }
    return header;
  }

  /** Whether there may be objects that an incremental collection has found to be garbage. */
  final boolean isCondemning() {
    return condemning;
  }

  /** Whether an id is that of an object that an incremental collection has found to be garbage. */
  final boolean isCondemned(int id) {
    return store.sides.cycleMarks.isCondemned(id);
  }

  /** The id of an object that is alive. */
  public final int liveId(long ref) {
    liveHeader(ref, object(ref));
    return (int) ref;
  }

  /** That the caller may change the heap. The side bits are exact then. */
  public final void checkMutable() {
    checkThread();
    checks.checkMutable();
    store.settle();
  }

  /** That the caller may read the heap. The side bits are exact then. */
  public final void checkReadable() {
    checkThread();
    checks.checkOpen();
    store.settle();
  }

  final void checkLive(long ref) {
    liveHeader(ref, object(ref));
  }

  /** What is thrown where a side table could not grow. */
  final HeapExhaustedException exhausted(long bytes, AllocatorException cause) {
    return new HeapExhaustedException(
        options.name(), bytes, options.limitBytes(), String.valueOf(cause.getMessage()), cause);
  }

  // ------------------------------------------------------------------------ states

  /** From now on only reading is allowed. Returns what to give to {@link #endReadOnly}. */
  public final boolean beginReadOnly() {
    boolean before = readOnly;
    readOnly = true;
    updateLimit();
    return before;
  }

  public final void endReadOnly(boolean before) {
    readOnly = before;
    updateLimit();
  }

  final boolean isReadOnly() {
    return readOnly;
  }

  private long allowedLimit() {
    return readOnly || checked || closed || !space.isPaged() ? 0 : space.limit();
  }

  private static long endOf(long limit) {
    return Math.max(0, (limit << 4) - (Long.BYTES - 1));
  }

  /** The space may have grown or shrunk, or the state has changed. */
  public final void updateLimit() {
    CycleMarks marks = store.sides.cycleMarks;
    long allowed = allowedLimit();
    if (face != null) {
      face.setLimits(allowed, endOf(allowed));
      allowed = 0; // the core of a shared heap looks at everything
    }
    if (allowed < quickLimit) {
      longs.forget();
    }
    quickLimit = allowed;
    storeLimit = marks.isActive() ? 0 : quickLimit;
    condemning = marks.isCondemning();
    quickEnd = endOf(quickLimit);
    boolean looked = face == null ? storeLimit == 0 : allowedLimit() == 0;
    store.setWatched(looked || workWaits || store.faults.isArmed());
  }

  /** Whether an incremental collection is the only reason not to make objects quickly. */
  final boolean mayCreateInCycle() {
    return !workWaits && !store.faults.isArmed();
  }

  /** Tells whether there is something to be done before the next object is made. */
  final void setWorkWaits(boolean waits) {
    workWaits = waits;
    updateLimit();
  }

  final boolean isOwner() {
    return Thread.currentThread() == owner;
  }

  /** Nothing can be reached from now on. */
  final void markClosed() {
    closed = true;
    updateLimit();
  }

  public final boolean isClosed() {
    return closed;
  }

  public final HeapOptions options() {
    return options;
  }

  public final ObjectStore store() {
    return store;
  }
}
