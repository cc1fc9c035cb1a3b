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

  /** Room behind the text, for the hash. */
  private static final int PADDING = Long.BYTES;

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

  int hash() {
    long hash = Hashes.begin(length);
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      hash = Hashes.add(hash, word(bytes, i));
    }
    WORDS.set(bytes, length, 0L); // so that the last word ends with zeros
    return Hashes.end(Hashes.add(hash, word(bytes, i)));
  }

  void encode(CharSequence text) {
    encodings++;
    int count = text.length();
    if (bytes.length - PADDING < count) {
      int doubled = (int) Math.min(2L * bytes.length, 1 << 30);
      bytes = new byte[Math.max(Math.addExact(count, PADDING), doubled)];
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
    for (int i = from; i < count; i++) {
      char c = text.charAt(i);
      if (bytes.length - length < 4 + PADDING) {
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
      }
    }
  }

  private void put(int value) {
    bytes[length++] = (byte) value;
  }
}
