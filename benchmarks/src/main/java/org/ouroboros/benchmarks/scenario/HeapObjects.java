package org.ouroboros.benchmarks.scenario;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * The objects of a scenario on a heap. Each begins with two fields, its id in the file and the
 * number of its finalizer's plan, and has as many reference slots behind them as the file says. So
 * the fields lie at the same place in all, and the free listener, which cannot ask a dead object
 * for its type, can read them. What is in the tables is alive: the listener takes out what dies.
 */
final class HeapObjects {

  private static final ObjectType ONE_SLOT = ObjectType.of("one slot", layout(1));

  private static final long ID = ONE_SLOT.offset("id");
  private static final long PLAN = ONE_SLOT.offset("plan");
  private static final int FIRST_SLOT = ONE_SLOT.slot(0);

  /** A tree with parents has one slot more than other objects can have. */
  private static final int TYPES = Op.MAX_SLOTS + 2;

  /** By number of slots; made when they are needed. */
  private final @Nullable ObjectType[] plain = new @Nullable ObjectType[TYPES];

  private final @Nullable ObjectType[] finalizable = new @Nullable ObjectType[TYPES];

  private final IdTable references = new IdTable();
  private final Set<Long> weakReferences = new HashSet<>();
  private final Finalizer finalizer;

  /**
   * Makes empty tables.
   *
   * @param finalizer of all objects that have a plan
   */
  HeapObjects(Finalizer finalizer) {
    this.finalizer = finalizer;
  }

  /** Allocates an object; plan 0 is none. The reference is owned. */
  long create(Heap heap, long id, int slots, int plan) {
    long ref = heap.allocate(type(slots, plan != 0));
    heap.setLong(ref, ID, id);
    heap.setInt(ref, PLAN, plan);
    references.put(id, ref);
    return ref;
  }

  /** Notes a new weak reference. */
  void addWeak(long ref) {
    weakReferences.add(ref);
  }

  /** How many weak references are alive. */
  int weakCount() {
    return weakReferences.size();
  }

  /**
   * Takes out what dies.
   *
   * @return the id of the object, or {@link Op#NOTHING} for a weak reference
   */
  long remove(Heap heap, long ref) {
    if (weakReferences.remove(ref)) {
      return Op.NOTHING;
    }
    long id = heap.getLong(ref, ID);
    if (references.get(id) != ref) {
      throw new IllegalStateException("what died is not object " + id);
    }
    references.put(id, Heap.NULL);
    return id;
  }

  /** The borrowed reference to an object, or {@link Heap#NULL}. */
  long ref(long id) {
    return id == Op.NOTHING ? Heap.NULL : references.get(id);
  }

  /** The id of an object that is no weak reference; of null {@link Op#NOTHING}. */
  static long id(Heap heap, long ref) {
    if (ref == Heap.NULL) {
      return Op.NOTHING;
    }
    if (heap.isWeak(ref)) {
      throw new IllegalStateException("a weak reference where there can be none");
    }
    return heap.getLong(ref, ID);
  }

  /** The number of an object's plan. */
  static int plan(Heap heap, long ref) {
    return heap.getInt(ref, PLAN);
  }

  /** The heap's number of a slot of the file. */
  static int slot(int index) {
    return FIRST_SLOT + index;
  }

  private ObjectType type(int slots, boolean hasFinalizer) {
    @Nullable ObjectType[] types = hasFinalizer ? finalizable : plain;
    ObjectType type = types[slots];
    if (type == null) {
      String name = (hasFinalizer ? "finalizable " : "plain ") + slots;
      ObjectType.Builder builder = ObjectType.builder(name).layout(layout(slots));
      type = (hasFinalizer ? builder.finalizer(finalizer) : builder).build();
      types[slots] = type;
    }
    return type;
  }

  private static StructLayout layout(int slots) {
    MemoryLayout[] members = new MemoryLayout[2 + slots];
    members[0] = ValueLayout.JAVA_LONG.withName("id");
    members[1] = ValueLayout.JAVA_INT.withName("plan");
    for (int i = 0; i < slots; i++) {
      members[2 + i] = ObjectType.REFERENCE.withName("slot" + i);
    }
    return MemoryLayout.structLayout(members);
  }
}
