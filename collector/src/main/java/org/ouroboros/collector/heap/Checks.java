package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.Tail;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;

/**
 * The slow side of every access: finds the object where the quick test of {@link HeapReferences}
 * did not, or says what is wrong.
 *
 * <p>In checked and debug mode, on an allocator's space, while the heap may only be read, and once
 * it is closed, the quick test always fails, so that all accesses come here. Then slots and fields
 * are checked against the type too, since on an allocator's space nothing else bounds them.
 *
 * <p>Thread rule: as the heap, whose thread was checked before.
 */
final class Checks {

  private final HeapReferences heap;
  private final ObjectStore store;
  private final ObjectSpace space;
  private final String name;
  private final boolean versioned;

  Checks(HeapReferences heap) {
    this.heap = heap;
    this.store = heap.store;
    this.space = store.space;
    this.name = heap.options().name();
    this.versioned = heap.checked;
  }

  // ---------------------------------------------------------------------- resolving

  /** Where an object that is to be read begins. */
  long object(long ref) {
    checkOpen();
    if (ref == Heap.NULL) {
      throw invalid(ref, Kind.NULL, "is null, where an object is needed");
    }
    long id = ref & 0xFFFF_FFFFL;
    boolean ours = ((ref ^ heap.tag) >>> 32 & 0xFFFF) == 0 && (versioned || ref >>> 48 == 0);
    if (!ours || id == 0 || id >= space.limit()) {
      if (ours && space.isForgotten(id)) {
        throw dead(ref);
      }
      throw invalid(ref, Kind.FOREIGN, "is no reference of this heap");
    }
    if (versioned || !space.isPaged()) {
      SidePage page = space.sides().find(id);
      if (page == null
          || !page.has(SidePage.LIVE, (int) id)
          || versioned && space.sides().version((int) id) != ref >>> 48) {
        throw dead(ref);
      }
    }
    return space.offset((int) id);
  }

  /** Where an object that is to be changed begins. */
  long objectForUpdate(long ref) {
    checkMutable();
    return object(ref);
  }

  /** The target of a store, by its id. */
  int target(long value) {
    object(value);
    return (int) value;
  }

  /** Where an object begins one of whose slots is to be read. */
  long slot(long ref, int slot) {
    long object = object(ref);
    long offset = slotOffset(slot);
    TypeInfo info = store.info(header(object));
    if (!info.isReference(space.memory(), object, offset)) {
      throw invalid(
          ref, Kind.WRONG_SLOT, "an object of type " + info + " has no reference slot " + slot);
    }
    return object;
  }

  /** Where an object begins one of whose slots is to be changed. */
  long slotForUpdate(long ref, int slot) {
    checkMutable();
    return slot(ref, slot);
  }

  /** That a slot was declared for what is to be stored there. */
  void checkTarget(long ref, int slot, long value) {
    if (value != Heap.NULL) {
      TypeInfo holder = store.info(header(object(ref)));
      ObjectType declared = holder.type.declaredTarget(slot);
      ObjectType actual = store.info(header(object(value))).type;
      if (declared != null && declared != actual) {
        throw invalid(
            value,
            Kind.WRONG_TYPE,
            "is of type "
                + actual.name()
                + ", and slot "
                + slot
                + " of "
                + holder.type.name()
                + " was declared for "
                + declared.name());
      }
    }
  }

  /** Where a field is. */
  long field(long ref, long offset, int bytes) {
    long object = object(ref);
    TypeInfo info = store.info(header(object));
    MemorySegment memory = space.memory();
    if (offset < ObjectType.HEADER_BYTES || offset > info.size(memory, object) - bytes) {
      throw invalid(
          ref,
          Kind.WRONG_FIELD,
          "an object of type " + info + " has no " + bytes + " bytes at offset " + offset);
    }
    return object + offset;
  }

  /** Where a field that is to be changed is. */
  long fieldForUpdate(long ref, long offset, int bytes) {
    checkMutable();
    long at = field(ref, offset, bytes);
    long object = at - offset;
    TypeInfo info = store.info(header(object));
    long lengths =
        info.tail == Tail.NONE ? 0 : info.tail == Tail.REFERENCES_AND_BYTES ? 8 : Integer.BYTES;
    boolean isLength = offset < ObjectType.HEADER_BYTES + lengths;
    boolean isWeak = info.type == ObjectType.WEAK_REFERENCE;
    if (isLength || isWeak || touchesReference(info, object, offset, bytes)) {
      throw invalid(
          ref,
          Kind.WRONG_FIELD,
          "offset " + offset + " is a reference, a length, or the library's: use setRef");
    }
    return at;
  }

  private boolean touchesReference(TypeInfo info, long object, long offset, int bytes) {
    if (!info.hasSlots) {
      return false;
    }
    for (long at = offset & -4; at < offset + bytes; at += Integer.BYTES) {
      if (info.isReference(space.memory(), object, at)) {
        return true;
      }
    }
    return false;
  }

  /** That an object has a tail of references, and the element. */
  int elementSlot(long ref, long object, int index) {
    TypeInfo info = store.info(header(object));
    if (info.tail != Tail.REFERENCES && info.tail != Tail.REFERENCES_AND_BYTES) {
      throw invalid(ref, Kind.WRONG_TYPE, "type " + info + " has no tail of references");
    }
    int length = space.memory().get(ObjectStore.INT, object + TypeInfo.LENGTH);
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(
          name + ": element " + index + " of an array of " + length);
    }
    return (int) (info.slotOffset(info.fixedReferences() + index) - ObjectType.HEADER_BYTES >>> 2);
  }

  static long slotOffset(int slot) {
    return ObjectType.HEADER_BYTES + ((long) slot << 2);
  }

  private long header(long object) {
    return space.memory().get(ObjectStore.LONG, object);
  }

  /** Whether a reference names a live object; never throws for what it is given. */
  boolean isLive(long ref) {
    try {
      return ref != Heap.NULL
          && (header(object(ref)) & Header.ALIVE) != 0
          && !heap.isCondemned((int) ref);
    } catch (InvalidReferenceException e) {
      return false;
    }
  }

  // ------------------------------------------------------------------------- states

  void checkOpen() {
    if (heap.isClosed()) {
      throw new IllegalStateException(name + ": the heap is closed");
    }
  }

  void checkMutable() {
    checkOpen();
    if (heap.isReadOnly()) {
      throw new IllegalStateException(
          name + ": the heap may only be read here: in a traversal, visitor or free listener");
    }
  }

  WrongThreadException wrongThread(@Nullable Thread owner) {
    return new WrongThreadException(name + ": the heap is confined to " + owner);
  }

  // ------------------------------------------------------------------------- errors

  InvalidReferenceException dead(long ref) {
    return invalid(ref, Kind.DEAD, "names an object that is dead: keep what you use retained");
  }

  InvalidReferenceException notOwned(long ref) {
    return invalid(
        ref, Kind.NOT_OWNED, "nobody owns a reference to the object: it was released too often");
  }

  InvalidReferenceException wrongType(long ref, String expected) {
    return invalid(ref, Kind.WRONG_TYPE, "names an object that is no " + expected);
  }

  private InvalidReferenceException invalid(long ref, Kind kind, String detail) {
    return new InvalidReferenceException(name, ref, kind, detail);
  }
}
