package org.ouroboros.collector.hprof;

import java.lang.foreign.ValueLayout;

/** What a field or an element can be, by the numbers of the format. */
enum ValueType {
  OBJECT(2, 0, "[Ljava.lang.Object;"),
  BOOLEAN(4, 1, "[Z"),
  CHAR(5, 2, "[C"),
  FLOAT(6, 4, "[F"),
  DOUBLE(7, 8, "[D"),
  BYTE(8, 1, "[B"),
  SHORT(9, 2, "[S"),
  INT(10, 4, "[I"),
  LONG(11, 8, "[J");

  final byte code;

  /** Of a value, where that does not depend on the file. */
  private final int bytes;

  /** The name of the class of arrays. */
  final String array;

  ValueType(int code, int bytes, String array) {
    this.code = (byte) code;
    this.bytes = bytes;
    this.array = array;
  }

  /** The bytes of a value in a file. */
  int bytes(int idBytes) {
    return this == OBJECT ? idBytes : bytes;
  }

  /** What the values of a layout are; addresses are numbers. */
  static ValueType of(ValueLayout layout) {
    return switch (layout) {
      case ValueLayout.OfBoolean value -> BOOLEAN;
      case ValueLayout.OfByte value -> BYTE;
      case ValueLayout.OfChar value -> CHAR;
      case ValueLayout.OfShort value -> SHORT;
      case ValueLayout.OfInt value -> INT;
      case ValueLayout.OfFloat value -> FLOAT;
      case ValueLayout.OfLong value -> LONG;
      case ValueLayout.OfDouble value -> DOUBLE;
      default -> layout.byteSize() == Long.BYTES ? LONG : INT;
    };
  }
}
