package org.ouroboros.collector.collections;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;
import org.ouroboros.collector.ObjectType;

/**
 * Arrays of bytes, which are copied to and from Java arrays in one go.
 *
 * <pre>{@code
 * Bytes bytes = new Bytes(heap);
 * long packet = scope.own(bytes.allocate(1500));
 * bytes.write(packet, 20, payload, 0, payload.length);
 * bytes.read(packet, 20, received, 0, received.length);
 * }</pre>
 *
 * <p>An array takes 12 bytes and its own. {@link Heap#segment} shows it to code that wants a
 * segment.
 *
 * <p>Thread rule: as the heap.
 */
public final class Bytes {

  /** The type of the arrays: not tracked. */
  public static final ObjectType TYPE = ObjectType.array("bytes", ValueLayout.JAVA_BYTE);

  private static final long LENGTH = ObjectType.HEADER_BYTES;
  private static final long FIRST = TYPE.tailOffset(0);

  private final Heap heap;

  /**
   * Makes the face of a heap's byte arrays.
   *
   * @param heap the heap
   */
  public Bytes(Heap heap) {
    this.heap = heap;
  }

  /**
   * Makes an array of zeros.
   *
   * @param length how many, 0 or more
   * @return an owned reference
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public long allocate(int length) {
    return heap.allocate(TYPE, length);
  }

  /**
   * Makes a copy of a Java array.
   *
   * @param content what to copy
   * @return an owned reference
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public long allocate(byte[] content) {
    long array = heap.allocate(TYPE, content.length);
    heap.setBytes(array, FIRST, content, 0, content.length);
    return array;
  }

  /**
   * How many bytes there are.
   *
   * @param array a live array
   * @return 0 or more
   */
  public int length(long array) {
    if (heap.typeOf(array) != TYPE) {
      throw new InvalidReferenceException(
          heap.options().name(),
          array,
          Kind.WRONG_TYPE,
          "is of type " + heap.typeOf(array).name() + ", and no byte array");
    }
    return heap.getInt(array, LENGTH);
  }

  /**
   * Reads a byte.
   *
   * @param array a live array
   * @param index from 0
   * @return the byte
   * @throws IndexOutOfBoundsException if there is no such byte
   */
  public byte get(long array, int index) {
    return heap.getByte(array, FIRST + Objects.checkIndex(index, length(array)));
  }

  /**
   * Writes a byte.
   *
   * @param array a live array
   * @param index from 0
   * @param value the byte
   * @throws IndexOutOfBoundsException if there is no such byte
   */
  public void set(long array, int index, byte value) {
    heap.setByte(array, FIRST + Objects.checkIndex(index, length(array)), value);
  }

  /**
   * Copies bytes into a Java array.
   *
   * @param array a live array
   * @param index of the first byte in it
   * @param to where they are copied to
   * @param at where in there
   * @param count how many, 0 or more
   * @throws IndexOutOfBoundsException if either has no such part
   */
  public void read(long array, int index, byte[] to, int at, int count) {
    Objects.checkFromIndexSize(index, count, length(array));
    heap.getBytes(array, FIRST + index, to, at, count);
  }

  /**
   * Copies bytes out of a Java array.
   *
   * @param array a live array
   * @param index of the first byte in it
   * @param from what is copied
   * @param at where in there
   * @param count how many, 0 or more
   * @throws IndexOutOfBoundsException if either has no such part
   */
  public void write(long array, int index, byte[] from, int at, int count) {
    Objects.checkFromIndexSize(index, count, length(array));
    heap.setBytes(array, FIRST + index, from, at, count);
  }

  /**
   * A copy as a Java array.
   *
   * @param array a live array
   * @return a new Java array
   */
  public byte[] toArray(long array) {
    byte[] copy = new byte[length(array)];
    heap.getBytes(array, FIRST, copy, 0, copy.length);
    return copy;
  }

  /**
   * Whether two arrays have the same bytes.
   *
   * @param one a live array
   * @param other a live array
   * @return true if they have
   */
  public boolean equals(long one, long other) {
    int length = length(one);
    return length(other) == length && mismatch(heap, one, FIRST, other, FIRST, length) < 0;
  }

  /**
   * Compares two arrays, by the first unsigned byte that differs, then by their lengths.
   *
   * @param one a live array
   * @param other a live array
   * @return less than 0, 0 or more than 0, as the first is less, equal or greater
   */
  public int compare(long one, long other) {
    return compare(heap, one, FIRST, length(one), other, FIRST, length(other));
  }

  static int compare(
      Heap heap, long one, long from, int length, long other, long otherFrom, int otherLength) {
    int shorter = Math.min(length, otherLength);
    int at = mismatch(heap, one, from, other, otherFrom, shorter);
    return at < 0
        ? Integer.compare(length, otherLength)
        : Byte.compareUnsigned(heap.getByte(one, from + at), heap.getByte(other, otherFrom + at));
  }

  /** The first of a number of bytes that differ; -1 if none does. */
  static int mismatch(Heap heap, long one, long from, long other, long otherFrom, int count) {
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      long difference = heap.getLong(one, from + i) ^ heap.getLong(other, otherFrom + i);
      if (difference != 0) {
        return i + (firstBit(difference) >>> 3);
      }
    }
    for (; i < count; i++) {
      if (heap.getByte(one, from + i) != heap.getByte(other, otherFrom + i)) {
        return i;
      }
    }
    return -1;
  }

  /** The first bit that is set, in the order of the bytes in memory. */
  private static int firstBit(long word) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? Long.numberOfTrailingZeros(word)
        : Long.numberOfLeadingZeros(word);
  }
}
