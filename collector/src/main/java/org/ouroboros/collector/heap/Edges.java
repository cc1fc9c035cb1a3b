package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import org.ouroboros.collector.space.Header;

/**
 * The references of an object that the collector follows, for those who are in no hurry.
 *
 * <p>Thread rule: as the heap.
 */
public final class Edges {

  private final ConfinedHeap heap;
  private final ObjectStore store;

  public Edges(ConfinedHeap heap) {
    this.heap = heap;
    this.store = heap.store();
  }

  /** Shows each target as often as the object refers to it, in the order of the slots. */
  public void forEach(int id, IntConsumer consumer) {
    MemorySegment memory = store.space.memory();
    long object = store.space.offset(id);
    long header = store.header(id);
    TypeInfo info = store.info(header);
    if (info.hasSlots && !Header.has(header, Header.OPAQUE)) {
      int count = info.references(memory, object);
      for (int i = 0; i < count; i++) {
        int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
        if (child != 0) {
          consumer.accept(child);
        }
      }
    }
    if (info.custom != null) {
      heap.hooks()
          .traverse(
              id,
              info.custom,
              ref -> {
                if (ref != 0) {
                  consumer.accept(heap.liveId(ref));
                }
              });
    }
  }
}
