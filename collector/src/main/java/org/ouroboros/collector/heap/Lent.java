package org.ouroboros.collector.heap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;

/**
 * Segments over single objects. They end with the heap, or, where that is asked for, with the
 * object: each such object has an arena of its own, which is closed at its death.
 *
 * <p>Thread rule: as the heap.
 */
final class Lent {

  private final ObjectStore store;
  private final Consumer<RuntimeException> failures;
  private final boolean shared;
  private @Nullable Arena untilClose;
  private final Int2ObjectHashMap<Arena> untilDeath = new Int2ObjectHashMap<>();

  /**
   * Makes the table.
   *
   * @param shared whether the segments are for all threads
   * @param failures receives what keeps a segment from ending
   */
  Lent(ObjectStore store, boolean shared, Consumer<RuntimeException> failures) {
    this.store = store;
    this.shared = shared;
    this.failures = failures;
  }

  /** A segment that ends with the heap. */
  MemorySegment untilClose(long offset, long bytes) {
    Arena arena = untilClose;
    if (arena == null) {
      arena = newArena();
      untilClose = arena;
    }
    return store.space.segment(offset, bytes, arena);
  }

  private Arena newArena() {
    return shared ? Arena.ofShared() : Arena.ofConfined();
  }

  /** A segment that ends with the object. */
  MemorySegment untilDeath(int id, long offset, long bytes) {
    try {
      Arena arena = untilDeath.get(id);
      if (arena == null) {
        store.faults.request("the table of lent segments", 64);
        arena = newArena();
        store.setFlag(id, Header.LENT); // first: the map stores before it grows
        untilDeath.put(id, arena);
      }
      return store.space.segment(offset, bytes, arena);
    } catch (OutOfMemoryError e) {
      throw Faults.javaHeap("the table of lent segments", e);
    }
  }

  /**
   * The object dies: its segments throw from now on. One that a native call is working on cannot be
   * ended; that is the program's error, which goes to the log.
   */
  void end(int id) {
    store.clearFlag(id, Header.LENT);
    Arena arena = untilDeath.remove(id);
    if (arena != null) {
      try {
        arena.close();
      } catch (IllegalStateException e) {
        failures.accept(e);
      }
    }
  }

  /**
   * Ends all segments.
   *
   * @throws IllegalStateException if a native call is working on one; it may be called again
   */
  void endAll() {
    for (Arena arena : untilDeath.values()) {
      if (arena.scope().isAlive()) {
        arena.close();
      }
    }
    untilDeath.clear();
    if (untilClose != null && untilClose.scope().isAlive()) {
      untilClose.close();
    }
  }
}
