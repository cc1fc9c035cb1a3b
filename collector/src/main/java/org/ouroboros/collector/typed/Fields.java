package org.ouroboros.collector.typed;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * Accessors of single fields, made once from a type and kept in constants, so that the compiler
 * folds them into the access itself: they cost what the {@link Heap}'s own methods cost.
 *
 * <pre>{@code
 * static final ObjectType NODE =
 *     ObjectType.builder("node").references("next").field("count", JAVA_LONG).build();
 * static final RefField NEXT = NODE.refField("next");
 * static final LongField COUNT = NODE.longField("count");
 *
 * static long total(Heap heap, long first) {
 *   long total = 0;
 *   for (long node = first; node != Heap.NULL; node = NEXT.get(heap, node)) {
 *     total += COUNT.get(heap, node);
 *   }
 *   return total;
 * }
 * }</pre>
 *
 * <p>They are records because the JIT takes the components of a constant record, unlike the fields
 * of other classes, for constants. In checked and debug mode each access also checks that the
 * object is of the accessor's type: {@link
 * org.ouroboros.collector.InvalidReferenceException.Kind#WRONG_TYPE}. All that {@link Heap} says of
 * references, errors and threads holds for them. The accessors themselves are values that any
 * thread and any number of heaps may use.
 */
public final class Fields {

  private Fields() {}

  /**
   * A reference. Its {@link #get} borrows, its {@link #set} counts.
   *
   * @param type the type of the objects
   * @param name the reference's name
   * @param slot its slot
   */
  public record RefField(ObjectType type, String name, int slot) {

    /** Checks that the type has that reference there. */
    public RefField {
      if (type.slot(name) != slot) {
        throw new IllegalArgumentException(
            type.name() + "." + name + " is slot " + type.slot(name) + ", not " + slot);
      }
    }

    /**
     * Reads the reference.
     *
     * @param heap the heap
     * @param ref a live object
     * @return a borrowed reference, or {@link Heap#NULL}
     */
    public long get(Heap heap, long ref) {
      return heap.getRef(Places.checked(heap, ref, type), slot);
    }

    /**
     * Reads the reference and retains what it names, as {@link Heap#loadRef}.
     *
     * @param heap the heap
     * @param ref a live object
     * @return an owned reference, or {@link Heap#NULL}
     */
    public long load(Heap heap, long ref) {
      return heap.loadRef(Places.checked(heap, ref, type), slot);
    }

    /**
     * Stores a reference: counts the new target, then releases the former one.
     *
     * @param heap the heap
     * @param ref a live object
     * @param value the new target, borrowed; or {@link Heap#NULL}
     */
    public void set(Heap heap, long ref, long value) {
      heap.setRef(Places.checked(heap, ref, type), slot, value);
    }

    /**
     * Stores an owned reference, which the object takes over.
     *
     * @param heap the heap
     * @param ref a live object
     * @param owned the new target, owned; or {@link Heap#NULL}. Unchanged if this throws
     */
    public void setMoved(Heap heap, long ref, long owned) {
      heap.setRefMoved(Places.checked(heap, ref, type), slot, owned);
    }

    /**
     * Empties the slot and hands out what was there.
     *
     * @param heap the heap
     * @param ref a live object
     * @return an owned reference, or {@link Heap#NULL}
     */
    public long take(Heap heap, long ref) {
      return heap.takeRef(Places.checked(heap, ref, type), slot);
    }

    /**
     * Stores an owned reference and hands out what was there.
     *
     * @param heap the heap
     * @param ref a live object
     * @param owned the new target, owned; or {@link Heap#NULL}
     * @return the former target, owned; or {@link Heap#NULL}
     */
    public long exchange(Heap heap, long ref, long owned) {
      return heap.exchangeRef(Places.checked(heap, ref, type), slot, owned);
    }
  }

  /**
   * A field that is a {@code byte}.
   *
   * @param type the type of the objects
   * @param name the field's name
   * @param offset where it is in them, in bytes
   */
  public record ByteField(ObjectType type, String name, long offset) {

    /** Checks that the type has that field there. */
    public ByteField {
      Places.requireField(type, name, offset, byte.class);
    }

    /**
     * Reads the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @return its value
     */
    public byte get(Heap heap, long ref) {
      return heap.getByte(Places.checked(heap, ref, type), offset);
    }

    /**
     * Writes the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @param value its new value
     */
    public void set(Heap heap, long ref, byte value) {
      heap.setByte(Places.checked(heap, ref, type), offset, value);
    }
  }

  /**
   * A field that is a {@code boolean}.
   *
   * @param type the type of the objects
   * @param name the field's name
   * @param offset where it is in them, in bytes
   */
  public record BooleanField(ObjectType type, String name, long offset) {

    /** Checks that the type has that field there. */
    public BooleanField {
      Places.requireField(type, name, offset, boolean.class);
    }

    /**
     * Reads the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @return its value
     */
    public boolean get(Heap heap, long ref) {
      return heap.getBoolean(Places.checked(heap, ref, type), offset);
    }

    /**
     * Writes the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @param value its new value
     */
    public void set(Heap heap, long ref, boolean value) {
      heap.setBoolean(Places.checked(heap, ref, type), offset, value);
    }
  }

  /**
   * A field that is a {@code short}.
   *
   * @param type the type of the objects
   * @param name the field's name
   * @param offset where it is in them, in bytes
   */
  public record ShortField(ObjectType type, String name, long offset) {

    /** Checks that the type has that field there. */
    public ShortField {
      Places.requireField(type, name, offset, short.class);
    }

    /**
     * Reads the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @return its value
     */
    public short get(Heap heap, long ref) {
      return heap.getShort(Places.checked(heap, ref, type), offset);
    }

    /**
     * Writes the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @param value its new value
     */
    public void set(Heap heap, long ref, short value) {
      heap.setShort(Places.checked(heap, ref, type), offset, value);
    }
  }

  /**
   * A field that is a {@code char}.
   *
   * @param type the type of the objects
   * @param name the field's name
   * @param offset where it is in them, in bytes
   */
  public record CharField(ObjectType type, String name, long offset) {

    /** Checks that the type has that field there. */
    public CharField {
      Places.requireField(type, name, offset, char.class);
    }

    /**
     * Reads the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @return its value
     */
    public char get(Heap heap, long ref) {
      return heap.getChar(Places.checked(heap, ref, type), offset);
    }

    /**
     * Writes the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @param value its new value
     */
    public void set(Heap heap, long ref, char value) {
      heap.setChar(Places.checked(heap, ref, type), offset, value);
    }
  }

  /**
   * A field that is a {@code int}.
   *
   * @param type the type of the objects
   * @param name the field's name
   * @param offset where it is in them, in bytes
   */
  public record IntField(ObjectType type, String name, long offset) {

    /** Checks that the type has that field there. */
    public IntField {
      Places.requireField(type, name, offset, int.class);
    }

    /**
     * Reads the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @return its value
     */
    public int get(Heap heap, long ref) {
      return heap.getInt(Places.checked(heap, ref, type), offset);
    }

    /**
     * Writes the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @param value its new value
     */
    public void set(Heap heap, long ref, int value) {
      heap.setInt(Places.checked(heap, ref, type), offset, value);
    }

    /**
     * Adds to the field: {@code field += delta}.
     *
     * @param heap the heap
     * @param ref a live object
     * @param delta what to add; it wraps around as Java's does
     * @return the new value
     */
    public int add(Heap heap, long ref, int delta) {
      int value = get(heap, ref) + delta;
      heap.setInt(ref, offset, value);
      return value;
    }
  }

  /**
   * A field that is a {@code long}.
   *
   * @param type the type of the objects
   * @param name the field's name
   * @param offset where it is in them, in bytes
   */
  public record LongField(ObjectType type, String name, long offset) {

    /** Checks that the type has that field there. */
    public LongField {
      Places.requireField(type, name, offset, long.class);
    }

    /**
     * Reads the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @return its value
     */
    public long get(Heap heap, long ref) {
      return heap.getLong(Places.checked(heap, ref, type), offset);
    }

    /**
     * Writes the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @param value its new value
     */
    public void set(Heap heap, long ref, long value) {
      heap.setLong(Places.checked(heap, ref, type), offset, value);
    }

    /**
     * Adds to the field: {@code field += delta}.
     *
     * @param heap the heap
     * @param ref a live object
     * @param delta what to add; it wraps around as Java's does
     * @return the new value
     */
    public long add(Heap heap, long ref, long delta) {
      long value = get(heap, ref) + delta;
      heap.setLong(ref, offset, value);
      return value;
    }
  }

  /**
   * A field that is a {@code float}.
   *
   * @param type the type of the objects
   * @param name the field's name
   * @param offset where it is in them, in bytes
   */
  public record FloatField(ObjectType type, String name, long offset) {

    /** Checks that the type has that field there. */
    public FloatField {
      Places.requireField(type, name, offset, float.class);
    }

    /**
     * Reads the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @return its value
     */
    public float get(Heap heap, long ref) {
      return heap.getFloat(Places.checked(heap, ref, type), offset);
    }

    /**
     * Writes the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @param value its new value
     */
    public void set(Heap heap, long ref, float value) {
      heap.setFloat(Places.checked(heap, ref, type), offset, value);
    }
  }

  /**
   * A field that is a {@code double}.
   *
   * @param type the type of the objects
   * @param name the field's name
   * @param offset where it is in them, in bytes
   */
  public record DoubleField(ObjectType type, String name, long offset) {

    /** Checks that the type has that field there. */
    public DoubleField {
      Places.requireField(type, name, offset, double.class);
    }

    /**
     * Reads the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @return its value
     */
    public double get(Heap heap, long ref) {
      return heap.getDouble(Places.checked(heap, ref, type), offset);
    }

    /**
     * Writes the field.
     *
     * @param heap the heap
     * @param ref a live object
     * @param value its new value
     */
    public void set(Heap heap, long ref, double value) {
      heap.setDouble(Places.checked(heap, ref, type), offset, value);
    }
  }
}
