package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
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

/**
 * A heap that any thread may use: makes objects, and puts the parts together. How threads share it
 * is told in {@link SharedWorld}.
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
    this.later = new LaterCollections(this, options.executor());
  }

  /** Makes a heap that gives borrowed references as a confined one does, for tests. */
  public static SharedHeap thatLends(HeapOptions options) {
    return new SharedHeap(options, true);
  }

  /** See {@link LaterCollections}. */
  boolean takesOver() {
    return later.takesOver();
  }

  // ------------------------------------------------------------------- allocating

  @Override
  public long allocate(ObjectType type) {
    try {
      stop();
      try {
        return core.allocate(type);
      } finally {
        resume();
      }
    } finally {
      later.begin();
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
    try {
      stop();
      try {
        return core.allocateOwning(type, first, second);
      } finally {
        resume();
      }
    } finally {
      later.begin();
    }
  }

  @Override
  public long allocate(ObjectType type, int length) {
    try {
      stop();
      try {
        return core.allocate(type, length);
      } finally {
        resume();
      }
    } finally {
      later.begin();
    }
  }

  @Override
  public long allocate(ObjectType type, int length, int bytes) {
    try {
      stop();
      try {
        return core.allocate(type, length, bytes);
      } finally {
        resume();
      }
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
    try {
      stop();
      try {
        return core.newWeak(target, callback);
      } finally {
        resume();
      }
    } finally {
      later.begin();
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
    try {
      core.close();
    } finally {
      if (core.isClosed()) {
        markClosed();
      }
      resume();
    }
  }

  @Override
  public @Nullable CloseReport closeReport() {
    stop();
    try {
      return core.closeReport();
    } finally {
      resume();
    }
  }

  @Override
  public String toString() {
    stop();
    try {
      return "shared " + core;
    } finally {
      resume();
    }
  }
}
