package org.ouroboros.collector.heap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.agrona.collections.Int2ObjectHashMap;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;

/**
 * Segments over single objects. They end with the heap, or, where that is asked for, with the
 * object: each such object has a confined arena of its own, which is closed at its death.
 *
 * <p>Thread rule: as the heap.
 */
final class Lent {

  private final ObjectStore store;
  private final Arena untilClose = Arena.ofConfined();
  private final Int2ObjectHashMap<Arena> untilDeath = new Int2ObjectHashMap<>();

  Lent(ObjectStore store) {
    this.store = store;
  }

  /** A segment that ends with the heap. */
  MemorySegment untilClose(long offset, long bytes) {
    return store.space.segment(offset, bytes, untilClose);
  }

  /** A segment that ends with the object. */
  MemorySegment untilDeath(int id, long offset, long bytes) {
    try {
      Arena arena = untilDeath.get(id);
      if (arena == null) {
        store.faults.request("the table of lent segments", 64);
        arena = Arena.ofConfined();
        untilDeath.put(id, arena);
        store.setFlag(id, Header.LENT);
      }
      return store.space.segment(offset, bytes, arena);
    } catch (OutOfMemoryError e) {
      throw Faults.javaHeap("the table of lent segments", e);
    }
  }

  /** The object dies: its segments throw from now on. */
  void end(int id) {
    Arena arena = untilDeath.remove(id);
    if (arena != null) {
      arena.close();
    }
    store.clearFlag(id, Header.LENT);
  }

  void endAll() {
    untilDeath.values().forEach(Arena::close);
    untilDeath.clear();
    untilClose.close();
  }
}
