package org.ouroboros.collector.hprof;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.ouroboros.collector.ObjectType;

/**
 * A field of a class in a dump: a reference or value of the fixed part, or an array for a part of
 * the object that has many.
 *
 * @param name of the field
 * @param type of the value, or of the elements
 * @param offset in the object, in bytes; without meaning for {@link Extent#OUTSIDE}
 * @param swapped whether values are little-endian
 * @param extent how many there are
 * @param length for {@link Extent#FIXED} how many elements
 */
record Member(
    String name, ValueType type, long offset, boolean swapped, Extent extent, long length) {

  /** How many values a member has. */
  enum Extent {
    /** One, in the field itself. */
    ONE,
    /** As many as the type says, in an array. */
    FIXED,
    /** As many as the object's length says, in an array. */
    TAIL,
    /** As many bytes as the object's second length says, after its references, in an array. */
    BYTES,
    /** References outside the slots, in an array. */
    OUTSIDE
  }

  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  boolean isArray() {
    return extent != Extent.ONE;
  }

  /** The type of the field. */
  ValueType fieldType() {
    return isArray() ? ValueType.OBJECT : type;
  }

  /** All of a type's. Those of weak references are not among them. */
  static List<Member> of(ObjectType type) {
    List<Member> members = new ArrayList<>();
    List<String> names = type.referenceNames();
    for (int i = 0; i < names.size(); i++) {
      long offset = type.slotOffsets().get(i);
      members.add(one(names.get(i), ValueType.OBJECT, offset, LITTLE_ENDIAN));
    }
    for (String name : type.fieldNames()) {
      addField(members, name, type.layout(name), type.offset(name));
    }
    ValueLayout element = type.elementLayout();
    switch (type.tail()) {
      case NONE -> {
        // nothing follows
      }
      case ELEMENTS -> {
        if (element != null) {
          members.add(tail("$elements", element, type.tailOffset(0)));
        }
      }
      case REFERENCES -> members.add(references(type));
      case REFERENCES_AND_BYTES -> {
        members.add(references(type));
        members.add(
            new Member("$bytes", ValueType.BYTE, type.tailOffset(0), false, Extent.BYTES, 0));
      }
    }
    if (type.customReferences() != null) {
      members.add(new Member("$outside", ValueType.OBJECT, 0, false, Extent.OUTSIDE, 0));
    }
    return members;
  }

  private static void addField(
      List<Member> members, String name, MemoryLayout layout, long offset) {
    if (layout instanceof ValueLayout value) {
      members.add(one(name, ValueType.of(value), offset, isSwapped(value)));
    } else if (layout instanceof SequenceLayout sequence
        && sequence.elementLayout() instanceof ValueLayout value) {
      members.add(
          new Member(
              name,
              ValueType.of(value),
              offset,
              isSwapped(value),
              Extent.FIXED,
              sequence.elementCount()));
    }
    // the members of other sequences are fields too
  }

  private static Member one(String name, ValueType type, long offset, boolean swapped) {
    return new Member(name, type, offset, swapped, Extent.ONE, 1);
  }

  private static Member tail(String name, ValueLayout element, long offset) {
    return new Member(name, ValueType.of(element), offset, isSwapped(element), Extent.TAIL, 0);
  }

  private static Member references(ObjectType type) {
    return new Member(
        "$references", ValueType.OBJECT, type.tailOffset(0), LITTLE_ENDIAN, Extent.TAIL, 0);
  }

  private static boolean isSwapped(ValueLayout layout) {
    return layout.order() == ByteOrder.LITTLE_ENDIAN;
  }
}
