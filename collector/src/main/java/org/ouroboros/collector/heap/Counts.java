package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.space.CycleMarks;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;

/**
 * The reference counts: inline in the header, and for what does not fit there in a side table.
 *
 * <p>A field that is full moves half of its range to the table; a field that drops to 0 takes as
 * much back. So counting up and down around the boundary does not touch the table each time, a
 * field is 0 only if the whole count is, and counting down never needs memory.
 *
 * <p>All that stores a reference or makes an object a root comes here while an incremental
 * collection is under way, which is told of it: {@link CycleMarks#shade}.
 *
 * <p>Methods that count down return whether the object is to die now, which is left to {@link
 * Death}. Thread rule: as the heap.
 */
public final class Counts {

  private static final long HALF_EXTERNAL = Header.EXTERNAL + 1 >>> 1;
  private static final long HALF_INTERNAL = Header.INTERNAL / Header.INTERNAL_ONE + 1 >>> 1;

  private final ObjectStore store;
  private final ObjectSpace space;

  /** What does not fit in headers: twice the id, plus 1 for the internal count. */
  private final Long2LongHashMap table = new Long2LongHashMap(0);

  private final CycleMarks cycleMarks;

  /** In checked and debug mode only. */
  private final @Nullable EdgeLedger edges;

  /** How many objects are held by the library. */
  private int held;

  Counts(ObjectStore store, boolean checked) {
    this.store = store;
    this.space = store.space;
    this.cycleMarks = store.sides.cycleMarks;
    this.edges = checked ? new EdgeLedger(store.faults) : null;
  }

  // --------------------------------------------------------------------- external

  /** Counts an owned reference. The object is alive. */
  void addExternal(int id) {
    long object = space.offset(id);
    MemorySegment memory = space.memory();
    long header = memory.get(ObjectStore.LONG, object);
    if ((header & Header.EXTERNAL) == Header.EXTERNAL) {
      header = spillExternal(id, header);
    } else if ((header & Header.EXTERNAL) == 0) {
      store.rooted();
      cycleMarks.shade(id);
    }
    memory.set(ObjectStore.LONG, object, header + Header.EXTERNAL_ONE);
  }

  /** Gives an owned reference back. Does nothing if none is counted. */
  boolean dropExternal(int id) {
    long object = space.offset(id);
    MemorySegment memory = space.memory();
    long header = memory.get(ObjectStore.LONG, object);
    if ((header & Header.EXTERNAL) == 0) {
      return false;
    }
    header -= Header.EXTERNAL_ONE;
    if ((header & (Header.EXTERNAL | Header.OVERFLOWN)) == Header.OVERFLOWN) {
      header = refillExternal(id, header);
    }
    if ((header & Header.EXTERNAL) == 0) {
      store.unrooted();
    }
    memory.set(ObjectStore.LONG, object, header);
    return (header & Header.ALIVE) == 0;
  }

  private long spillExternal(int id, long header) {
    add(key(id, false), HALF_EXTERNAL);
    return (header | Header.OVERFLOWN) - HALF_EXTERNAL;
  }

  private long refillExternal(int id, long header) {
    return header + take(key(id, false), HALF_EXTERNAL) * Header.EXTERNAL_ONE;
  }

  // --------------------------------------------------------------------- internal

  /** Counts an edge. The object is alive. */
  void addInternal(int id) {
    long object = space.offset(id);
    MemorySegment memory = space.memory();
    long header = memory.get(ObjectStore.LONG, object);
    if ((header & Header.INTERNAL) == Header.INTERNAL) {
      header = spillInternal(id, header);
    }
    cycleMarks.shade(id);
    memory.set(ObjectStore.LONG, object, header + Header.INTERNAL_ONE);
  }

  /**
   * Takes an edge back. Does nothing if none is counted: the object is condemned, and those that
   * named it are being severed.
   */
  public boolean dropInternal(int id) {
    long object = space.offset(id);
    MemorySegment memory = space.memory();
    long header = memory.get(ObjectStore.LONG, object);
    if ((header & Header.INTERNAL) == 0) {
      return false;
    }
    header -= Header.INTERNAL_ONE;
    if ((header & (Header.INTERNAL | Header.OVERFLOWN)) == Header.OVERFLOWN) {
      header = refillInternal(id, header);
    }
    memory.set(ObjectStore.LONG, object, header);
    return (header & Header.ALIVE) == 0;
  }

  private long spillInternal(int id, long header) {
    add(key(id, true), HALF_INTERNAL);
    return (header | Header.OVERFLOWN) - HALF_INTERNAL * Header.INTERNAL_ONE;
  }

  private long refillInternal(int id, long header) {
    return header + take(key(id, true), HALF_INTERNAL) * Header.INTERNAL_ONE;
  }

  // ---------------------------------------------- edges the collector does not follow

  /** Counts a slot of an opaque object: as external. */
  void addOpaque(int id) {
    addExternal(id);
    if (edges != null) {
      try {
        edges.addOpaque(id);
      } catch (RuntimeException e) {
        dropExternal(id);
        throw e;
      }
    }
  }

  /** Takes a slot of an opaque object back. */
  public boolean dropOpaque(int id) {
    if (edges != null) {
      edges.dropOpaque(id);
    }
    return dropExternal(id);
  }

  /** In checked and debug mode, what is known of edges that are no owned references. */
  @Nullable EdgeLedger edges() {
    return edges;
  }

  // ------------------------------------------------------------------------- both

  /** Makes an owned reference an edge. The external count is not 0. */
  void externalToInternal(int id) {
    cycleMarks.shade(id);
    long header = store.header(id);
    if ((header & Header.INTERNAL) != Header.INTERNAL && !Header.has(header, Header.OVERFLOWN)) {
      store.setHeader(id, header + Header.INTERNAL_ONE - Header.EXTERNAL_ONE);
      if ((header & Header.EXTERNAL) == Header.EXTERNAL_ONE) {
        store.unrooted();
      }
    } else {
      addInternal(id);
      dropExternal(id);
    }
  }

  /** Makes an edge an owned reference. */
  void internalToExternal(int id) {
    cycleMarks.shade(id);
    long header = store.header(id);
    if ((header & Header.EXTERNAL) != Header.EXTERNAL && !Header.has(header, Header.OVERFLOWN)) {
      store.setHeader(id, header + Header.EXTERNAL_ONE - Header.INTERNAL_ONE);
      if ((header & Header.EXTERNAL) == 0) {
        store.rooted();
      }
    } else {
      addExternal(id);
      dropInternal(id);
    }
  }

  /**
   * Holds an object for the library itself: it is a root, which may have been nothing but garbage.
   *
   * @return false if it was held already
   */
  public boolean hold(int id) {
    cycleMarks.shade(id);
    long header = store.header(id);
    store.setHeader(id, header | Header.HELD);
    boolean first = (header & Header.HELD) == 0;
    held += first ? 1 : 0;
    return first;
  }

  /**
   * Ends a hold.
   *
   * @return whether the object is to die now
   */
  public boolean unhold(int id) {
    long before = store.header(id);
    held -= Header.has(before, Header.HELD) ? 1 : 0;
    long header = before & ~Header.HELD;
    store.setHeader(id, header);
    return (header & Header.COUNTS) == 0;
  }

  /** Whether nothing is held from outside, by whom ever. Cost: none, it is counted. */
  public boolean isNothingHeld() {
    return store.roots() == 0 && held == 0;
  }

  /** Whether the counts of all objects are in their headers. */
  public boolean areInline() {
    return table.isEmpty();
  }

  /** All owned references. */
  public long external(int id, long header) {
    return Header.external(header)
        + (Header.has(header, Header.OVERFLOWN) ? table.get(key(id, false)) : 0);
  }

  /** All edges. */
  public long internal(int id, long header) {
    return Header.internal(header)
        + (Header.has(header, Header.OVERFLOWN) ? table.get(key(id, true)) : 0);
  }

  /** Sets the counts of a condemned object to 0, so that no reference to it passes a check. */
  public void condemn(int id) {
    long header = store.header(id);
    if (Header.has(header, Header.OVERFLOWN)) {
      table.remove(key(id, false));
      table.remove(key(id, true));
    }
    if (Header.has(header, Header.EXTERNAL)) {
      store.unrooted();
    }
    store.setHeader(id, header & ~(Header.COUNTS | Header.OVERFLOWN));
  }

  public long bytes() {
    return 32L * table.capacity();
  }

  private static long key(int id, boolean internal) {
    return Integer.toUnsignedLong(id) << 1 | (internal ? 1 : 0);
  }

  private void add(long key, long count) {
    store.faults.request("the table of large counts", 32);
    long before = table.get(key);
    try {
      table.put(key, before + count);
    } catch (OutOfMemoryError e) {
      // The map stores before it grows.
      table.remove(key);
      if (before != 0) {
        table.put(key, before);
      }
      throw Faults.javaHeap("the table of large counts", e);
    }
  }

  /** Takes up to {@code most} from the table. The flag stays: it only means that one must look. */
  private long take(long key, long most) {
    long there = table.get(key);
    long taken = Math.min(there, most);
    if (taken == there) {
      table.remove(key);
    } else {
      table.put(key, there - taken);
    }
    return taken;
  }
}
