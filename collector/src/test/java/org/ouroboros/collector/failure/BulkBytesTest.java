package org.ouroboros.collector.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** Bytes that are copied in one go. */
class BulkBytesTest {

  private static final ObjectType BYTES = ObjectType.array("bytes", ValueLayout.JAVA_BYTE);
  private static final ObjectType MIXED =
      ObjectType.builder("mixed").references(1).tail(ValueLayout.JAVA_BYTE).build();

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void bytesAreCopiedInAndOutAndAmongObjects(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long a = heap.allocate(BYTES, 10);
      long b = heap.allocate(MIXED, 6);
      byte[] content = {1, 2, 3, 4, 5};
      heap.setBytes(a, BYTES.tailOffset(2), content, 1, 4);
      heap.copyBytes(a, BYTES.tailOffset(2), b, MIXED.tailOffset(1), 4);
      heap.copyBytes(a, BYTES.tailOffset(2), a, BYTES.tailOffset(3), 4); // overlapping
      byte[] copy = new byte[10];
      heap.getBytes(a, BYTES.tailOffset(0), copy, 0, 10);
      assertThat(copy).containsExactly(0, 0, 2, 2, 3, 4, 5, 0, 0, 0);
      heap.getBytes(b, MIXED.tailOffset(0), copy, 2, 6);
      assertThat(copy).containsExactly(0, 0, 0, 2, 3, 4, 5, 0, 0, 0);
      heap.getBytes(b, MIXED.tailOffset(6), copy, 10, 0);
      for (int count : new int[] {-1, 11}) {
        assertThatThrownBy(() -> heap.getBytes(a, BYTES.tailOffset(0), copy, 0, count))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> heap.setBytes(a, BYTES.tailOffset(0), copy, 0, count))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      assertThatThrownBy(() -> heap.copyBytes(a, BYTES.tailOffset(0), b, 0, -1))
          .isInstanceOf(IllegalArgumentException.class);
      heap.release(a);
      heap.release(b);
      Spaces.verify(heap);
    }
  }

  @Test
  void checkedModeFindsWhatIsOutsideTheObjectOrNotTheProgramsToWrite() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(HeapMode.CHECKED))) {
      long a = heap.allocate(BYTES, 10);
      long b = heap.allocate(MIXED, 10);
      byte[] ten = new byte[10];
      assertThatThrownBy(() -> heap.getBytes(a, BYTES.tailOffset(1), ten, 0, 10))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> heap.setBytes(a, BYTES.tailOffset(1), ten, 0, 10))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> heap.setBytes(a, ObjectType.HEADER_BYTES, ten, 0, 1)) // the length
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> heap.setBytes(b, MIXED.tailOffset(-1), ten, 0, 2)) // a reference
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> heap.copyBytes(a, BYTES.tailOffset(0), b, MIXED.tailOffset(1), 10))
          .isInstanceOf(InvalidReferenceException.class);
      heap.release(a);
      assertThatThrownBy(() -> heap.getBytes(a, BYTES.tailOffset(0), ten, 0, 1))
          .isInstanceOf(InvalidReferenceException.class);
      heap.release(b);
    }
  }
}
