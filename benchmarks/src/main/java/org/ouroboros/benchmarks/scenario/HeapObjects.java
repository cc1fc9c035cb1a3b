package org.ouroboros.benchmarks.scenario;

import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * The objects of a scenario on a heap. Each has as many reference slots as the file says, which are
 * 0, 1, 2 and so on, and two fields behind them: its id in the file and the number of its
 * finalizer's plan. The table from ids to references has the live objects exactly: the heap's free
 * listener takes out what dies.
 */
final class HeapObjects {

  private static final String ID = "id";
  private static final String PLAN = "plan";

  /** A tree with parents has one slot more than other objects can have. */
  private static final int TYPES = Op.MAX_SLOTS + 2;

  /** By number of slots; made when they are needed. */
  private final @Nullable ObjectType[] plain = new @Nullable ObjectType[TYPES];

  private final @Nullable ObjectType[] finalizable = new @Nullable ObjectType[TYPES];

  /** Where the fields lie, by number of slots. */
  private final long[] idOffsets = new long[TYPES];

  private final long[] planOffsets = new long[TYPES];

  private final IdTable references = new IdTable();
  private final Finalizer finalizer;

  /**
   * Makes an empty table.
   *
   * @param finalizer of all objects that have a plan
   */
  HeapObjects(Finalizer finalizer) {
    this.finalizer = finalizer;
  }

  /** Allocates an object; plan 0 is none. The reference is owned. */
  long create(Heap heap, long id, int slots, int plan) {
    ObjectType type = type(slots, plan != 0);
    long ref = heap.allocate(type);
    heap.setLong(ref, idOffsets[slots], id);
    heap.setInt(ref, planOffsets[slots], plan);
    references.put(id, ref);
    return ref;
  }

  /** The borrowed reference to an object, or {@link Heap#NULL}. */
  long ref(long id) {
    return id == Op.NOTHING ? Heap.NULL : references.get(id);
  }

  /** The id of an object that is no weak reference; of null {@link Op#NOTHING}. */
  long id(Heap heap, long ref) {
    if (ref == Heap.NULL) {
      return Op.NOTHING;
    }
    ObjectType type = heap.typeOf(ref);
    if (type == ObjectType.WEAK_REFERENCE) {
      throw new IllegalStateException("a weak reference where there can be none");
    }
    return heap.getLong(ref, idOffsets[type.slotCount()]);
  }

  /** The number of an object's plan. */
  int plan(Heap heap, long ref) {
    return heap.getInt(ref, planOffsets[heap.typeOf(ref).slotCount()]);
  }

  /** Forgets an object that dies. */
  void remove(long id) {
    references.put(id, Heap.NULL);
  }

  private ObjectType type(int slots, boolean hasFinalizer) {
    @Nullable ObjectType[] types = hasFinalizer ? finalizable : plain;
    ObjectType type = types[slots];
    if (type == null) {
      ObjectType.Builder builder =
          ObjectType.builder((hasFinalizer ? "finalizable " : "plain ") + slots)
              .references(slots)
              .field(ID, ValueLayout.JAVA_LONG)
              .field(PLAN, ValueLayout.JAVA_INT);
      type = (hasFinalizer ? builder.finalizer(finalizer) : builder).build();
      types[slots] = type;
      idOffsets[slots] = type.offset(ID);
      planOffsets[slots] = type.offset(PLAN);
    }
    return type;
  }
}
