package org.ouroboros.collector.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.statistics.EntryKind;
import org.ouroboros.allocator.statistics.EntryReading;
import org.ouroboros.allocator.statistics.ProcessStatistics;
import org.ouroboros.allocator.statistics.StatisticsReader;
import org.ouroboros.allocator.statistics.StatisticsSnapshot;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.ObjectType;

/** Heaps in the statistics file. */
class HeapStatisticsTest {

  private static final ObjectType NODE = ObjectType.builder("node").references("next").build();
  private static final HeapOptions NAMED = HeapOptions.DEFAULT.withName("graph");

  @TempDir private Path folder;

  @AfterEach
  void stop() {
    ProcessStatistics.stop();
  }

  private Path file() {
    return folder.resolve("h.stats");
  }

  private StatisticsSnapshot read() {
    try (StatisticsReader reader = StatisticsReader.open(file())) {
      return reader.read();
    }
  }

  private EntryReading only() {
    assertThat(read().entries()).hasSize(1);
    return read().entries().getFirst();
  }

  private static void cycle(Heap heap) {
    long ref = heap.allocate(NODE);
    heap.setRef(ref, 0, ref);
    heap.release(ref);
  }

  private static void assertThatSame(EntryReading read, Heap heap) {
    HeapStats stats = heap.stats();
    assertThat(HeapFigure.LIVE_OBJECTS.of(read)).isEqualTo(stats.liveObjects());
    assertThat(HeapFigure.TRACKED_OBJECTS.of(read)).isEqualTo(stats.trackedObjects());
    assertThat(HeapFigure.LIVE_BYTES.of(read)).isEqualTo(stats.liveBytes());
    assertThat(HeapFigure.COMMITTED_BYTES.of(read)).isEqualTo(stats.committedBytes());
    assertThat(HeapFigure.METADATA_BYTES.of(read)).isEqualTo(stats.metadataBytes());
    assertThat(HeapFigure.ALLOCATIONS.of(read)).isEqualTo(stats.allocations());
    assertThat(HeapFigure.FREES.of(read)).isEqualTo(stats.frees());
    for (int generation = 0; generation < 3; generation++) {
      assertThat(HeapFigure.generation(read, generation))
          .isEqualTo(heap.collector().stats().get(generation));
    }
  }

  @Test
  void shouldListHeapsByThemselvesWhenStatisticsAreOn() {
    ProcessStatistics.start(file());
    try (Heap heap = Heap.ofConfined(NAMED)) {
      assertThat(only().kind()).isEqualTo(EntryKind.HEAP);
      assertThat(only().name()).isEqualTo("graph");
      assertThatSame(only(), heap);
      assertThat(HeapFigure.LAST_GENERATION.of(only())).isEqualTo(-1);

      heap.allocate(NODE);
      cycle(heap);
      cycle(heap);
      CollectionListener.Summary[] seen = new CollectionListener.Summary[1];
      heap.collector()
          .addListener(
              new CollectionListener() {
                @Override
                public void onStop(Summary summary) {
                  seen[0] = summary;
                }
              });
      heap.collector().collect();

      assertThatSame(only(), heap);
      assertThat(HeapFigure.LAST_GENERATION.of(only())).isEqualTo(2);
      assertThat(HeapFigure.LAST_COLLECTED.of(only())).isEqualTo(2);
      assertThat(HeapFigure.LAST_UNCOLLECTABLE.of(only())).isZero();
      assertThat(HeapFigure.LAST_NANOS.of(only())).isEqualTo(seen[0].durationNanos());
    }
    assertThat(only().ended()).isTrue();
    assertThat(HeapFigure.LIVE_OBJECTS.of(only())).as("at the close").isEqualTo(1);
  }

  @Test
  void shouldListSharedHeapsToo() throws Exception {
    ProcessStatistics.start(file());
    try (Heap heap = Heap.ofShared(NAMED);
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      heap.allocate(NODE);
      other.submit(() -> HeapStatistics.publish(heap)).get();

      assertThatSame(only(), heap);
    }
    assertThat(only().ended()).isTrue();
  }

  @Test
  void shouldWriteTheFiguresWhenTheOwnerSaysSo() throws Exception {
    ProcessStatistics.start(file());
    try (Heap heap = Heap.ofConfined(NAMED);
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      heap.allocate(NODE);
      Future<?> wrong = other.submit(() -> HeapStatistics.publish(heap));
      assertThatThrownBy(wrong::get).hasCauseInstanceOf(WrongThreadException.class);
      Future<?> wrongToo = other.submit(() -> HeapStatistics.watch(heap, "x"));
      assertThatThrownBy(wrongToo::get).hasCauseInstanceOf(WrongThreadException.class);
      assertThat(HeapFigure.LIVE_OBJECTS.of(only())).isZero();

      HeapStatistics.publish(heap);

      assertThat(HeapFigure.LIVE_OBJECTS.of(only())).isEqualTo(1);
    }
  }

  @Test
  void shouldListAHeapThatIsOlderThanTheFile() {
    try (Heap heap = Heap.ofConfined(NAMED)) {
      assertThat(HeapStatistics.watch(heap, "early")).as("not on yet").isFalse();
      HeapStatistics.publish(heap);
      ProcessStatistics.start(file());

      assertThat(HeapStatistics.watch(heap, "late")).isTrue();
      assertThat(only().name()).isEqualTo("late");
    }
    Heap closed = Heap.ofConfined();
    closed.close();
    assertThatIllegalStateException().isThrownBy(() -> HeapStatistics.watch(closed, "x"));
  }

  @Test
  void shouldStopPublishingWhenStatisticsAreStopped() {
    ProcessStatistics.start(file());
    try (Heap heap = Heap.ofConfined(NAMED)) {
      ProcessStatistics.stop();
      heap.allocate(NODE);
      heap.collector().collect();
      HeapStatistics.publish(heap);

      assertThat(HeapFigure.LIVE_OBJECTS.of(only())).isZero();
      assertThat(heap.errors().entries()).isEmpty();
    }
  }

  @Test
  void shouldSayUnknownWhereAnEntryHasNoSuchFigure() {
    ProcessStatistics.start(file());
    var writer = ProcessStatistics.writer();
    assertThat(writer).isNotNull();
    writer.add(EntryKind.HEAP, "older").write(1);

    assertThat(HeapFigure.generation(only(), 2)).isEqualTo(new GenerationStats(-1, -1, -1, -1, -1));
    assertThat(HeapFigure.FREES.of(only())).isEqualTo(-1);
  }
}
