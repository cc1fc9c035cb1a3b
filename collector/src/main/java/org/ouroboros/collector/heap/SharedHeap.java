package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
public final class SharedHeap extends SharedAllocation implements Heap {

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
  void endAllocation() {
    try {
      resume();
    } finally {
      later.begin();
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
