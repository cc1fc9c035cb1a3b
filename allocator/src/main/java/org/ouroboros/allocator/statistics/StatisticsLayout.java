package org.ouroboros.allocator.statistics;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The layout of a statistics file: a header and then {@code capacity} entries, side by side. All
 * numbers are little-endian; times are milliseconds since 1970, 0 where unknown.
 *
 * <pre>
 *   header            0         8         16          32          40        48        56       64
 *   +---------+---------+---------+-----------+-----------+---------+---------+---------+
 *   | magic   | version | pid     | started   | capacity  | state   | sampled | dropped |
 *   | 8 bytes | int     | long    | long      | int       | int     | long    | long    |
 *   |         | header  |         | (of the   | entry     | used    |         |         |
 *   |         | bytes   |         |  process) | bytes     | entries |         |         |
 *   |         | int     |         |           | int       | int     |         |         |
 *   +---------+---------+---------+-----------+-----------+---------+---------+---------+
 *
 *   entry             0          8       12       16     24     32      36        40        128
 *   +----------+-------+--------+------+------+-------+---------+---------+-------------+
 *   | sequence | kind  | state  | id   | time | name  | figures | name    | figures     |
 *   | long     | int   | int    | long | long | bytes | count   | (UTF-8, | 48 longs    |
 *   |          |       |        |      |      | int   | int     | 88)     |             |
 *   +----------+-------+--------+------+------+-------+---------+---------+-------------+
 * </pre>
 *
 * <p>State: 1 running, 2 ended. Kind: 0 never used, else {@link EntryKind#number}. An entry whose
 * owner has ended may be given to another one, which has another id: ids rise and are never used
 * twice. {@code used} entries from the first one have been given away so far.
 *
 * <p><b>Sequence lock.</b> Whoever writes an entry makes its sequence odd, writes, and makes it
 * even again, one higher. A reader takes what it read only if the sequence was even before and the
 * same afterwards. A sequence that stays odd is that of a process that died while it wrote. There
 * is one writer at a time, which never waits for a reader. The header has no lock: each of its
 * numbers is written as a whole.
 */
final class StatisticsLayout {

  static final int VERSION = 1;
  static final int HEADER_BYTES = 64;
  static final int ENTRY_BYTES = 512;
  static final int MAX_NAME = 88;
  static final int MAX_FIGURES = 48;

  static final int RUNNING = 1;
  static final int ENDED = 2;

  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final long MAGIC_AT = 0;
  static final long VERSION_AT = 8;
  static final long HEADER_BYTES_AT = 12;
  static final long PID_AT = 16;
  static final long STARTED_AT = 24;
  static final long CAPACITY_AT = 32;
  static final long ENTRY_BYTES_AT = 36;
  static final long STATE_AT = 40;
  static final long USED_AT = 44;
  static final long SAMPLED_AT = 48;
  static final long DROPPED_AT = 56;

  private static final long KIND = 8;
  private static final long ENTRY_STATE = 12;
  private static final long ID = 16;
  private static final long TIME = 24;
  private static final long NAME_BYTES = 32;
  private static final long COUNT = 36;
  private static final long NAME = 40;
  private static final long FIGURES = 128;

  private static final VarHandle LONGS = LONG.varHandle();
  private static final VarHandle INTS = INT.varHandle();

  /** How often a reader looks at an entry that is being written before it gives up. */
  private static final int MOST_LOOKS = 10_000;

  /** The first eight bytes, {@code OUROSTAT}. */
  static final long MAGIC = magic("OUROSTAT");

  private StatisticsLayout() {}

  private static long magic(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return MemorySegment.ofArray(bytes).get(LONG.withByteAlignment(1), 0);
  }

  static long fileBytes(int capacity) {
    return HEADER_BYTES + (long) ENTRY_BYTES * capacity;
  }

  static long entryAt(int index) {
    return fileBytes(index);
  }

  // ------------------------------------------------------------------------ numbers

  static void setLong(MemorySegment file, long at, long value) {
    LONGS.setRelease(file, at, value);
  }

  static long getLong(MemorySegment file, long at) {
    return (long) LONGS.getAcquire(file, at);
  }

  static void setInt(MemorySegment file, long at, int value) {
    INTS.setRelease(file, at, value);
  }

  static int getInt(MemorySegment file, long at) {
    return (int) INTS.getAcquire(file, at);
  }

  // ------------------------------------------------------------------------ writing

  /** Changes an entry under its sequence lock. The caller sees to it that it is alone. */
  private static void locked(MemorySegment file, long entry, Runnable change) {
    long odd = (long) LONGS.getOpaque(file, entry) | 1;
    LONGS.setOpaque(file, entry, odd);
    VarHandle.storeStoreFence();
    change.run();
    LONGS.setRelease(file, entry, odd + 1);
  }

  /** Gives an entry away. */
  static void begin(MemorySegment file, long entry, EntryKind kind, long id, byte[] name) {
    locked(
        file,
        entry,
        () -> {
          INTS.setOpaque(file, entry + KIND, kind.number());
          INTS.setOpaque(file, entry + ENTRY_STATE, RUNNING);
          LONGS.setOpaque(file, entry + ID, id);
          LONGS.setOpaque(file, entry + TIME, 0L);
          INTS.setOpaque(file, entry + NAME_BYTES, name.length);
          INTS.setOpaque(file, entry + COUNT, 0);
          MemorySegment.copy(
              MemorySegment.ofArray(name), 0, file, entry + NAME, Math.min(name.length, MAX_NAME));
        });
  }

  /** Writes the figures of an entry. */
  static void write(MemorySegment file, long entry, long time, long[] figures) {
    locked(
        file,
        entry,
        () -> {
          LONGS.setOpaque(file, entry + TIME, time);
          INTS.setOpaque(file, entry + COUNT, figures.length);
          for (int i = 0; i < figures.length; i++) {
            LONGS.setOpaque(file, entry + FIGURES + i * 8L, figures[i]);
          }
        });
  }

  /** Notes that the owner of an entry has ended. */
  static void end(MemorySegment file, long entry) {
    locked(file, entry, () -> INTS.setOpaque(file, entry + ENTRY_STATE, ENDED));
  }

  /** A name in UTF-8, cut between two characters if it is too long. */
  static byte[] nameBytes(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_NAME) {
      return bytes;
    }
    int end = MAX_NAME;
    while ((bytes[end] & 0xC0) == 0x80) { // in the middle of a character
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }

  // ------------------------------------------------------------------------ reading

  /**
   * Reads an entry.
   *
   * @return what was read; {@link EntryReading#torn} if it was being written all the time
   */
  static EntryReading read(MemorySegment file, long entry) {
    for (int look = 0; look < MOST_LOOKS; look++) {
      long before = (long) LONGS.getAcquire(file, entry);
      if ((before & 1) == 0) {
        EntryReading reading = readOnce(file, entry, false);
        VarHandle.loadLoadFence();
        if ((long) LONGS.getOpaque(file, entry) == before) {
          return reading;
        }
      }
      Thread.onSpinWait();
    }
    return readOnce(file, entry, true);
  }

  private static EntryReading readOnce(MemorySegment file, long entry, boolean torn) {
    // Whatever stands there may be half written, or not ours: no number is trusted.
    int nameBytes = Math.clamp((int) INTS.getOpaque(file, entry + NAME_BYTES), 0, MAX_NAME);
    byte[] name = new byte[nameBytes];
    MemorySegment.copy(file, entry + NAME, MemorySegment.ofArray(name), 0, nameBytes);
    long[] figures =
        new long[Math.clamp((int) INTS.getOpaque(file, entry + COUNT), 0, MAX_FIGURES)];
    for (int i = 0; i < figures.length; i++) {
      figures[i] = (long) LONGS.getOpaque(file, entry + FIGURES + i * 8L);
    }
    return new EntryReading(
        (long) LONGS.getOpaque(file, entry + ID),
        EntryKind.of((int) INTS.getOpaque(file, entry + KIND)),
        new String(name, StandardCharsets.UTF_8),
        (int) INTS.getOpaque(file, entry + ENTRY_STATE) == ENDED,
        torn,
        (long) LONGS.getOpaque(file, entry + TIME),
        figures);
  }
}
