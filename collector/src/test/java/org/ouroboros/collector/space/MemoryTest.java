package org.ouroboros.collector.space;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.ObjectType;

/** What the paged space makes of memory: objects do not overlap, and little is lost. */
class MemoryTest {

  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final ObjectType BYTES = ObjectType.array("bytes", ValueLayout.JAVA_BYTE);
  private static final ObjectType ALIGNED =
      ObjectType.builder("aligned").field("field", ValueLayout.JAVA_LONG).alignment(256).build();

  @Test
  void pairsTakeLittleMoreThanSixteenBytes() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT)) {
      heap.collector().disable();
      int count = 1 << 18;
      long[] refs = new long[count];
      for (int i = 0; i < count; i++) {
        refs[i] = heap.allocate(PAIR);
      }
      HeapStats stats = heap.stats();
      assertThat(stats.liveBytes()).isEqualTo(16L * count);
      assertThat(stats.committedBytes() + stats.metadataBytes())
          .isLessThanOrEqualTo(16L * count * 110 / 100);
      for (long ref : refs) {
        heap.release(ref);
      }
      assertThat(heap.stats().liveBytes()).isZero();
      heap.collector().collect();
      long aligned = heap.allocate(ALIGNED);
      long address = heap.segment(aligned).address() - ALIGNED.bodyOffset();
      assertThat(address % ALIGNED.alignment()).isZero();
    }
  }

  /** Blocks, runs of units and whole pages, made and freed in random order, keep their content. */
  @Test
  void objectsOfAllSizesKeepWhatIsTheirs() {
    Random random = new Random(1);
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT)) {
      long[] refs = new long[600];
      int[] lengths = new int[refs.length];
      for (int round = 0; round < 60_000; round++) {
        int i = random.nextInt(refs.length);
        if (refs[i] != Heap.NULL) {
          check(heap, refs[i], lengths[i], (byte) i);
          heap.release(refs[i]);
        }
        lengths[i] = length(random);
        refs[i] = heap.allocate(BYTES, lengths[i]);
        fill(heap, refs[i], lengths[i], (byte) i);
      }
      assertThat(heap.inspector().verify()).isEmpty();
      for (int i = 0; i < refs.length; i++) {
        check(heap, refs[i], lengths[i], (byte) i);
        heap.release(refs[i]);
      }
      HeapStats stats = heap.stats();
      assertThat(stats.liveBytes()).isZero();
      assertThat(heap.inspector().verify()).isEmpty();
    }
  }

  /** Nothing but what is kept at hand for each size stays in use, and the memory is used again. */
  @Test
  void memoryOfTheDeadIsUsedForOtherSizes() {
    HeapOptions options = HeapOptions.DEFAULT.withReservation(8 << 20);
    try (Heap heap = Heap.ofConfined(options)) {
      for (int bytes = 20; bytes < 200_000; bytes += bytes / 3) {
        int count = (6 << 20) / (bytes + bytes / 8 + 128);
        if (bytes > 60_000) {
          count /= 2;
        }
        long[] refs = new long[count];
        for (int i = 0; i < count; i++) {
          refs[i] = heap.allocate(BYTES, bytes);
        }
        for (int i = 0; i < count; i++) {
          heap.release(refs[(int) (i * 7919L % count)]);
          refs[(int) (i * 7919L % count)] = Heap.NULL;
        }
        for (long ref : refs) {
          heap.release(ref);
        }
        assertThat(heap.stats().liveObjects()).isZero();
      }
    }
  }

  private static int length(Random random) {
    int kind = random.nextInt(100);
    int most = kind < 80 ? 600 : kind < 95 ? 5_000 : kind < 99 ? 70_000 : 300_000;
    return random.nextInt(most);
  }

  private static void fill(Heap heap, long ref, int length, byte value) {
    for (int at = 0; at < length; at += Math.max(1, length / 8)) {
      assertThat(heap.getByte(ref, BYTES.tailOffset(at))).isZero();
      heap.setByte(ref, BYTES.tailOffset(at), value);
    }
    if (length > 0) {
      heap.setByte(ref, BYTES.tailOffset(length - 1), value);
    }
  }

  private static void check(Heap heap, long ref, int length, byte value) {
    assertThat(heap.length(ref)).isEqualTo(length);
    for (int at = 0; at < length; at += Math.max(1, length / 8)) {
      assertThat(heap.getByte(ref, BYTES.tailOffset(at))).isEqualTo(value);
    }
    if (length > 0) {
      assertThat(heap.getByte(ref, BYTES.tailOffset(length - 1))).isEqualTo(value);
    }
  }
}
