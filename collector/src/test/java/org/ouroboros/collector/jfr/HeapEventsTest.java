package org.ouroboros.collector.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.jfr.EventSettings;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** Recordings of what heaps do, read back. */
class HeapEventsTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();

  private static final ObjectType FAILING =
      ObjectType.builder("failing")
          .references(2)
          .finalizer(
              (heap, ref) -> {
                throw new IllegalStateException("on purpose");
              })
          .build();

  @TempDir Path directory;

  private List<RecordedEvent> record(Runnable work) throws Exception {
    Path file = directory.resolve("out.jfr");
    Path settings = directory.resolve("ouroboros.jfc");
    EventSettings.writeTo(settings);
    Map<String, String> all = Configuration.create(settings).getSettings();
    try (Recording recording = new Recording(all)) {
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file);
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name, Heap heap) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("org.ouroboros." + name))
        .filter(event -> event.getString("heap").equals(heap.options().name()))
        .toList();
  }

  private static void ring(Heap heap, ObjectType type) {
    long first = heap.allocate(type);
    long second = heap.allocate(type);
    heap.setRef(first, 0, second);
    heap.setRef(second, 0, first);
    heap.release(first);
    heap.release(second);
  }

  @Test
  void collectionsAreRecordedAsTheCollectorCountsThem() throws Exception {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withName("recorded"))) {
      List<RecordedEvent> events =
          record(
              () -> {
                for (int i = 0; i < 5000; i++) {
                  ring(heap, NODE);
                }
                heap.newWeak(heap.allocate(NODE));
                ring(heap, FAILING);
                heap.collector().collect();
              });
      List<RecordedEvent> collections = named(events, "Collection", heap);
      for (int generation = 0; generation <= Collector.OLDEST; generation++) {
        int number = generation;
        List<RecordedEvent> own =
            collections.stream().filter(e -> e.getInt("generation") == number).toList();
        GenerationStats stats = heap.collector().stats().get(generation);
        assertThat(own).hasSize((int) stats.collections());
        assertThat(own.stream().mapToLong(e -> e.getLong("collected")).sum())
            .isEqualTo(stats.collected());
        assertThat(own.stream().mapToLong(e -> e.getLong("candidates")).sum())
            .isEqualTo(stats.candidates());
        assertThat(own).noneMatch(e -> e.getBoolean("incremental"));
      }
      assertThat(
              named(events, "CollectionPhase", heap).stream()
                  .map(e -> e.getString("phase"))
                  .collect(Collectors.toSet()))
          .contains("mark", "subtract edges", "finalizers", "re-check", "sever and reclaim");
      RecordedEvent last = collections.getLast();
      assertThat(named(events, "CollectionPhase", heap).getLast().getEndTime())
          .isBeforeOrEqualTo(last.getEndTime());
      List<RecordedEvent> failures = named(events, "FinalizerError", heap);
      assertThat(failures).hasSize(2);
      assertThat(failures.getFirst().getString("kind")).isEqualTo("FINALIZER");
      assertThat(failures.getFirst().getString("type")).isEqualTo("failing");
      assertThat(failures.getFirst().getString("message")).isEqualTo("on purpose");
      assertThat(failures.getFirst().getString("thrown"))
          .isEqualTo(IllegalStateException.class.getName());
    }
  }

  @Test
  void slicesAreRecorded() throws Exception {
    try (Heap heap =
        Heap.ofConfined(HeapOptions.DEFAULT.withName("sliced").withIncremental(true))) {
      ring(heap, NODE);
      int[] steps = new int[1];
      List<RecordedEvent> events =
          record(
              () -> {
                do {
                  steps[0]++;
                } while (!heap.collector().step(0));
              });
      List<RecordedEvent> slices = named(events, "PauseSlice", heap);
      assertThat(slices).hasSize(steps[0]);
      assertThat(slices.getFirst().getString("phase")).isEqualTo("clear");
      assertThat(slices).extracting(e -> e.getString("phase")).contains("mark");
      assertThat(slices.stream().filter(e -> e.getBoolean("last"))).hasSize(1);
      assertThat(slices.getLast().getBoolean("last")).isTrue();
      List<RecordedEvent> collections = named(events, "Collection", heap);
      assertThat(collections).hasSize(1);
      assertThat(collections.getFirst().getBoolean("incremental")).isTrue();
      assertThat(collections.getFirst().getLong("collected")).isEqualTo(2);
    }
  }

  @Test
  void nothingIsMadeThatNobodyRecords() {
    assertThat(HeapEvents.beginCollection()).isNull();
    assertThat(HeapEvents.beginPhase()).isNull();
    assertThat(HeapEvents.beginSlice()).isNull();
  }
}
