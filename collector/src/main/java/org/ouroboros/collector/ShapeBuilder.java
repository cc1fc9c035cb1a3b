package org.ouroboros.collector;

import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.UnionLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.ObjectType.Tail;

/** Decides where everything lies in the objects of a type. */
final class ShapeBuilder {

  /** Of the fixed part; a larger one belongs into a tail. */
  private static final long MOST_BYTES = 1 << 20;

  /** A field that was added by name. */
  private record Field(String name, ValueLayout layout) {}

  private record Pending(String name, @Nullable ObjectType target) {}

  private final List<Pending> pending = new ArrayList<>();
  private final List<Field> plainFields = new ArrayList<>();
  private @Nullable StructLayout layout;
  private Tail tail = Tail.NONE;
  private @Nullable ValueLayout element;
  private long alignment = 1;

  private final List<TypeShape.Reference> references = new ArrayList<>();
  private final Set<String> referenceNames = new HashSet<>();
  private final Map<String, TypeShape.Field> fields = new HashMap<>();

  int referenceCount() {
    return pending.size();
  }

  void addReference(String name, @Nullable ObjectType target) {
    pending.add(new Pending(name, target));
  }

  void addField(String name, ValueLayout value) {
    plainFields.add(new Field(name, value));
  }

  void setLayout(StructLayout struct) {
    this.layout = struct;
  }

  void setTail(Tail kind, @Nullable ValueLayout elements) {
    if (tail != Tail.NONE) {
      throw new IllegalArgumentException("a type has at most one tail");
    }
    this.tail = kind;
    this.element = elements;
  }

  void setAlignment(long bytes) {
    if (Long.bitCount(bytes) != 1 || bytes < 1 || bytes > ObjectType.MAX_ALIGNMENT) {
      throw new IllegalArgumentException(
          "alignment " + bytes + " is no power of two up to " + ObjectType.MAX_ALIGNMENT);
    }
    this.alignment = bytes;
  }

  TypeShape build(String type) {
    StructLayout struct = layout;
    if (struct != null && !(pending.isEmpty() && plainFields.isEmpty())) {
      throw new IllegalArgumentException(
          type + ": either a layout or single references and fields, not both");
    }
    long prefix =
        ObjectType.HEADER_BYTES
            + (tail == Tail.NONE ? 0 : tail == Tail.REFERENCES_AND_BYTES ? 8 : 4);
    long bodyOffset = struct == null ? prefix : roundUp(prefix, struct.byteAlignment());
    long end = bodyOffset;
    if (struct != null && struct.byteSize() > MOST_BYTES) {
      throw new IllegalArgumentException(type + ": " + struct.byteSize() + " bytes are too many");
    }
    if (struct != null) {
      addMembers(struct, "", bodyOffset);
      end += struct.byteSize();
    } else {
      end = addDeclared(bodyOffset);
    }
    references.sort(Comparator.comparingLong(TypeShape.Reference::offset));
    int elementBytes =
        tail == Tail.NONE ? 0 : element == null ? Integer.BYTES : (int) element.byteSize();
    long elementAlignment = element == null ? Integer.BYTES : element.byteAlignment();
    long tailOffset = tail == Tail.NONE ? end : roundUp(end, elementAlignment);
    if (tailOffset > MOST_BYTES) {
      throw new IllegalArgumentException(type + ": " + tailOffset + " bytes are too many");
    }
    return new TypeShape(
        bodyOffset,
        end,
        tailOffset,
        tail,
        elementBytes,
        element,
        objectAlignment(type, struct),
        references,
        fields);
  }

  private long objectAlignment(String type, @Nullable StructLayout struct) {
    long bytes = Math.max(16, alignment);
    if (struct != null) {
      bytes = Math.max(bytes, struct.byteAlignment());
    }
    if (element != null) {
      bytes = Math.max(bytes, element.byteAlignment());
    }
    for (Field field : plainFields) {
      bytes = Math.max(bytes, field.layout().byteAlignment());
    }
    if (bytes > ObjectType.MAX_ALIGNMENT) {
      throw new IllegalArgumentException(
          type + ": alignment " + bytes + " is over " + ObjectType.MAX_ALIGNMENT);
    }
    return bytes;
  }

  private long addDeclared(long from) {
    long at = from;
    for (Pending reference : pending) {
      add(new TypeShape.Reference(reference.name(), at, reference.target()));
      at += Integer.BYTES;
    }
    for (Field field : plainFields) {
      at = roundUp(at, field.layout().byteAlignment());
      addField(field.name(), at, field.layout());
      at += field.layout().byteSize();
    }
    return at;
  }

  private void addMembers(GroupLayout group, String prefix, long from) {
    long at = from;
    int unnamed = 0;
    for (MemoryLayout member : group.memberLayouts()) {
      String name = prefix + member.name().orElse("#" + unnamed++);
      addLayout(member, name, at);
      at += group instanceof UnionLayout ? 0 : member.byteSize();
    }
  }

  private void addLayout(MemoryLayout member, String name, long at) {
    if (member.withoutName().equals(ObjectType.REFERENCE)) {
      if ((at & 3) != 0) {
        throw new IllegalArgumentException("reference " + name + " is not aligned to 4 bytes");
      }
      add(new TypeShape.Reference(name, at, null));
      return;
    }
    switch (member) {
      case UnionLayout union -> {
        int before = references.size();
        addMembers(union, name + ".", at);
        if (references.size() > before) {
          throw new IllegalArgumentException("union " + name + " cannot have references");
        }
      }
      case GroupLayout group -> addMembers(group, name + ".", at);
      case SequenceLayout sequence -> {
        addField(name, at, sequence);
        for (long i = 0; i < sequence.elementCount() && mayHoldReferences(sequence); i++) {
          long offset = at + i * sequence.elementLayout().byteSize();
          addLayout(sequence.elementLayout(), name + "[" + i + "]", offset);
        }
      }
      case ValueLayout value -> addField(name, at, value);
      default -> {
        // padding
      }
    }
  }

  private static boolean mayHoldReferences(SequenceLayout sequence) {
    return !(sequence.elementLayout() instanceof ValueLayout);
  }

  private void add(TypeShape.Reference reference) {
    if (!referenceNames.add(reference.name())) {
      throw new IllegalArgumentException("two references are called " + reference.name());
    }
    references.add(reference);
  }

  private void addField(String name, long offset, MemoryLayout what) {
    if (fields.putIfAbsent(name, new TypeShape.Field(offset, what)) != null) {
      throw new IllegalArgumentException("two fields are called " + name);
    }
  }

  private static long roundUp(long value, long to) {
    return value + to - 1 & -to;
  }
}
