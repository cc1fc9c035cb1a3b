package org.ouroboros.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** Offsets that no object has end in an exception at the end of the memory, and never behind it. */
class FieldBoundsTest {

  private static final ObjectType TYPE =
      ObjectType.builder("number").field("number", ValueLayout.JAVA_LONG).build();

  /** More than a new heap has. */
  private static final long FAR = 1L << 40;

  @Test
  void accessesOfEachSizeEndAtTheSameByte() {
    try (Heap heap = Heap.ofConfined()) {
      long object = heap.allocate(TYPE);
      long end = firstRefused(offset -> heap.getByte(object, offset)); // behind the last byte
      assertThat(firstRefused(offset -> heap.getInt(object, offset))).isEqualTo(end - 3);
      assertThat(firstRefused(offset -> heap.getLong(object, offset))).isEqualTo(end - 7);
      for (long offset = end - 7; offset < end + 16; offset++) {
        long at = offset;
        assertThatThrownBy(() -> heap.setLong(object, at, 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      for (long offset = end - 3; offset < end + 16; offset++) {
        long at = offset;
        assertThatThrownBy(() -> heap.setInt(object, at, 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      heap.release(object);
    }
  }

  @Test
  void offsetsBeforeTheMemoryAreRefused() {
    try (Heap heap = Heap.ofConfined()) {
      long object = heap.allocate(TYPE);
      long begin = -((object & 0xFFFF_FFFFL) << 4);
      for (long offset = begin - 16; offset < begin; offset++) {
        long at = offset;
        assertThatThrownBy(() -> heap.getLong(object, at))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> heap.getInt(object, at))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      heap.release(object);
    }
  }

  /** The least offset that is refused, by bisection: all above are too. */
  private static long firstRefused(LongConsumer access) {
    long allowed = TYPE.offset("number");
    long refused = FAR;
    while (refused - allowed > 1) {
      long middle = (allowed + refused) / 2;
      if (isRefused(access, middle)) {
        refused = middle;
      } else {
        allowed = middle;
      }
    }
    return refused;
  }

  private static boolean isRefused(LongConsumer access, long offset) {
    try {
      access.accept(offset);
      return false;
    } catch (IndexOutOfBoundsException e) {
      return true;
    }
  }
}
