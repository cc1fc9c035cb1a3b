package org.ouroboros.collector.heap;

import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.space.CycleMarks;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;

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
 * <p>In a shared heap all this happens in a stopped world, where other threads do nothing but to
 * count owned references of objects that have some, one more or one less but the last: see {@link
 * SharedCounts}. So what else is in a header stays as it was read, and what is written replaces
 * only what was read.
 *
 * <p>Methods that count down return whether the object is to die now, which is left to {@link
 * Death}. Thread rule: as the heap.
 */
public final class Counts {

  private static final long HALF_EXTERNAL = Header.EXTERNAL + 1 >>> 1;
  private static final long HALF_INTERNAL = Header.INTERNAL / Header.INTERNAL_ONE + 1 >>> 1;

  private final ObjectStore store;

  /** What does not fit in headers: twice the id, plus 1 for the internal count. */
  private final Long2LongHashMap table = new Long2LongHashMap(0);

  private final CycleMarks cycleMarks;

  /** In checked and debug mode only. */
  private final @Nullable EdgeLedger edges;

  /** How many objects are held by the library. */
  private int held;

  Counts(ObjectStore store, boolean checked) {
    this.store = store;
    this.cycleMarks = store.sides.cycleMarks;
    this.edges = checked ? new EdgeLedger(store.faults) : null;
  }

  // --------------------------------------------------------------------- external

  /** Counts an owned reference. The object is alive. */
  void addExternal(int id) {
    while (true) {
      long header = store.header(id);
      if ((header & Header.EXTERNAL) == Header.EXTERNAL) {
        if (spillExternal(id, header)) {
          return;
        }
      } else if (store.replaceHeader(id, header, header + Header.EXTERNAL_ONE)) {
        if ((header & Header.EXTERNAL) == 0) {
          store.rooted();
          cycleMarks.shade(id);
        }
        return;
      }
    }
  }

  /** Gives an owned reference back. Does nothing if none is counted. */
  boolean dropExternal(int id) {
    while (true) {
      long before = store.header(id);
      if ((before & Header.EXTERNAL) == 0) {
        return false;
      }
      long header = before - Header.EXTERNAL_ONE;
      long refill = 0;
      if ((header & (Header.EXTERNAL | Header.OVERFLOWN)) == Header.OVERFLOWN) {
        refill = Math.min(table.get(key(id, false)), HALF_EXTERNAL);
        header += refill * Header.EXTERNAL_ONE;
      }
      if (store.replaceHeader(id, before, header)) {
        take(key(id, false), refill);
        if ((header & Header.EXTERNAL) == 0) {
          store.unrooted();
        }
        return (header & Header.ALIVE) == 0;
      }
    }
  }

  /** Counts an owned reference where the field is full. */
  private boolean spillExternal(int id, long header) {
    add(key(id, false), HALF_EXTERNAL);
    long spilt = (header | Header.OVERFLOWN) - HALF_EXTERNAL + Header.EXTERNAL_ONE;
    boolean done = store.replaceHeader(id, header, spilt);
    if (!done) {
      take(key(id, false), HALF_EXTERNAL); // another thread has just given one back
    }
    return done;
  }

  // --------------------------------------------------------------------- internal

  /** Counts an edge. The object is alive. */
  void addInternal(int id) {
    long header = store.header(id);
    if ((header & Header.INTERNAL) == Header.INTERNAL) {
      spillInternal(id);
    }
    cycleMarks.shade(id);
    store.changeHeader(id, Header.INTERNAL_ONE, 0);
  }

  /**
   * Takes an edge back. Does nothing if none is counted: the object is condemned, and those that
   * named it are being severed.
   */
  public boolean dropInternal(int id) {
    long before = store.header(id);
    if ((before & Header.INTERNAL) == 0) {
      return false;
    }
    long change = -Header.INTERNAL_ONE;
    if ((before + change & (Header.INTERNAL | Header.OVERFLOWN)) == Header.OVERFLOWN) {
      change += take(key(id, true), HALF_INTERNAL) * Header.INTERNAL_ONE;
    }
    return (store.changeHeader(id, change, 0) & Header.ALIVE) == 0;
  }

  private void spillInternal(int id) {
    add(key(id, true), HALF_INTERNAL);
    store.changeHeader(id, -HALF_INTERNAL * Header.INTERNAL_ONE, Header.OVERFLOWN);
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
      if ((store.changeHeader(id, Header.MOVED, 0) & Header.EXTERNAL) == 0) {
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
    while (true) {
      long header = store.header(id);
      if ((header & Header.EXTERNAL) == Header.EXTERNAL || Header.has(header, Header.OVERFLOWN)) {
        addExternal(id);
        dropInternal(id);
        return;
      }
      if (store.replaceHeader(id, header, header - Header.MOVED)) {
        if ((header & Header.EXTERNAL) == 0) {
          store.rooted();
        }
        return;
      }
    }
  }

  /**
   * Holds an object for the library itself: it is a root, which may have been nothing but garbage.
   *
   * @return false if it was held already
   */
  public boolean hold(int id) {
    cycleMarks.shade(id);
    boolean first = !Header.has(store.header(id), Header.HELD);
    store.setFlag(id, Header.HELD);
    held += first ? 1 : 0;
    return first;
  }

  /**
   * Ends a hold.
   *
   * @return whether the object is to die now
   */
  public boolean unhold(int id) {
    held -= Header.has(store.header(id), Header.HELD) ? 1 : 0;
    store.clearFlag(id, Header.HELD);
    return (store.header(id) & Header.COUNTS) == 0;
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
    if (most == 0) {
      return 0;
    }
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
