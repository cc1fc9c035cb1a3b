package org.ouroboros.collector.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.CollectionListener.Summary;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.report.CollectionRecorder.Interval;

/** The recorder: what it sums up, and that it stays as small as it is. */
class CollectionRecorderTest {

  private static final ObjectType PAIR =
      ObjectType.builder("pair").references("left", "right").build();

  private long now = 1_000;

  private Summary summary(int generation, int collected, long nanos) {
    return new Summary(generation, collected, 0, 10, nanos);
  }

  @Test
  void collectionsOfAnInterval() {
    try (Heap heap = Heap.ofConfined()) {
      CollectionRecorder recorder = new CollectionRecorder(heap, () -> now);
      assertThat(recorder.intervals()).isEmpty();
      heap.allocate(PAIR);
      recorder.onStop(summary(0, 3, 50));
      now += 500_000;
      recorder.onStop(summary(0, 4, 20));
      recorder.onStop(summary(2, 5, 700));
      now += 2_000_000;
      recorder.onStop(summary(1, 0, 90));
      long committed = heap.stats().committedBytes();
      assertThat(recorder.intervals())
          .containsExactly(
              new Interval(0, List.of(2L, 0L, 1L), List.of(50L, 0L, 700L), 12, 1, committed),
              new Interval(1_000_000, List.of(0L, 0L, 0L), List.of(0L, 0L, 0L), 0, -1, -1),
              new Interval(2_000_000, List.of(0L, 1L, 0L), List.of(0L, 90L, 0L), 0, -1, -1));
    }
  }

  @Test
  void howeverLongItIsNothingIsLostAndIntervalsAreBounded() {
    Random random = new Random(3);
    try (Heap heap = Heap.ofConfined()) {
      CollectionRecorder recorder = new CollectionRecorder(heap, () -> now);
      long begin = now;
      long[] counts = new long[3];
      long[] longest = new long[3];
      long collected = 0;
      for (int i = 0; i < 20_000; i++) {
        now += (long) (Math.exp(random.nextDouble() * 20) / 10);
        int generation = random.nextInt(3);
        int freed = random.nextInt(100);
        long nanos = random.nextInt(1 << 20);
        counts[generation]++;
        collected += freed;
        longest[generation] = Math.max(longest[generation], nanos);
        if (i % 100 == 0) {
          heap.allocate(PAIR);
        }
        recorder.onStop(summary(generation, freed, nanos));
      }
      List<Interval> intervals = recorder.intervals();
      assertThat(intervals).hasSizeBetween(CollectionRecorder.INTERVALS / 2, 512);
      assertThat(intervals.size() * recorder.widthNanos()).isGreaterThan(now - begin);
      assertThat((intervals.size() - 1) * recorder.widthNanos()).isLessThanOrEqualTo(now - begin);
      for (int g = 0; g < 3; g++) {
        int generation = g;
        assertThat(intervals.stream().mapToLong(i -> i.collections().get(generation)).sum())
            .isEqualTo(counts[g]);
        assertThat(intervals.stream().mapToLong(i -> i.longestNanos().get(generation)).max())
            .hasValue(longest[g]);
      }
      assertThat(intervals.stream().mapToLong(Interval::collected).sum()).isEqualTo(collected);
      long before = 0;
      for (Interval interval : intervals) {
        if (interval.liveObjects() >= 0) {
          assertThat(interval.liveObjects()).isBetween(before, heap.stats().liveObjects());
          before = interval.liveObjects();
        }
      }
      assertThat(before).isGreaterThan(190);
    }
  }

  @Test
  void attachedItIsToldOfCollectionsUntilItIsRemoved() {
    try (Heap heap = Heap.ofConfined()) {
      CollectionRecorder recorder = CollectionRecorder.attach(heap);
      long object = heap.allocate(PAIR);
      heap.setRef(object, 0, object);
      heap.release(object);
      heap.collector().collect();
      heap.collector().collect(0);
      heap.collector().removeListener(recorder);
      heap.collector().collect();
      List<Interval> intervals = recorder.intervals();
      assertThat(intervals.stream().mapToLong(i -> i.collections().get(2)).sum()).isEqualTo(1);
      assertThat(intervals.stream().mapToLong(i -> i.collections().get(0)).sum()).isEqualTo(1);
      assertThat(intervals.stream().mapToLong(Interval::collected).sum()).isEqualTo(1);
    }
  }
}
