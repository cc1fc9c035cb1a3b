package org.ouroboros.collector.heap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_CHAR_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.ref.Reference;
import org.ouroboros.collector.HeapOptions;

/**
 * The primitive fields of a shared heap's objects: plain loads and stores, as of Java's own fields.
 *
 * <p>They do not ask whether the world is stopped. Who calls owns the object, so nobody frees it
 * meanwhile; and what stops the world reads and writes headers, lengths and references, which are
 * no fields. An access that races with the close reads or writes memory that is still mapped: see
 * {@link SharedWorld#retire}.
 *
 * <p>Thread rule: any thread. Two threads that use one field at the same time order that by
 * themselves, as with a Java field that is not volatile.
 */
abstract sealed class SharedFields extends SharedWorld permits SharedSlots {

  SharedFields(HeapOptions options) {
    super(options);
  }

  public final byte getByte(long ref, long offset) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        return memory().get(JAVA_BYTE, address(place));
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return getByteSlowly(ref, offset);
  }

  private byte getByteSlowly(long ref, long offset) {
    stop();
    try {
      return core.getByte(ref, offset);
    } finally {
      resume();
    }
  }

  public final void setByte(long ref, long offset, byte value) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        memory().set(JAVA_BYTE, address(place), value);
      } finally {
        Reference.reachabilityFence(this);
      }
    } else {
      setByteSlowly(ref, offset, value);
    }
  }

  private void setByteSlowly(long ref, long offset, byte value) {
    stop();
    try {
      core.setByte(ref, offset, value);
    } finally {
      resume();
    }
  }

  public final short getShort(long ref, long offset) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        return memory().get(JAVA_SHORT_UNALIGNED, address(place));
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return getShortSlowly(ref, offset);
  }

  private short getShortSlowly(long ref, long offset) {
    stop();
    try {
      return core.getShort(ref, offset);
    } finally {
      resume();
    }
  }

  public final void setShort(long ref, long offset, short value) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        memory().set(JAVA_SHORT_UNALIGNED, address(place), value);
      } finally {
        Reference.reachabilityFence(this);
      }
    } else {
      setShortSlowly(ref, offset, value);
    }
  }

  private void setShortSlowly(long ref, long offset, short value) {
    stop();
    try {
      core.setShort(ref, offset, value);
    } finally {
      resume();
    }
  }

  public final char getChar(long ref, long offset) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        return memory().get(JAVA_CHAR_UNALIGNED, address(place));
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return getCharSlowly(ref, offset);
  }

  private char getCharSlowly(long ref, long offset) {
    stop();
    try {
      return core.getChar(ref, offset);
    } finally {
      resume();
    }
  }

  public final void setChar(long ref, long offset, char value) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        memory().set(JAVA_CHAR_UNALIGNED, address(place), value);
      } finally {
        Reference.reachabilityFence(this);
      }
    } else {
      setCharSlowly(ref, offset, value);
    }
  }

  private void setCharSlowly(long ref, long offset, char value) {
    stop();
    try {
      core.setChar(ref, offset, value);
    } finally {
      resume();
    }
  }

  public final int getInt(long ref, long offset) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        return memory().get(JAVA_INT_UNALIGNED, address(place));
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return getIntSlowly(ref, offset);
  }

  private int getIntSlowly(long ref, long offset) {
    stop();
    try {
      return core.getInt(ref, offset);
    } finally {
      resume();
    }
  }

  public final void setInt(long ref, long offset, int value) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        memory().set(JAVA_INT_UNALIGNED, address(place), value);
      } finally {
        Reference.reachabilityFence(this);
      }
    } else {
      setIntSlowly(ref, offset, value);
    }
  }

  private void setIntSlowly(long ref, long offset, int value) {
    stop();
    try {
      core.setInt(ref, offset, value);
    } finally {
      resume();
    }
  }

  public final long getLong(long ref, long offset) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        return memory().get(JAVA_LONG_UNALIGNED, address(place));
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return getLongSlowly(ref, offset);
  }

  private long getLongSlowly(long ref, long offset) {
    stop();
    try {
      return core.getLong(ref, offset);
    } finally {
      resume();
    }
  }

  public final void setLong(long ref, long offset, long value) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        memory().set(JAVA_LONG_UNALIGNED, address(place), value);
      } finally {
        Reference.reachabilityFence(this);
      }
    } else {
      setLongSlowly(ref, offset, value);
    }
  }

  private void setLongSlowly(long ref, long offset, long value) {
    stop();
    try {
      core.setLong(ref, offset, value);
    } finally {
      resume();
    }
  }

  public final float getFloat(long ref, long offset) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        return memory().get(JAVA_FLOAT_UNALIGNED, address(place));
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return getFloatSlowly(ref, offset);
  }

  private float getFloatSlowly(long ref, long offset) {
    stop();
    try {
      return core.getFloat(ref, offset);
    } finally {
      resume();
    }
  }

  public final void setFloat(long ref, long offset, float value) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        memory().set(JAVA_FLOAT_UNALIGNED, address(place), value);
      } finally {
        Reference.reachabilityFence(this);
      }
    } else {
      setFloatSlowly(ref, offset, value);
    }
  }

  private void setFloatSlowly(long ref, long offset, float value) {
    stop();
    try {
      core.setFloat(ref, offset, value);
    } finally {
      resume();
    }
  }

  public final double getDouble(long ref, long offset) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        return memory().get(JAVA_DOUBLE_UNALIGNED, address(place));
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return getDoubleSlowly(ref, offset);
  }

  private double getDoubleSlowly(long ref, long offset) {
    stop();
    try {
      return core.getDouble(ref, offset);
    } finally {
      resume();
    }
  }

  public final void setDouble(long ref, long offset, double value) {
    long place = ((ref ^ tag) << 4) + offset;
    if (isQuick(ref ^ tag) && isQuickPlace(place)) {
      try {
        memory().set(JAVA_DOUBLE_UNALIGNED, address(place), value);
      } finally {
        Reference.reachabilityFence(this);
      }
    } else {
      setDoubleSlowly(ref, offset, value);
    }
  }

  private void setDoubleSlowly(long ref, long offset, double value) {
    stop();
    try {
      core.setDouble(ref, offset, value);
    } finally {
      resume();
    }
  }

  public final boolean getBoolean(long ref, long offset) {
    return getByte(ref, offset) != 0;
  }

  public final void setBoolean(long ref, long offset, boolean value) {
    setByte(ref, offset, (byte) (value ? 1 : 0));
  }

  public final void getBytes(long ref, long offset, byte[] to, int at, int count) {
    stop();
    try {
      core.getBytes(ref, offset, to, at, count);
    } finally {
      resume();
    }
  }

  public final void setBytes(long ref, long offset, byte[] from, int at, int count) {
    stop();
    try {
      core.setBytes(ref, offset, from, at, count);
    } finally {
      resume();
    }
  }

  public final void copyBytes(long from, long fromOffset, long to, long toOffset, int count) {
    stop();
    try {
      core.copyBytes(from, fromOffset, to, toOffset, count);
    } finally {
      resume();
    }
  }
}
