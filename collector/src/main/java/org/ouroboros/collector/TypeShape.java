package org.ouroboros.collector;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.ObjectType.Tail;

/**
 * Where everything lies in the objects of a type. Offsets are in bytes from the object's beginning.
 *
 * @param bodyOffset where the body begins
 * @param fixedBytes where it ends, but for the tail
 * @param tailOffset where the tail begins; the same rounded up
 * @param tail its kind
 * @param elementBytes of the tail; 0 if there is none
 * @param element what the tail's elements are; null if they are no primitives
 * @param objectAlignment what the object's beginning is aligned to
 * @param references of the fixed part, in the order of their offsets
 * @param fields all named ones
 */
record TypeShape(
    long bodyOffset,
    long fixedBytes,
    long tailOffset,
    Tail tail,
    int elementBytes,
    @Nullable ValueLayout element,
    long objectAlignment,
    List<Reference> references,
    Map<String, Field> fields) {

  /** A reference of the fixed part. */
  record Reference(String name, long offset, @Nullable ObjectType target) {}

  /** A field of the fixed part. */
  record Field(long offset, MemoryLayout layout) {}

  TypeShape {
    references = List.copyOf(references);
    fields = Map.copyOf(fields);
  }

  int slotCount() {
    return references.size();
  }

  long slotOffset(int index) {
    return references.get(index).offset();
  }

  List<Long> slotOffsets() {
    return references.stream().map(Reference::offset).toList();
  }

  int slot(String type, String name) {
    for (Reference reference : references) {
      if (reference.name().equals(name)) {
        return (int) (reference.offset() - ObjectType.HEADER_BYTES >>> 2);
      }
    }
    throw new IllegalArgumentException(
        type
            + " has no reference "
            + name
            + ", but "
            + references.stream().map(Reference::name).toList());
  }

  Field field(String type, String name) {
    Field field = fields.get(name);
    if (field == null) {
      throw new IllegalArgumentException(
          type + " has no field " + name + ", but " + fields.keySet());
    }
    return field;
  }

  @Nullable ObjectType declaredTarget(int slot) {
    long offset = ObjectType.HEADER_BYTES + ((long) slot << 2);
    for (Reference reference : references) {
      if (reference.offset() == offset) {
        return reference.target();
      }
    }
    return null;
  }

  /** Whether a reference of the type may name something that is tracked. */
  boolean mayReferToTracked() {
    if (tail == Tail.REFERENCES || tail == Tail.REFERENCES_AND_BYTES) {
      return true;
    }
    for (Reference reference : references) {
      ObjectType target = reference.target();
      if (target == null || target.isTracked()) {
        return true;
      }
    }
    return false;
  }

  List<String> referenceNames() {
    return references.stream().map(Reference::name).toList();
  }

  List<String> fieldNames() {
    Comparator<Map.Entry<String, Field>> order =
        Comparator.comparingLong(field -> field.getValue().offset());
    return fields.entrySet().stream()
        .sorted(order.thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public String toString() {
    return references.size()
        + " references, "
        + fixedBytes
        + " bytes"
        + (tail == Tail.NONE ? "" : " and a tail of " + tail);
  }
}
