package org.ouroboros.collector.collections;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Encodes characters into an array that is used again and again, so that looking a Java string up
 * makes no Java object. Thread rule: as the heap.
 */
final class Utf8Encoder {

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /**
   * The last byte of a text that has surrogates without partners, which are encoded as question
   * marks; before it is the text's hash, which tells such texts apart. In no UTF-8.
   */
  static final byte MARK = (byte) 0xFF;

  /** What such a text has behind its UTF-8. */
  static final int MARK_BYTES = Integer.BYTES + 1;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private byte[] bytes = new byte[64];
  private int length;
  private long encodings;

  /** The eight bytes at an index, as the heap reads a long. */
  static long word(byte[] bytes, int index) {
    return (long) WORDS.get(bytes, index);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** How often something was encoded: whether it is still what one has encoded oneself. */
  long encodings() {
    return encodings;
  }

  /** The hash that {@link String#hashCode} has for the same characters, and has mostly kept. */
  static int hash(CharSequence text) {
    if (text instanceof String string) {
      return string.hashCode();
    }
    int hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  /** Whether eight bytes, as {@link #word} reads them, are eight characters. */
  static boolean isAscii(long word) {
    return (word & NOT_ASCII) == 0;
  }

  /** Goes on with a hash by eight characters. */
  static int hashOfAscii(int begun, long word) {
    int hash = begun;
    long rest = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? word : Long.reverseBytes(word);
    for (int k = 0; k < Long.BYTES; k++) {
      hash = 31 * hash + (int) (rest & 0x7F);
      rest >>>= Byte.SIZE;
    }
    return hash;
  }

  void encode(CharSequence text) {
    encodings++;
    int count = text.length();
    if (bytes.length < count) {
      int doubled = (int) Math.min(2L * bytes.length, 1 << 30);
      bytes = new byte[Math.max(count, doubled)];
    }
    length = text instanceof String string ? ascii(string, count) : ascii(text, count);
    if (length < count) {
      encodeRest(text, length);
    }
  }

  /** Encodes the beginning that is ASCII; how many characters that is. */
  private int ascii(CharSequence text, int count) {
    byte[] to = bytes;
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return i;
      }
      to[i] = (byte) c;
    }
    return count;
  }

  /** The same for the class that most texts are of, so that the JIT need not ask for each one. */
  private int ascii(String text, int count) {
    byte[] to = bytes;
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return i;
      }
      to[i] = (byte) c;
    }
    return count;
  }

  private void encodeRest(CharSequence text, int from) {
    int count = text.length();
    boolean marked = false;
    for (int i = from; i < count; i++) {
      char c = text.charAt(i);
      if (bytes.length - length < 4) {
        bytes = Arrays.copyOf(bytes, Math.addExact(bytes.length, Math.max(64, bytes.length >> 1)));
      }
      if (c < 0x80) {
        put(c);
      } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | c & 0x3F);
      } else if (!Character.isSurrogate(c)) {
        put(0xE0 | c >> 12);
        put(0x80 | c >> 6 & 0x3F);
        put(0x80 | c & 0x3F);
      } else if (i + 1 < count && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        put(0xF0 | point >> 18);
        put(0x80 | point >> 12 & 0x3F);
        put(0x80 | point >> 6 & 0x3F);
        put(0x80 | point & 0x3F);
      } else {
        put('?');
        marked = true;
      }
    }
    if (marked) {
      mark(hash(text));
    }
  }

  private void mark(int hash) {
    if (bytes.length - length < MARK_BYTES) {
      bytes = Arrays.copyOf(bytes, Math.addExact(bytes.length, MARK_BYTES));
    }
    INTS.set(bytes, length, hash);
    length += Integer.BYTES;
    put(MARK);
  }

  private void put(int value) {
    bytes[length++] = (byte) value;
  }
}
