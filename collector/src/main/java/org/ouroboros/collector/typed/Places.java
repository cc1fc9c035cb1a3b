package org.ouroboros.collector.typed;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.Tail;

/**
 * What accessors check: once that the type has what they are for, and at each access the object.
 */
final class Places {

  /** Where the length of a tail is. */
  static final long LENGTH = ObjectType.HEADER_BYTES;

  private Places() {}

  /** That the object is of the type, in the modes that check it. Returns the object. */
  static long checked(Heap heap, long ref, ObjectType type) {
    if (heap.options().mode() != HeapMode.NORMAL) {
      checkType(heap, ref, type);
    }
    return ref;
  }

  private static void checkType(Heap heap, long ref, ObjectType type) {
    ObjectType actual = heap.typeOf(ref);
    if (actual != type) {
      throw new InvalidReferenceException(
          heap.options().name(),
          ref,
          Kind.WRONG_TYPE,
          "is of type " + actual.name() + ", and the accessor is for " + type.name());
    }
  }

  static void requireField(ObjectType type, String name, long offset, Class<?> carrier) {
    String field = type.name() + "." + name;
    if (type.offset(name) != offset) {
      throw new IllegalArgumentException(
          field + " is at offset " + type.offset(name) + ", not " + offset);
    }
    requireValue(field, type.layout(name), carrier);
  }

  static void requireElements(ObjectType type, long base, Class<?> carrier) {
    ValueLayout element = type.elementLayout();
    if (element == null || type.tailOffset(0) != base) {
      throw new IllegalArgumentException(
          type.name()
              + (element == null
                  ? " does not end in primitive elements"
                  : " has its elements from offset " + type.tailOffset(0) + ", not " + base));
    }
    requireValue("the tail of " + type.name(), element, carrier);
  }

  static void requireReferences(ObjectType type) {
    if (type.tail() != Tail.REFERENCES && type.tail() != Tail.REFERENCES_AND_BYTES) {
      throw new IllegalArgumentException(type.name() + " does not end in references");
    }
  }

  private static void requireValue(String what, MemoryLayout layout, Class<?> carrier) {
    if (!(layout instanceof ValueLayout value) || value.carrier() != carrier) {
      throw new IllegalArgumentException(what + " is " + layout + ", and no " + carrier);
    }
    if (value.byteSize() > 1 && value.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          what + " is " + value.order() + ": use the var handles of its layout on Heap.segment");
    }
  }
}
