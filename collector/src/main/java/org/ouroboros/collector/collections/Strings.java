package org.ouroboros.collector.collections;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;

/**
 * Strings in UTF-8, which never change.
 *
 * <pre>{@code
 * Strings strings = new Strings(heap);
 * long name = scope.own(strings.allocate("Zoë"));
 * int bytes = strings.length(name); // 4
 * boolean same = strings.contentEquals(name, "Zoë"); // makes no Java object
 * String copy = strings.toString(name);
 * }</pre>
 *
 * <pre>
 *   0        8        12
 *   | header | length | bytes ...
 * </pre>
 *
 * <p>A string takes 12 bytes and its own. As in {@link String#getBytes()}, a surrogate without its
 * partner is encoded as a question mark; such a string equals only those that were made of the same
 * characters: it has five bytes more, the hash of its characters and 0xFF, which is in no UTF-8.
 * The object's {@link Heap#length} counts them, {@link #length} does not. Operations take time in
 * proportion to the length, {@link #hash} too.
 *
 * <p>Thread rule: as the heap.
 */
public final class Strings {

  /** The type of strings: not tracked. */
  public static final ObjectType TYPE =
      ObjectType.builder("string").tail(ValueLayout.JAVA_BYTE).build();

  private static final long LENGTH = ObjectType.HEADER_BYTES;
  private static final long FIRST = TYPE.tailOffset(0);

  private final Heap heap;
  private final Utf8Encoder encoder = new Utf8Encoder();

  /**
   * Makes the face of a heap's strings.
   *
   * @param heap the heap
   */
  public Strings(Heap heap) {
    this.heap = heap;
  }

  /**
   * Makes a string.
   *
   * @param text its characters
   * @return an owned reference
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public long allocate(CharSequence text) {
    heap.collector(); // refuses other threads, before they change the encoder
    encoder.encode(text);
    long encoding = encoder.encodings();
    long string = heap.allocate(TYPE, encoder.length());
    if (encoder.encodings() != encoding) {
      encoder.encode(text); // a finalizer that ran in the allocation has used the encoder
    }
    heap.setBytes(string, FIRST, encoder.bytes(), 0, encoder.length());
    return string;
  }

  /**
   * How many bytes of UTF-8 a string has.
   *
   * @param string a live string
   * @return 0 or more
   */
  public int length(long string) {
    check(heap, string);
    int stored = heap.getInt(string, LENGTH);
    return isMarked(string, stored) ? stored - Utf8Encoder.MARK_BYTES : stored;
  }

  private boolean isMarked(long string, int stored) {
    return isMarked(heap, string, stored);
  }

  /** Whether a string ends with the mark of characters that UTF-8 cannot tell apart. */
  private static boolean isMarked(Heap heap, long string, int stored) {
    return stored != 0 && heap.getByte(string, FIRST + stored - 1) == Utf8Encoder.MARK;
  }

  /**
   * A byte of a string.
   *
   * @param string a live string
   * @param index from 0
   * @return a unit of UTF-8
   * @throws IndexOutOfBoundsException if there is no such byte
   */
  public byte byteAt(long string, int index) {
    Objects.checkIndex(index, length(string));
    return heap.getByte(string, FIRST + index);
  }

  /**
   * A copy as a Java string.
   *
   * @param string a live string
   * @return a new Java string
   */
  public String toString(long string) {
    byte[] bytes = new byte[length(string)];
    heap.getBytes(string, FIRST, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * The hash of a string: what {@link String#hashCode} is for the characters it was made of. It is
   * not kept, so that strings take less memory; tables keep those of their keys.
   *
   * @param string a live string
   * @return the same for equal strings, in any heap
   */
  public int hash(long string) {
    return hash(heap, string);
  }

  static int hash(Heap heap, long string) {
    check(heap, string);
    int stored = heap.getInt(string, LENGTH);
    if (isMarked(heap, string, stored)) {
      return heap.getInt(string, FIRST + stored - Utf8Encoder.MARK_BYTES);
    }
    int hash = 0;
    int i = 0;
    for (; i + Long.BYTES <= stored; i += Long.BYTES) {
      long word = heap.getLong(string, FIRST + i);
      if (!Utf8Encoder.isAscii(word)) {
        break;
      }
      hash = Utf8Encoder.hashOfAscii(hash, word);
    }
    return i == stored ? hash : hashOfRest(heap, string, hash, i, stored);
  }

  /** Goes on with a hash from an index where a character begins. */
  private static int hashOfRest(Heap heap, long string, int begun, int from, int end) {
    int hash = begun;
    int i = from;
    while (i < end) {
      int first = heap.getByte(string, FIRST + i++) & 0xFF;
      if (first < 0x80) {
        hash = 31 * hash + first;
        continue;
      }
      int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
      int point = first & 0x3F >> more;
      for (int k = 0; k < more; k++) {
        point = point << 6 | heap.getByte(string, FIRST + i++) & 0x3F;
      }
      hash =
          more < 3
              ? 31 * hash + point
              : 31 * (31 * hash + Character.highSurrogate(point)) + Character.lowSurrogate(point);
    }
    return hash;
  }

  /**
   * Whether two strings have the same bytes.
   *
   * @param one a live string
   * @param other a live string
   * @return true if they do
   */
  public boolean equals(long one, long other) {
    return equals(heap, one, other);
  }

  static boolean equals(Heap heap, long one, long other) {
    check(heap, one);
    check(heap, other);
    return one == other
        || heap.getInt(one, LENGTH) == heap.getInt(other, LENGTH)
            && Bytes.mismatch(heap, one, FIRST, other, FIRST, heap.getInt(one, LENGTH)) < 0;
  }

  /**
   * Whether a string has these characters. Makes no Java object.
   *
   * @param string a live string
   * @param text characters
   * @return true if it has
   */
  public boolean contentEquals(long string, CharSequence text) {
    check(heap, string);
    encoder.encode(text);
    return equalsEncoded(string);
  }

  /**
   * Compares two strings by their code points.
   *
   * @param one a live string
   * @param other a live string
   * @return less than 0, 0 or more than 0, as the first is less, equal or greater
   */
  public int compare(long one, long other) {
    return Bytes.compare(heap, one, FIRST, length(one), other, FIRST, length(other));
  }

  // ----------------------------------------------------------------------- for the maps

  /** Encodes characters, for {@link #equalsEncoded}. */
  void encode(CharSequence text) {
    encoder.encode(text);
  }

  /** Whether a string, which was checked, is what was encoded last. */
  boolean equalsEncoded(long string) {
    int length = encoder.length();
    if (heap.getInt(string, LENGTH) != length) {
      return false;
    }
    byte[] bytes = encoder.bytes();
    int last = length - Long.BYTES;
    for (int i = 0; i < last; i += Long.BYTES) {
      if (heap.getLong(string, FIRST + i) != Utf8Encoder.word(bytes, i)) {
        return false;
      }
    }
    if (last >= 0) { // it may have bytes in common with the one before
      return heap.getLong(string, FIRST + last) == Utf8Encoder.word(bytes, last);
    }
    for (int i = 0; i < length; i++) {
      if (heap.getByte(string, FIRST + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** The same, of a string that begins at a place of the heap's memory. */
  boolean equalsEncodedAt(ConfinedHeap quick, long place) {
    int length = encoder.length();
    if (quick.intAt(place + LENGTH) != length) {
      return false;
    }
    byte[] bytes = encoder.bytes();
    long first = place + FIRST;
    int last = length - Long.BYTES;
    for (int i = 0; i < last; i += Long.BYTES) {
      if (quick.longAt(first + i) != Utf8Encoder.word(bytes, i)) {
        return false;
      }
    }
    if (last >= 0) { // it may have bytes in common with the one before
      return quick.longAt(first + last) == Utf8Encoder.word(bytes, last);
    }
    for (int i = 0; i < length; i++) {
      if ((byte) quick.intAt(first + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static void check(Heap heap, long string) {
    if (heap.typeOf(string) != TYPE) {
      throw new InvalidReferenceException(
          heap.options().name(),
          string,
          Kind.WRONG_TYPE,
          "is of type " + heap.typeOf(string).name() + ", and no string");
    }
  }
}
