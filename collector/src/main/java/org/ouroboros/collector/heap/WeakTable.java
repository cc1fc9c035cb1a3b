package org.ouroboros.collector.heap;

import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakCallback;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;

/**
 * Who names whom weakly. The weak references to one object are a list, newest first, linked through
 * their fields; a side table has the list's head for each target.
 *
 * <pre>
 *   a weak reference:  | header | target | older | newer | state |
 * </pre>
 *
 * <p>Clearing the weak references of a dead object takes those out whose callbacks are to be
 * called, holds them, and links them into a <i>chain</i> through the same fields, so that it needs
 * no memory. A chain is a long: its first weak reference in the low half, its last in the high one;
 * 0 is the empty chain.
 *
 * <p>Thread rule: as the heap.
 */
public final class WeakTable {

  public static final long EMPTY_CHAIN = 0;

  /** Where a weak reference has the id of its target; 0 if that is dead. */
  static final long TARGET = ObjectType.WEAK_REFERENCE.offset("target");

  private static final long OLDER = ObjectType.WEAK_REFERENCE.offset("older");
  private static final long NEWER = ObjectType.WEAK_REFERENCE.offset("newer");
  private static final long STATE = ObjectType.WEAK_REFERENCE.offset("state");

  /** A state: the callback has not been called. */
  private static final int HAS_CALLBACK = 1;

  private final ObjectStore store;
  private final Int2IntHashMap newest = new Int2IntHashMap(0);
  private final Int2ObjectHashMap<WeakCallback> callbacks = new Int2ObjectHashMap<>();

  WeakTable(ObjectStore store) {
    this.store = store;
  }

  /**
   * Makes a new weak reference name its target.
   *
   * @throws org.ouroboros.allocator.AllocatorException if there is no memory; nothing has changed
   */
  void link(int weak, int target, @Nullable WeakCallback callback) {
    store.faults.request("the table of weak references", 16);
    int older = newest.get(target);
    try {
      if (callback != null) {
        callbacks.put(weak, callback);
      }
      newest.put(target, weak);
      store.set(weak, TARGET, target);
      store.set(weak, STATE, callback == null ? 0 : HAS_CALLBACK);
      if (older != 0) {
        store.set(weak, OLDER, older);
        store.set(older, NEWER, weak);
      }
      store.setFlag(target, Header.HAS_WEAK);
    } catch (OutOfMemoryError e) {
      // The maps store before they grow.
      callbacks.remove(weak);
      newest.remove(target);
      if (older != 0) {
        newest.put(target, older);
      }
      throw Faults.javaHeap("the table of weak references", e);
    }
  }

  /** Whether any weak reference names something, or has a callback. */
  public boolean isUsed() {
    return !newest.isEmpty() || !callbacks.isEmpty();
  }

  /** What a weak reference names; 0 if it is dead. */
  public int target(int weak) {
    return store.get(weak, TARGET);
  }

  /** Whether a header is that of a weak reference. */
  public static boolean isWeak(long header) {
    return Header.type(header) == ObjectType.WEAK_REFERENCE.id();
  }

  /** The newest weak reference to an object; 0 if there is none. */
  public int newest(int target) {
    return newest.get(target);
  }

  /** The weak reference to the same object that was made before; 0 if there is none. */
  public int older(int weak) {
    return store.get(weak, OLDER);
  }

  /** What is called when the target dies; null if nothing is, or it is dead. */
  @Nullable WeakCallback callback(int weak) {
    return target(weak) == 0 ? null : callbacks.get(weak);
  }

  /** How many weak references name an object. */
  public int count(int target) {
    int count = 0;
    for (int weak = newest(target); weak != 0; weak = older(weak)) {
      count++;
    }
    return count;
  }

  // ------------------------------------------------------------------------ clearing

  /**
   * Clears all weak references to an object. Those with a callback are appended to a chain, but for
   * those that are garbage themselves.
   *
   * @param chain to append to
   * @return the chain
   */
  public long clear(int target, long chain) {
    long called = chain;
    for (int weak = unlinkAll(target); weak != 0; ) {
      int older = older(weak);
      reset(weak);
      if (store.get(weak, STATE) == HAS_CALLBACK && !isGarbage(weak)) {
        called = append(called, weak);
      }
      weak = older;
    }
    return called;
  }

  private boolean isGarbage(int weak) {
    return store.sides.has(SidePage.TRASH, weak) || store.sides.cycleMarks.isCondemned(weak);
  }

  /** Clears all weak references to an object; their callbacks will not be called. */
  public void clearSilently(int target) {
    for (int weak = unlinkAll(target); weak != 0; ) {
      int older = older(weak);
      reset(weak);
      weak = older;
    }
  }

  /** The weak reference dies, or is garbage: it names nothing from now on and calls nobody. */
  public void forget(int weak) {
    int target = target(weak);
    if (target != 0) {
      int older = older(weak);
      int newer = store.get(weak, NEWER);
      if (older != 0) {
        store.set(older, NEWER, newer);
      }
      if (newer != 0) {
        store.set(newer, OLDER, older);
      } else if (older != 0) {
        newest.put(target, older);
      } else {
        unlinkAll(target);
      }
      reset(weak);
    }
    if (store.get(weak, STATE) == HAS_CALLBACK) {
      takeCallback(weak);
    }
  }

  private int unlinkAll(int target) {
    store.clearFlag(target, Header.HAS_WEAK);
    return newest.remove(target);
  }

  private void reset(int weak) {
    store.set(weak, TARGET, 0);
    store.set(weak, OLDER, 0);
    store.set(weak, NEWER, 0);
  }

  // -------------------------------------------------------------------------- chains

  private long append(long chain, int weak) {
    store.setFlag(weak, Header.HELD);
    if (chain == EMPTY_CHAIN) {
      return Integer.toUnsignedLong(weak) | (long) weak << 32;
    }
    store.set((int) (chain >>> 32), OLDER, weak);
    return chain & 0xFFFF_FFFFL | (long) weak << 32;
  }

  /** The first weak reference of a chain. */
  public static int first(long chain) {
    return (int) chain;
  }

  /** The one after it; 0 at the end. Takes the first one out. */
  public int next(int weak) {
    int next = store.get(weak, OLDER);
    store.set(weak, OLDER, 0);
    return next;
  }

  /** The callback of a weak reference, which is called only once. */
  public @Nullable WeakCallback takeCallback(int weak) {
    store.set(weak, STATE, 0);
    return callbacks.remove(weak);
  }

  long bytes() {
    return 8L * newest.capacity() + 16L * callbacks.capacity();
  }
}
