package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.CloseReport;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapInspector;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.HostHandle;
import org.ouroboros.collector.HostHandleReport;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectFactory;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakCallback;
import org.ouroboros.collector.WeakHandle;
import org.ouroboros.collector.space.AtomicWords;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * A heap that any thread may use: makes objects, and puts the parts together. How threads share it
 * is told in {@link SharedWorld}.
 *
 * <p><b>Upgrades of weak references</b> do not stop the world. They are linearizable with deaths,
 * since who names whom weakly changes in a stopped world only, and so does whether an object with
 * weak references is alive:
 *
 * <ul>
 *   <li>While any weak reference names an object, its header has {@link Header#HAS_WEAK}. So it is
 *       never simple to free ({@link TypeInfo#dead}): inside an operation its counts do not become
 *       0, whoever gives the last one back does so in a stopped world, which clears the weak
 *       references before the place is used again.
 *   <li>So what a thread that is inside reads as the target is an object that has not died, and
 *       that does not die before it leaves. What it counts there with {@link SharedCounts#own} is
 *       not a later object's.
 *   <li>An upgrade takes effect in the compare-and-set of the count, or where it reads null. If the
 *       count is 0, since the object's finalizer is just running, or the object is condemned, it is
 *       left to the core.
 * </ul>
 *
 * <p>Thread rule: any thread.
 */
public final class SharedHeap extends SharedSlots implements Heap {

  private final SharedCollector collector = new SharedCollector(this);
  private final SharedInspector inspector = new SharedInspector(this);
  private final SharedErrorLog errors = new SharedErrorLog(this);
  private final SharedScopes scopes = new SharedScopes(this);
  private final LaterCollections later;

  /**
   * Makes a heap.
   *
   * @param options how
   * @throws IllegalArgumentException if they ask for what shared heaps do not have
   */
  public SharedHeap(HeapOptions options) {
    this(options, false);
  }

  private SharedHeap(HeapOptions options, boolean lends) {
    super(options, lends);
    this.later = new LaterCollections(this, collector, options.executor());
  }

  /** Makes a heap that gives borrowed references as a confined one does, for tests. */
  public static SharedHeap thatLends(HeapOptions options) {
    return new SharedHeap(options, true);
  }

  /** See {@link LaterCollections}. */
  boolean takesOver() {
    return later.takesOver();
  }

  /** Does something with the core in a stopped world, for the other packages. */
  public <T> T inStoppedWorld(Function<ConfinedHeap, T> work) {
    stop();
    try {
      return work.apply(core);
    } finally {
      resume();
    }
  }

  // ------------------------------------------------------------------- allocating

  @Override
  public long allocate(ObjectType type) {
    int id = allocateQuickly(type, 0);
    return id != 0 ? tag | Integer.toUnsignedLong(id) : allocateSlowly(type);
  }

  private long allocateSlowly(ObjectType type) {
    if (!makeReady(type)) {
      stop();
      try {
        if (!makeReadyAlone(type)) {
          return core.allocateSlowly(type);
        }
      } finally {
        endAllocation();
      }
      makeReady(type);
    }
    int id = allocateQuickly(type, 0);
    if (id != 0) {
      return tag | Integer.toUnsignedLong(id);
    }
    stop();
    try {
      return core.allocateSlowly(type);
    } finally {
      endAllocation();
    }
  }

  /** Resumes after the core has looked whether a collection is due, or made an object. */
  private void endAllocation() {
    try {
      resume();
    } finally {
      later.begin();
    }
  }

  /** Makes an object of a simple type whose place is ready; 0 if that is not all there is to do. */
  private int allocateQuickly(ObjectType type, long pair) {
    Mutator mutator = safepoint.mutators.current();
    if (goIn(mutator)) {
      try {
        ReadyPlaces places = mutator.take(type.id());
        if (places != null) {
          int id = places.places[places.count];
          marks.bornInside(id);
          begin(id, places.info, pair);
          return id;
        }
      } finally {
        mutator.leave();
        Reference.reachabilityFence(this);
      }
    }
    return 0;
  }

  /** Writes a new object: the header last, which others may look at already. */
  private void begin(int id, TypeInfo info, long pair) {
    long at = address(Integer.toUnsignedLong(id) << 4);
    Words.set(core.space, at + 8, pair);
    for (int offset = 16; offset < info.quickBytes; offset += 16) {
      Words.set(core.space, at + offset, 0);
      Words.set(core.space, at + offset + 8, 0);
    }
    AtomicWords.setRelease(core.space, at, info.initial);
  }

  /**
   * Gets places ready for objects of a type, for the calling thread, if the next object may be made
   * without a look at what is due.
   *
   * @return whether there are any; if not, the world has to be stopped
   */
  private boolean makeReady(ObjectType type) {
    safepoint.lock();
    try {
      return makeReady(type, false);
    } finally {
      safepoint.unlock();
    }
  }

  /** The same in the stopped world. If no collection is due, all may make objects again after. */
  private boolean makeReadyAlone(ObjectType type) {
    return core.store.mayBeQuick() && makeReady(type, true);
  }

  /** The same, for who holds the lock; {@code alone} if also the world is stopped. */
  private boolean makeReady(ObjectType type, boolean alone) {
    Mutator mutator = safepoint.mutators.current();
    if (!alone && !safepoint.mutators.draw(mutator) || !mutator.hold()) {
      return false;
    }
    try {
      TypeInfo info = core.store.info(type);
      if (info.quick == null || core.store.isExact()) {
        return false;
      }
      ReadyPlaces places = mutator.makeReady(info);
      if (places.count == 0) {
        places.count = core.store.makeReady(info, places.places, mutator.owner, alone);
        core.updateLimit();
      }
      return places.count > 0;
    } catch (AllocatorException | OutOfMemoryError e) {
      return false; // the core tells what is missing
    } finally {
      mutator.unhold();
    }
  }

  @Override
  public ObjectFactory factory(ObjectType type) {
    if (type.tail() != ObjectType.Tail.NONE || type == ObjectType.WEAK_REFERENCE) {
      throw new IllegalArgumentException(
          type + " has a tail, or is that of weak references: there is no factory of those");
    }
    checkOpen();
    return new SharedFactory(this, type);
  }

  @Override
  public long allocateOwning(ObjectType type, long first, long second) {
    long one = first ^ tag;
    long other = second ^ tag;
    if (isQuick(one) && isQuick(other) && one != other) {
      int id = allocateOwningQuickly(type, one, other);
      if (id != 0) {
        return tag | Integer.toUnsignedLong(id);
      }
    }
    return allocateOwningSlowly(type, first, second);
  }

  private int allocateOwningQuickly(ObjectType type, long one, long other) {
    Mutator mutator = safepoint.mutators.current();
    if (!goIn(mutator)) {
      return 0;
    }
    try {
      ReadyPlaces places = mutator.ready(type.id());
      if (places == null
          || !places.info.beginsWithPair
          || !mutator.hasReady(places)
          || !moveIn(mutator, one, other)) {
        return 0;
      }
      mutator.take(places);
      int id = places.places[places.count];
      marks.bornInside(id);
      begin(id, places.info, TypeInfo.pair(one, other));
      return id;
    } finally {
      mutator.leave();
      Reference.reachabilityFence(this);
    }
  }

  private long allocateOwningSlowly(ObjectType type, long first, long second) {
    long one = first ^ tag;
    long other = second ^ tag;
    if (isQuick(one) && isQuick(other) && one != other) {
      if (!makeReady(type)) {
        stop();
        try {
          if (!makeReadyAlone(type)) {
            return core.allocateOwning(type, first, second);
          }
        } finally {
          endAllocation();
        }
        makeReady(type);
      }
      int id = allocateOwningQuickly(type, one, other);
      if (id != 0) {
        return tag | Integer.toUnsignedLong(id);
      }
    }
    stop();
    try {
      return core.allocateOwning(type, first, second);
    } finally {
      endAllocation();
    }
  }

  @Override
  public long allocate(ObjectType type, int length) {
    stop();
    try {
      return core.allocate(type, length);
    } finally {
      endAllocation();
    }
  }

  @Override
  public long allocate(ObjectType type, int length, int bytes) {
    stop();
    try {
      return core.allocate(type, length, bytes);
    } finally {
      endAllocation();
    }
  }

  @Override
  public MemorySegment segment(long ref) {
    stop();
    try {
      return core.segment(ref);
    } finally {
      resume();
    }
  }

  // ------------------------------------------------------------- weak references

  @Override
  public long newWeak(long target, @Nullable WeakCallback callback) {
    stop();
    try {
      return core.newWeak(target, callback);
    } finally {
      endAllocation();
    }
  }

  @Override
  public long weakTarget(long ref) {
    checkLends("upgradeWeak");
    stop();
    try {
      return core.weakTarget(ref);
    } finally {
      resume();
    }
  }

  @Override
  public long upgradeWeak(long ref) {
    long id = ref ^ tag;
    if (isQuick(id)) {
      Mutator mutator = safepoint.mutators.current();
      if (goIn(mutator)) {
        try {
          long target = upgradeInside(mutator, id);
          if (target != SLOW) {
            return target;
          }
        } finally {
          mutator.leave();
          Reference.reachabilityFence(this);
        }
      }
    }
    return upgradeSlowly(ref);
  }

  /** The target of a weak reference, owned; {@link #SLOW} if it may be dead, or not to be owned. */
  private long upgradeInside(Mutator mutator, long id) {
    if (!isQuick(id)) {
      return SLOW; // it may have been closed meanwhile
    }
    long at = address(id << 4);
    long header = Words.get(core.space, at);
    if (!Header.isCounted(header) || !WeakTable.isWeak(header)) {
      return SLOW;
    }
    long target = Integer.toUnsignedLong(Words.getInt(core.space, at + WeakTable.TARGET));
    if (target == 0) {
      return Heap.NULL;
    }
    return isQuick(target) && counts.own(mutator, target) ? tag | target : SLOW;
  }

  private long upgradeSlowly(long ref) {
    stop();
    try {
      return core.upgradeWeak(ref);
    } finally {
      resume();
    }
  }

  @Override
  public @Nullable WeakCallback weakCallback(long ref) {
    stop();
    try {
      return core.weakCallback(ref);
    } finally {
      resume();
    }
  }

  @Override
  public boolean isWeak(long ref) {
    stop();
    try {
      return core.isWeak(ref);
    } finally {
      resume();
    }
  }

  @Override
  public long[] weakRefs(long target) {
    checkLends("references that your own code keeps");
    stop();
    try {
      return core.weakRefs(target);
    } finally {
      resume();
    }
  }

  @Override
  public WeakHandle weakHandle(long target, @Nullable WeakCallback callback) {
    return new SharedWeakHandle(this, newWeak(target, callback));
  }

  // ---------------------------------------------------------------- host handles

  @Override
  public HostHandle hostHandle(long ref) {
    stop();
    try {
      return new SharedHostHandle(this, core.hostHandle(ref));
    } finally {
      resume();
    }
  }

  @Override
  public int drainHostHandles() {
    stop();
    try {
      return core.drainHostHandles();
    } finally {
      resume();
    }
  }

  @Override
  public HostHandleReport hostHandleReport() {
    stop();
    try {
      return core.hostHandleReport();
    } finally {
      resume();
    }
  }

  // ------------------------------------------------------------------------ asking

  @Override
  public ObjectType typeOf(long ref) {
    stop();
    try {
      return core.typeOf(ref);
    } finally {
      resume();
    }
  }

  @Override
  public long sizeOf(long ref) {
    stop();
    try {
      return core.sizeOf(ref);
    } finally {
      resume();
    }
  }

  @Override
  public boolean isLive(long ref) {
    stop();
    try {
      return core.isLive(ref);
    } finally {
      resume();
    }
  }

  @Override
  public LocalScope openScope() {
    checkOpen();
    return scopes.open();
  }

  @Override
  public Collector collector() {
    checkOpen();
    return collector;
  }

  @Override
  public HeapInspector inspector() {
    checkOpen();
    return inspector;
  }

  @Override
  public ErrorLog errors() {
    return errors;
  }

  @Override
  public HeapStats stats() {
    stop();
    try {
      return core.stats();
    } finally {
      resume();
    }
  }

  @Override
  public HeapOptions options() {
    return core.options;
  }

  /** That an object is alive. */
  void checkLive(long ref) {
    stop();
    try {
      core.checkLive(ref);
    } finally {
      resume();
    }
  }

  /** That the heap is not closed. */
  void checkOpen() {
    if (isClosed()) {
      throw new IllegalStateException(core.options.name() + ": the heap is closed");
    }
  }

  // ------------------------------------------------------------------------ closing

  @Override
  public void close() {
    stop();
    Thread before = beginClose();
    try {
      core.close();
    } finally {
      if (core.isClosed()) {
        markClosed();
      }
      endClose(before);
      resume();
    }
  }

  @Override
  public @Nullable CloseReport closeReport() {
    if (!tryStop()) {
      return null; // not yet
    }
    try {
      return core.closeReport();
    } finally {
      resume();
    }
  }

  @Override
  public String toString() {
    if (!tryStop()) {
      return "shared " + core.options.name() + " (being closed)";
    }
    try {
      return "shared " + core;
    } finally {
      resume();
    }
  }
}
