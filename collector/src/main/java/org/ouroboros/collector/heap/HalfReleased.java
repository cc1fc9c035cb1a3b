package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import org.ouroboros.collector.space.Header;

/**
 * A list of dead objects whose references are released in part, newest first. It needs no memory:
 * it is threaded through slots that were released already.
 *
 * <pre>
 *   top -> | header | the next in the list | index of the next slot | ... slots to be released |
 *                     slot 0                 slot 1, if CURSOR is set
 * </pre>
 *
 * Without CURSOR the next slot is slot 1. (The pointer reversal of Schorr and Waite, 1967, for a
 * graph that is not needed again.)
 *
 * <p>Thread rule: as the heap.
 */
final class HalfReleased {

  private final ObjectStore store;
  private int top;

  HalfReleased(ObjectStore store) {
    this.store = store;
  }

  /** The newest; 0 if there is none. */
  int top() {
    return top;
  }

  /**
   * Adds an object.
   *
   * @param object where it begins
   * @param next the index of the first slot that was not released, 1 or more
   */
  void push(int id, TypeInfo info, long object, int next) {
    MemorySegment memory = store.space.memory();
    memory.set(ObjectStore.INT, object + info.slotOffset(0), top);
    if (next > 1) {
      memory.set(ObjectStore.INT, object + info.slotOffset(1), next);
      store.setFlag(id, Header.CURSOR);
    }
    top = id;
  }

  /** Takes the newest out; returns the index of its first slot that was not released. */
  int pop() {
    int id = top;
    MemorySegment memory = store.space.memory();
    long object = store.space.offset(id);
    long header = memory.get(ObjectStore.LONG, object);
    TypeInfo info = store.info(header);
    int next = next(memory, object, header, info);
    top = memory.get(ObjectStore.INT, object + info.slotOffset(0));
    memory.set(ObjectStore.INT, object + info.slotOffset(0), 0);
    if (Header.has(header, Header.CURSOR)) {
      memory.set(ObjectStore.INT, object + info.slotOffset(1), 0);
      store.clearFlag(id, Header.CURSOR);
    }
    return next;
  }

  private static int next(MemorySegment memory, long object, long header, TypeInfo info) {
    return Header.has(header, Header.CURSOR)
        ? memory.get(ObjectStore.INT, object + info.slotOffset(1))
        : 1;
  }

  /** Forgets all of them. */
  void clear() {
    top = 0;
  }

  int count() {
    int count = 0;
    for (int id = top; id != 0; count++) {
      id = store.get(id, store.info(store.header(id)).slotOffset(0));
    }
    return count;
  }

  /** Shows what is still to be released. */
  void visit(IntConsumer visitor) {
    MemorySegment memory = store.space.memory();
    for (int id = top; id != 0; ) {
      long object = store.space.offset(id);
      long header = memory.get(ObjectStore.LONG, object);
      TypeInfo info = store.info(header);
      visit(memory, object, info, next(memory, object, header, info), visitor);
      id = memory.get(ObjectStore.INT, object + info.slotOffset(0));
    }
  }

  /** Shows the references of an object from one on, unless the collector may not follow them. */
  static void visit(
      MemorySegment memory, long object, TypeInfo info, int from, IntConsumer visitor) {
    if (info.type.isOpaque()) {
      return;
    }
    for (int i = from; i < info.references(memory, object); i++) {
      int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
      if (child != 0) {
        visitor.accept(child);
      }
    }
  }
}
