package org.ouroboros.collector.heap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.agrona.collections.Int2ObjectHashMap;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;

/**
 * Segments over single objects that end with the object: each has a confined arena of its own,
 * which is closed at the object's death.
 *
 * <p>Thread rule: as the heap.
 */
final class Lent {

  private final ObjectStore store;
  private final Int2ObjectHashMap<Arena> arenas = new Int2ObjectHashMap<>();

  Lent(ObjectStore store) {
    this.store = store;
  }

  @SuppressWarnings("restricted") // the same memory under a narrower scope
  MemorySegment lend(int id, MemorySegment body) {
    try {
      Arena arena = arenas.get(id);
      if (arena == null) {
        store.faults.request("the table of lent segments", 64);
        arena = Arena.ofConfined();
        arenas.put(id, arena);
        store.setFlag(id, Header.LENT);
      }
      return MemorySegment.ofAddress(body.address()).reinterpret(body.byteSize(), arena, null);
    } catch (OutOfMemoryError e) {
      throw Faults.javaHeap("the table of lent segments", e);
    }
  }

  /** The object dies: its segments throw from now on. */
  void end(int id) {
    Arena arena = arenas.remove(id);
    if (arena != null) {
      arena.close();
    }
    store.clearFlag(id, Header.LENT);
  }

  void endAll() {
    arenas.values().forEach(Arena::close);
    arenas.clear();
  }
}
