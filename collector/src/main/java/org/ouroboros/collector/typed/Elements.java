package org.ouroboros.collector.typed;

import java.util.Objects;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * Accessors of arrays and of other objects that end in elements, to be kept in constants as {@link
 * Fields} are.
 *
 * <pre>{@code
 * static final LongElements LONGS = ObjectType.array("longs", JAVA_LONG).longElements();
 * static final RefElements NODES = ObjectType.referenceArray("nodes").refElements();
 *
 * static long sum(Heap heap, long longs) {
 *   long sum = 0;
 *   for (int i = 0; i < LONGS.length(heap, longs); i++) {
 *     sum += LONGS.get(heap, longs, i);
 *   }
 *   return sum;
 * }
 * }</pre>
 *
 * <p>The index is checked in all modes, as with a Java array. Otherwise as {@link Fields}.
 */
public final class Elements {

  private Elements() {}

  /**
   * References. {@code get} borrows, {@code set} counts.
   *
   * @param type the type of the objects
   */
  public record RefElements(ObjectType type) {

    /** Checks that the objects end in references. */
    public RefElements {
      Places.requireReferences(type);
    }

    /**
     * Makes an array of null references.
     *
     * @param heap the heap
     * @param length how many elements, 0 or more
     * @return an owned reference
     */
    public long allocate(Heap heap, int length) {
      return heap.allocate(type, length);
    }

    /**
     * How many references there are.
     *
     * @param heap the heap
     * @param array a live object
     * @return 0 or more
     */
    public int length(Heap heap, long array) {
      return heap.getInt(Places.checked(heap, array, type), Places.LENGTH);
    }

    /**
     * Reads a reference.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return a borrowed reference, or {@link Heap#NULL}
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public long get(Heap heap, long array, int index) {
      return heap.getElement(Places.checked(heap, array, type), index);
    }

    /**
     * Reads a reference and retains what it names, as {@link Heap#loadElement}.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return an owned reference, or {@link Heap#NULL}
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public long load(Heap heap, long array, int index) {
      return heap.loadElement(Places.checked(heap, array, type), index);
    }

    /**
     * Stores a reference: counts the new target, then releases the former one.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param value the new target, borrowed; or {@link Heap#NULL}
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(Heap heap, long array, int index, long value) {
      heap.setElement(Places.checked(heap, array, type), index, value);
    }

    /**
     * Stores an owned reference, which the array takes over.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param owned the new target, owned; or {@link Heap#NULL}. Unchanged if this throws
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void setMoved(Heap heap, long array, int index, long owned) {
      long checked = Places.checked(heap, array, type);
      heap.setRefMoved(checked, heap.elementSlot(checked, index), owned);
    }

    /**
     * Empties an element and hands out what was there.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return an owned reference, or {@link Heap#NULL}
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public long take(Heap heap, long array, int index) {
      long checked = Places.checked(heap, array, type);
      return heap.takeRef(checked, heap.elementSlot(checked, index));
    }
  }

  /**
   * Elements that are {@code byte}s.
   *
   * @param type the type of the objects
   * @param base where the first element is in them, in bytes
   */
  public record ByteElements(ObjectType type, long base) {

    /** Checks that the type has such elements there. */
    public ByteElements {
      Places.requireElements(type, base, byte.class);
    }

    /**
     * Makes an array of zeros.
     *
     * @param heap the heap
     * @param length how many elements, 0 or more
     * @return an owned reference
     */
    public long allocate(Heap heap, int length) {
      return heap.allocate(type, length);
    }

    /**
     * How many elements there are.
     *
     * @param heap the heap
     * @param array a live object
     * @return 0 or more
     */
    public int length(Heap heap, long array) {
      return heap.getInt(Places.checked(heap, array, type), Places.LENGTH);
    }

    /**
     * Reads an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public byte get(Heap heap, long array, int index) {
      Objects.checkIndex(index, length(heap, array));
      return heap.getByte(array, base + index);
    }

    /**
     * Writes an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param value its new value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(Heap heap, long array, int index, byte value) {
      Objects.checkIndex(index, length(heap, array));
      heap.setByte(array, base + index, value);
    }
  }

  /**
   * Elements that are {@code boolean}s.
   *
   * @param type the type of the objects
   * @param base where the first element is in them, in bytes
   */
  public record BooleanElements(ObjectType type, long base) {

    /** Checks that the type has such elements there. */
    public BooleanElements {
      Places.requireElements(type, base, boolean.class);
    }

    /**
     * Makes an array of zeros.
     *
     * @param heap the heap
     * @param length how many elements, 0 or more
     * @return an owned reference
     */
    public long allocate(Heap heap, int length) {
      return heap.allocate(type, length);
    }

    /**
     * How many elements there are.
     *
     * @param heap the heap
     * @param array a live object
     * @return 0 or more
     */
    public int length(Heap heap, long array) {
      return heap.getInt(Places.checked(heap, array, type), Places.LENGTH);
    }

    /**
     * Reads an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public boolean get(Heap heap, long array, int index) {
      Objects.checkIndex(index, length(heap, array));
      return heap.getBoolean(array, base + index);
    }

    /**
     * Writes an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param value its new value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(Heap heap, long array, int index, boolean value) {
      Objects.checkIndex(index, length(heap, array));
      heap.setBoolean(array, base + index, value);
    }
  }

  /**
   * Elements that are {@code short}s.
   *
   * @param type the type of the objects
   * @param base where the first element is in them, in bytes
   */
  public record ShortElements(ObjectType type, long base) {

    /** Checks that the type has such elements there. */
    public ShortElements {
      Places.requireElements(type, base, short.class);
    }

    /**
     * Makes an array of zeros.
     *
     * @param heap the heap
     * @param length how many elements, 0 or more
     * @return an owned reference
     */
    public long allocate(Heap heap, int length) {
      return heap.allocate(type, length);
    }

    /**
     * How many elements there are.
     *
     * @param heap the heap
     * @param array a live object
     * @return 0 or more
     */
    public int length(Heap heap, long array) {
      return heap.getInt(Places.checked(heap, array, type), Places.LENGTH);
    }

    /**
     * Reads an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public short get(Heap heap, long array, int index) {
      Objects.checkIndex(index, length(heap, array));
      return heap.getShort(array, base + (long) index * Short.BYTES);
    }

    /**
     * Writes an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param value its new value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(Heap heap, long array, int index, short value) {
      Objects.checkIndex(index, length(heap, array));
      heap.setShort(array, base + (long) index * Short.BYTES, value);
    }
  }

  /**
   * Elements that are {@code char}s.
   *
   * @param type the type of the objects
   * @param base where the first element is in them, in bytes
   */
  public record CharElements(ObjectType type, long base) {

    /** Checks that the type has such elements there. */
    public CharElements {
      Places.requireElements(type, base, char.class);
    }

    /**
     * Makes an array of zeros.
     *
     * @param heap the heap
     * @param length how many elements, 0 or more
     * @return an owned reference
     */
    public long allocate(Heap heap, int length) {
      return heap.allocate(type, length);
    }

    /**
     * How many elements there are.
     *
     * @param heap the heap
     * @param array a live object
     * @return 0 or more
     */
    public int length(Heap heap, long array) {
      return heap.getInt(Places.checked(heap, array, type), Places.LENGTH);
    }

    /**
     * Reads an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public char get(Heap heap, long array, int index) {
      Objects.checkIndex(index, length(heap, array));
      return heap.getChar(array, base + (long) index * Character.BYTES);
    }

    /**
     * Writes an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param value its new value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(Heap heap, long array, int index, char value) {
      Objects.checkIndex(index, length(heap, array));
      heap.setChar(array, base + (long) index * Character.BYTES, value);
    }
  }

  /**
   * Elements that are {@code int}s.
   *
   * @param type the type of the objects
   * @param base where the first element is in them, in bytes
   */
  public record IntElements(ObjectType type, long base) {

    /** Checks that the type has such elements there. */
    public IntElements {
      Places.requireElements(type, base, int.class);
    }

    /**
     * Makes an array of zeros.
     *
     * @param heap the heap
     * @param length how many elements, 0 or more
     * @return an owned reference
     */
    public long allocate(Heap heap, int length) {
      return heap.allocate(type, length);
    }

    /**
     * How many elements there are.
     *
     * @param heap the heap
     * @param array a live object
     * @return 0 or more
     */
    public int length(Heap heap, long array) {
      return heap.getInt(Places.checked(heap, array, type), Places.LENGTH);
    }

    /**
     * Reads an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public int get(Heap heap, long array, int index) {
      Objects.checkIndex(index, length(heap, array));
      return heap.getInt(array, base + (long) index * Integer.BYTES);
    }

    /**
     * Writes an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param value its new value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(Heap heap, long array, int index, int value) {
      Objects.checkIndex(index, length(heap, array));
      heap.setInt(array, base + (long) index * Integer.BYTES, value);
    }
  }

  /**
   * Elements that are {@code long}s.
   *
   * @param type the type of the objects
   * @param base where the first element is in them, in bytes
   */
  public record LongElements(ObjectType type, long base) {

    /** Checks that the type has such elements there. */
    public LongElements {
      Places.requireElements(type, base, long.class);
    }

    /**
     * Makes an array of zeros.
     *
     * @param heap the heap
     * @param length how many elements, 0 or more
     * @return an owned reference
     */
    public long allocate(Heap heap, int length) {
      return heap.allocate(type, length);
    }

    /**
     * How many elements there are.
     *
     * @param heap the heap
     * @param array a live object
     * @return 0 or more
     */
    public int length(Heap heap, long array) {
      return heap.getInt(Places.checked(heap, array, type), Places.LENGTH);
    }

    /**
     * Reads an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public long get(Heap heap, long array, int index) {
      Objects.checkIndex(index, length(heap, array));
      return heap.getLong(array, base + (long) index * Long.BYTES);
    }

    /**
     * Writes an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param value its new value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(Heap heap, long array, int index, long value) {
      Objects.checkIndex(index, length(heap, array));
      heap.setLong(array, base + (long) index * Long.BYTES, value);
    }
  }

  /**
   * Elements that are {@code float}s.
   *
   * @param type the type of the objects
   * @param base where the first element is in them, in bytes
   */
  public record FloatElements(ObjectType type, long base) {

    /** Checks that the type has such elements there. */
    public FloatElements {
      Places.requireElements(type, base, float.class);
    }

    /**
     * Makes an array of zeros.
     *
     * @param heap the heap
     * @param length how many elements, 0 or more
     * @return an owned reference
     */
    public long allocate(Heap heap, int length) {
      return heap.allocate(type, length);
    }

    /**
     * How many elements there are.
     *
     * @param heap the heap
     * @param array a live object
     * @return 0 or more
     */
    public int length(Heap heap, long array) {
      return heap.getInt(Places.checked(heap, array, type), Places.LENGTH);
    }

    /**
     * Reads an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public float get(Heap heap, long array, int index) {
      Objects.checkIndex(index, length(heap, array));
      return heap.getFloat(array, base + (long) index * Float.BYTES);
    }

    /**
     * Writes an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param value its new value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(Heap heap, long array, int index, float value) {
      Objects.checkIndex(index, length(heap, array));
      heap.setFloat(array, base + (long) index * Float.BYTES, value);
    }
  }

  /**
   * Elements that are {@code double}s.
   *
   * @param type the type of the objects
   * @param base where the first element is in them, in bytes
   */
  public record DoubleElements(ObjectType type, long base) {

    /** Checks that the type has such elements there. */
    public DoubleElements {
      Places.requireElements(type, base, double.class);
    }

    /**
     * Makes an array of zeros.
     *
     * @param heap the heap
     * @param length how many elements, 0 or more
     * @return an owned reference
     */
    public long allocate(Heap heap, int length) {
      return heap.allocate(type, length);
    }

    /**
     * How many elements there are.
     *
     * @param heap the heap
     * @param array a live object
     * @return 0 or more
     */
    public int length(Heap heap, long array) {
      return heap.getInt(Places.checked(heap, array, type), Places.LENGTH);
    }

    /**
     * Reads an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public double get(Heap heap, long array, int index) {
      Objects.checkIndex(index, length(heap, array));
      return heap.getDouble(array, base + (long) index * Double.BYTES);
    }

    /**
     * Writes an element.
     *
     * @param heap the heap
     * @param array a live object
     * @param index from 0
     * @param value its new value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(Heap heap, long array, int index, double value) {
      Objects.checkIndex(index, length(heap, array));
      heap.setDouble(array, base + (long) index * Double.BYTES, value);
    }
  }
}
