package org.ouroboros.collector.heap;

import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.Tail;

/**
 * What the objects of a confined heap are like: their types and sizes, and the lengths and elements
 * of those that have a tail. The index of an element is checked in all modes; then it is a slot.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class ShapeAccess extends MoveAccess permits ObjectAllocation {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  ShapeAccess(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
  }

  public final ObjectType typeOf(long ref) {
    return store.info(liveHeader(ref, object(ref))).type;
  }

  public final long sizeOf(long ref) {
    long object = object(ref);
    return store.info(liveHeader(ref, object)).size(space.memory(), object);
  }

  public final int length(long ref) {
    long object = object(ref);
    if (store.info(liveHeader(ref, object)).tail == Tail.NONE) {
      throw checks.wrongType(ref, "array");
    }
    return space.memory().get(INT, object + TypeInfo.LENGTH);
  }

  public final int byteLength(long ref) {
    long object = object(ref);
    if (store.info(liveHeader(ref, object)).tail != Tail.REFERENCES_AND_BYTES) {
      throw checks.wrongType(ref, "object with references and bytes");
    }
    return space.memory().get(INT, object + TypeInfo.BYTE_LENGTH);
  }

  public final long getElement(long ref, int index) {
    long object = object(ref);
    liveHeader(ref, object);
    int slot = checks.elementSlot(ref, object, index);
    return referenceOrNull(space.memory().get(INT, object + Checks.slotOffset(slot)));
  }

  public final long loadElement(long ref, int index) {
    long target = getElement(ref, index);
    if (target != Heap.NULL) {
      retain(target);
    }
    return target;
  }

  public final void setElement(long ref, int index, long value) {
    setRef(ref, elementSlot(ref, index), value);
  }

  public final int elementSlot(long ref, int index) {
    long object = object(ref);
    liveHeader(ref, object);
    return checks.elementSlot(ref, object, index);
  }
}
