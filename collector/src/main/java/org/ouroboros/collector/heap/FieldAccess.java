package org.ouroboros.collector.heap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_CHAR_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.HeapOptions;

/**
 * The primitive fields of objects: every access finds the place and then is one load or store.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class FieldAccess extends HeapReferences permits PlaceAccess {

  FieldAccess(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
  }

  /** Where a field that is read is in the memory. */
  private long field(long ref, long offset, int bytes) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? (id << 4) + offset : checks.field(ref, offset, bytes);
  }

  /** Where a field that is written is in the memory. */
  private long fieldForUpdate(long ref, long offset, int bytes) {
    checkThread();
    long id = ref ^ tag;
    return isQuick(id) ? (id << 4) + offset : checks.fieldForUpdate(ref, offset, bytes);
  }

  public final byte getByte(long ref, long offset) {
    return memory().get(JAVA_BYTE, field(ref, offset, Byte.BYTES));
  }

  public final void setByte(long ref, long offset, byte value) {
    memory().set(JAVA_BYTE, fieldForUpdate(ref, offset, Byte.BYTES), value);
  }

  public final boolean getBoolean(long ref, long offset) {
    return getByte(ref, offset) != 0;
  }

  public final void setBoolean(long ref, long offset, boolean value) {
    setByte(ref, offset, (byte) (value ? 1 : 0));
  }

  public final short getShort(long ref, long offset) {
    return memory().get(JAVA_SHORT_UNALIGNED, field(ref, offset, Short.BYTES));
  }

  public final void setShort(long ref, long offset, short value) {
    memory().set(JAVA_SHORT_UNALIGNED, fieldForUpdate(ref, offset, Short.BYTES), value);
  }

  public final char getChar(long ref, long offset) {
    return memory().get(JAVA_CHAR_UNALIGNED, field(ref, offset, Character.BYTES));
  }

  public final void setChar(long ref, long offset, char value) {
    memory().set(JAVA_CHAR_UNALIGNED, fieldForUpdate(ref, offset, Character.BYTES), value);
  }

  public final int getInt(long ref, long offset) {
    long id = ref ^ tag;
    long place = (id << 4) + offset;
    return isQuickHere(id) && isQuickPlace(place)
        ? quickGetInt(quickAddress(place))
        : getIntSlowly(ref, offset);
  }

  private int getIntSlowly(long ref, long offset) {
    return memory().get(JAVA_INT_UNALIGNED, field(ref, offset, Integer.BYTES));
  }

  public final void setInt(long ref, long offset, int value) {
    long id = ref ^ tag;
    long place = (id << 4) + offset;
    if (isQuickHere(id) && isQuickPlace(place)) {
      quickSetInt(quickAddress(place), value);
    } else {
      setIntSlowly(ref, offset, value);
    }
  }

  private void setIntSlowly(long ref, long offset, int value) {
    memory().set(JAVA_INT_UNALIGNED, fieldForUpdate(ref, offset, Integer.BYTES), value);
  }

  public final long getLong(long ref, long offset) {
    long id = ref ^ tag;
    long place = (id << 4) + offset;
    return isQuickHere(id) && isQuickPlace(place)
        ? quickGet(quickAddress(place))
        : getLongSlowly(ref, offset);
  }

  private long getLongSlowly(long ref, long offset) {
    return memory().get(JAVA_LONG_UNALIGNED, field(ref, offset, Long.BYTES));
  }

  public final void setLong(long ref, long offset, long value) {
    long id = ref ^ tag;
    long place = (id << 4) + offset;
    if (isQuickHere(id) && isQuickPlace(place)) {
      quickSet(quickAddress(place), value);
    } else {
      setLongSlowly(ref, offset, value);
    }
  }

  private void setLongSlowly(long ref, long offset, long value) {
    memory().set(JAVA_LONG_UNALIGNED, fieldForUpdate(ref, offset, Long.BYTES), value);
  }

  public final float getFloat(long ref, long offset) {
    return memory().get(JAVA_FLOAT_UNALIGNED, field(ref, offset, Float.BYTES));
  }

  public final void setFloat(long ref, long offset, float value) {
    memory().set(JAVA_FLOAT_UNALIGNED, fieldForUpdate(ref, offset, Float.BYTES), value);
  }

  public final double getDouble(long ref, long offset) {
    return memory().get(JAVA_DOUBLE_UNALIGNED, field(ref, offset, Double.BYTES));
  }

  public final void setDouble(long ref, long offset, double value) {
    memory().set(JAVA_DOUBLE_UNALIGNED, fieldForUpdate(ref, offset, Double.BYTES), value);
  }

  public final void getBytes(long ref, long offset, byte[] to, int at, int count) {
    Objects.checkFromIndexSize(at, count, to.length);
    MemorySegment.copy(memory(), JAVA_BYTE, field(ref, offset, count), to, at, count);
  }

  public final void setBytes(long ref, long offset, byte[] from, int at, int count) {
    Objects.checkFromIndexSize(at, count, from.length);
    MemorySegment.copy(from, at, memory(), JAVA_BYTE, fieldForUpdate(ref, offset, count), count);
  }

  public final void copyBytes(long from, long fromOffset, long to, long toOffset, int count) {
    if (count < 0) {
      throw new IllegalArgumentException(count + " bytes to be copied");
    }
    long source = field(from, fromOffset, count);
    long target = fieldForUpdate(to, toOffset, count);
    MemorySegment.copy(memory(), source, memory(), target, count);
  }
}
