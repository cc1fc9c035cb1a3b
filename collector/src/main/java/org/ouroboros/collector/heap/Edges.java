package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import org.ouroboros.collector.CustomReferences;
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
    long header = store.header(id);
    TypeInfo info = store.info(header);
    if (!Header.has(header, Header.OPAQUE)) {
      forEachSlot(id, info, consumer);
    }
    if (info.custom != null) {
      heap.hooks().traverse(id, info.custom, ref -> accept(ref, consumer));
    }
  }

  /**
   * Shows the targets outside the slots.
   *
   * @return false if the program's traversal threw: the error log has it
   */
  public boolean forEachOutside(int id, CustomReferences custom, IntConsumer consumer) {
    return heap.hooks().traverse(id, custom, ref -> accept(ref, consumer));
  }

  /** {@link #forEach} of an object that may refer to dead ones, too. */
  public void forEachOfCondemned(int id, IntConsumer consumer) {
    long header = store.header(id);
    TypeInfo info = store.info(header);
    if (!Header.has(header, Header.OPAQUE)) {
      forEachSlot(id, info, consumer);
    }
    if (info.custom != null) {
      heap.hooks().traverse(id, info.custom, ref -> acceptAny(ref, consumer));
    }
  }

  private static void acceptAny(long ref, IntConsumer consumer) {
    if (ref != 0) {
      consumer.accept((int) ref);
    }
  }

  private void accept(long ref, IntConsumer consumer) {
    if (ref != 0) {
      consumer.accept(heap.liveId(ref));
    }
  }

  /** Shows what the slots of an opaque object name, which the collector does not follow. */
  public void forEachOpaque(int id, IntConsumer consumer) {
    long header = store.header(id);
    if (Header.has(header, Header.OPAQUE)) {
      forEachSlot(id, store.info(header), consumer);
    }
  }

  private void forEachSlot(int id, TypeInfo info, IntConsumer consumer) {
    MemorySegment memory = store.space.memory();
    long object = store.space.offset(id);
    int count = info.hasSlots ? info.references(memory, object) : 0;
    for (int i = 0; i < count; i++) {
      int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
      if (child != 0) {
        consumer.accept(child);
      }
    }
  }
}
