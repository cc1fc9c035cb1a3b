package org.ouroboros.allocator.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.budget.Budget;
import org.ouroboros.allocator.budget.BudgetExceededException;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.trace.TraceOptions;
import org.ouroboros.allocator.trace.TracingAllocator;

/** Recordings of what allocators do, read back. */
class AllocatorEventsTest {

  private static final long LARGE = 1 << 20;

  @TempDir Path directory;

  private List<RecordedEvent> record(Map<String, String> settings, Runnable work) throws Exception {
    Path file = directory.resolve("out.jfr");
    try (Recording recording = new Recording(settings)) {
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("org.ouroboros."))
        .toList();
  }

  private static Map<String, String> everything() throws Exception {
    try (InputStreamReader in =
        new InputStreamReader(EventSettings.open(), StandardCharsets.UTF_8)) {
      return Configuration.create(in).getSettings();
    }
  }

  private static long sum(List<RecordedEvent> events, String name) {
    return named(events, name).stream().mapToLong(event -> event.getLong("bytes")).sum();
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("org.ouroboros." + name))
        .toList();
  }

  @Test
  void whatIsCommittedAndPurgedIsRecorded() throws Exception {
    List<AllocatorStats> seen = new ArrayList<>();
    List<RecordedEvent> events =
        record(
            everything(),
            () -> {
              try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
                List<Long> blocks = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                  blocks.add(allocator.malloc(LARGE));
                }
                blocks.forEach(allocator::free);
                allocator.purge();
                seen.add(allocator.stats());
              }
            });
    assertThat(sum(events, "Commit")).isGreaterThanOrEqualTo(16 * LARGE);
    assertThat(sum(events, "Purge")).isEqualTo(seen.getFirst().purgedBytes());
    assertThat(named(events, "Purge").getLast().getLong("committed"))
        .isEqualTo(seen.getFirst().committedBytes());
  }

  @Test
  void whatOthersTellIsRecorded() throws Exception {
    List<RecordedEvent> events =
        record(
            everything(),
            () -> {
              assertThat(AllocatorEvents.isSampling()).isTrue();
              AllocatorEvents.sample("MEM", 100, 4096);
              AllocatorEvents.budgetExceeded("child", "parent", 10, 100, 95);
              AllocatorEvents.leak("some", 2, 200, "Main.main");
            });
    RecordedEvent sample = named(events, "AllocationSample").getFirst();
    assertThat(sample.getString("domain")).isEqualTo("MEM");
    assertThat(sample.getLong("size")).isEqualTo(100);
    assertThat(sample.getLong("weight")).isEqualTo(4096);
    assertThat(
            sample.getStackTrace().getFrames().stream()
                .map(frame -> frame.getMethod().getType().getName())
                .collect(Collectors.toSet()))
        .contains(AllocatorEventsTest.class.getName());
    RecordedEvent exceeded = named(events, "BudgetExceeded").getFirst();
    assertThat(exceeded.getString("budget")).isEqualTo("child");
    assertThat(exceeded.getString("ancestor")).isEqualTo("parent");
    assertThat(exceeded.getLong("requested")).isEqualTo(10);
    assertThat(exceeded.getLong("limit")).isEqualTo(100);
    assertThat(exceeded.getLong("allocated")).isEqualTo(95);
    RecordedEvent leak = named(events, "Leak").getFirst();
    assertThat(leak.getString("source")).isEqualTo("some");
    assertThat(leak.getLong("count")).isEqualTo(2);
    assertThat(leak.getLong("bytes")).isEqualTo(200);
    assertThat(leak.getString("where")).isEqualTo("Main.main");
  }

  @Test
  void budgetsSamplersAndDebuggersTell() throws Exception {
    List<RecordedEvent> events =
        record(
            everything(),
            () -> {
              try (OuroborosAllocator allocator = OuroborosAllocator.create();
                  Budget budget = Budget.root(allocator, "small").limit(LARGE).open()) {
                assertThatThrownBy(() -> budget.malloc(2 * LARGE))
                    .isInstanceOf(BudgetExceededException.class);
              }
              DebugAllocator.wrap(OuroborosAllocator.create()).malloc(77);
              try (DebugAllocator debug = DebugAllocator.wrap(OuroborosAllocator.create())) {
                debug.malloc(78);
              }
              try (TracingAllocator tracing =
                  TracingAllocator.wrap(
                      OuroborosAllocator.create(), TraceOptions.DEFAULT.withSampleBytes(1))) {
                tracing.malloc(LARGE);
              }
            });
    RecordedEvent exceeded = named(events, "BudgetExceeded").getFirst();
    assertThat(exceeded.getString("ancestor")).isEqualTo("small");
    assertThat(exceeded.getLong("requested")).isEqualTo(2 * LARGE);
    assertThat(exceeded.getLong("limit")).isEqualTo(LARGE);
    assertThat(named(events, "Leak")).hasSize(1);
    assertThat(named(events, "Leak").getFirst().getLong("bytes")).isEqualTo(78);
    assertThat(named(events, "AllocationSample").getFirst().getLong("size")).isEqualTo(LARGE);
  }

  @Test
  void nothingIsRecordedThatWasNotAskedFor() throws Exception {
    assertThat(AllocatorEvents.beginCommit()).isNull();
    assertThat(AllocatorEvents.beginPurge()).isNull();
    assertThat(AllocatorEvents.isSampling()).isFalse();
    List<RecordedEvent> events =
        record(
            Map.of("org.ouroboros.Leak#enabled", "true"),
            () -> {
              assertThat(AllocatorEvents.isSampling()).isFalse();
              AllocatorEvents.sample("MEM", 1, 1);
              AllocatorEvents.leak("some", 1, 1, "");
            });
    assertThat(events).hasSize(1);
  }

  @Test
  void theSettingsAreWrittenOnce() throws Exception {
    Path file = directory.resolve("ouroboros.jfc");
    EventSettings.writeTo(file);
    assertThat(Configuration.create(file).getSettings()).isEqualTo(everything());
    assertThat(everything()).containsEntry("org.ouroboros.AllocationSample#enabled", "true");
    String before = Files.readString(file);
    assertThatThrownBy(() -> EventSettings.writeTo(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(file)).isEqualTo(before);
  }
}
