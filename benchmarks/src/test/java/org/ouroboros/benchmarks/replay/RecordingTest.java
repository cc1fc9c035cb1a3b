package org.ouroboros.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.record.RecordingAllocator;

/** What the recorder writes is what the trace decoder reads. */
class RecordingTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"gcc-cc1plus", "ffmpeg-mt"})
  void shouldWriteTheTraceThatWasReplayed(String name) throws Exception {
    Trace trace = TraceBuilder.bundled(name);
    Path file = folder.resolve("copy.mtrace.gz");

    try (RecordingAllocator allocator =
        RecordingAllocator.wrap(OuroborosAllocator.create(), file)) {
      replay(trace, allocator);
    }

    assertSame(decode(file), trace);
  }

  @Test
  void shouldWriteTheExampleOfTheDescription() throws Exception {
    Path file = folder.resolve("example.mtrace.gz");
    try (RecordingAllocator allocator =
        RecordingAllocator.wrap(OuroborosAllocator.create(), file)) {
      replay(TraceBuilder.example().decode(), allocator);
      // Nothing of this is to be seen: frees of nothing, and calls that fail.
      allocator.free(0);
      assertThat(catchThrowable(() -> allocator.malloc(-1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(catchThrowable(() -> allocator.free(4096))).isInstanceOf(RuntimeException.class);
      allocator.flush();
      assertThat(allocator.recording().unknownBlocks()).isEqualTo(1);
    }
    Trace trace = decode(file);
    assertSame(trace, TraceBuilder.example().decode());
    assertThat(trace.header().recording()).isFalse();
  }

  @Test
  void shouldBeReadableWhileItIsWrittenAndWhereItIsCut() throws Exception {
    Path file = folder.resolve("part.mtrace.gz");
    try (RecordingAllocator allocator =
        RecordingAllocator.wrap(OuroborosAllocator.create(), file)) {
      long first = allocator.malloc(100);
      allocator.flush();
      assertThat(decode(file).callCount()).isEqualTo(1);
      long second = allocator.calloc(20, 10);
      allocator.free(first);
      allocator.flush();

      Trace part = decode(file);
      assertThat(part.callCount()).isEqualTo(3);
      assertThat(part.header().recording()).isTrue();
      assertThat(part.header().peakLiveBytes()).isEqualTo(300);
      assertThat(part.header().endLiveBlocks()).isEqualTo(1);
      byte[] whole = Files.readAllBytes(file);
      for (int length = whole.length; length > 4030; length--) {
        assertThat(TraceBuilder.decode(Arrays.copyOf(whole, length)).callCount())
            .isLessThanOrEqualTo(3);
      }
      allocator.free(second);
    }
    assertThat(decode(file).header().recording()).isFalse();
  }

  @Test
  void shouldBeReadableWhenTheProgramIsKilled() throws Exception {
    Path file = folder.resolve("killed.mtrace.gz");
    Process process = start(Endless.class, file);
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!Files.exists(file) || Files.size(file) < 100_000) {
        assertThat(process.isAlive() && System.nanoTime() < end).isTrue();
        Thread.sleep(20);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    Trace trace = decode(file);
    assertThat(trace.header().recording()).isTrue();
    assertThat(trace.callCount()).isGreaterThan(10_000);
    assertThat(trace.threads()).isEqualTo(2);
  }

  @Test
  void shouldBeCompleteWhenTheProgramEndsWithoutClosing() throws Exception {
    Path file = folder.resolve("ended.mtrace.gz");
    assertThat(start(Forgetful.class, file).waitFor()).isZero();
    Trace trace = decode(file);
    assertThat(trace.header().recording()).isFalse();
    assertThat(trace.callCount()).isEqualTo(Forgetful.CALLS);
  }

  /** Allocates on two threads until it is killed. */
  static final class Endless {
    private Endless() {}

    public static void main(String[] args) throws Exception {
      Allocator allocator = RecordingAllocator.wrap(OuroborosAllocator.create(), Path.of(args[0]));
      Thread.ofPlatform().daemon().start(() -> churn(allocator));
      churn(allocator);
    }

    private static void churn(Allocator allocator) {
      for (int i = 0; ; i++) {
        allocator.free(allocator.malloc(i & 1023));
        if (i % 1000 == 0) {
          Thread.onSpinWait();
        }
      }
    }
  }

  /** Chooses by name, and never closes. */
  static final class Forgetful {
    static final int CALLS = 1000;

    private Forgetful() {}

    public static void main(String[] args) {
      System.setProperty("ouroboros.record", args[0]);
      Allocator allocator = Allocators.of("ouroboros_record");
      for (int i = 0; i < CALLS; i++) {
        allocator.malloc(i);
      }
    }
  }

  private static Process start(Class<?> main, Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            file.toString())
        .inheritIO()
        .start();
  }

  private static Trace decode(Path file) throws IOException {
    try (var bytes = Files.newInputStream(file)) {
      return TraceDecoder.decode("test", file.toString(), bytes);
    }
  }

  private static void assertSame(Trace found, Trace wanted) {
    assertThat(found.callCount()).isEqualTo(wanted.callCount());
    int calls = wanted.callCount();
    assertThat(Arrays.mismatch(found.calls(), 0, calls, wanted.calls(), 0, calls)).isEqualTo(-1);
    assertThat(Arrays.mismatch(found.sizes(), 0, calls, wanted.sizes(), 0, calls)).isEqualTo(-1);
    assertThat(found.switchCall()).isEqualTo(wanted.switchCall());
    assertThat(found.switchTo()).isEqualTo(wanted.switchTo());
    assertThat(found.header().peakLiveBytes()).isEqualTo(wanted.header().peakLiveBytes());
    assertThat(found.header().events()).isEqualTo(wanted.header().events());
  }

  /** Makes the calls of a trace in its order, those of each thread on a thread of its own. */
  private static void replay(Trace trace, Allocator allocator) throws Exception {
    long[] addresses = new long[trace.slotCount()];
    List<ExecutorService> threads = new ArrayList<>();
    for (int i = 0; i < trace.threads(); i++) {
      threads.add(Executors.newSingleThreadExecutor());
    }
    int thread = 0;
    int begin = 0;
    for (int i = 0; i <= trace.switchCall().length; i++) {
      int from = begin;
      int to = i < trace.switchCall().length ? trace.switchCall()[i] : trace.callCount();
      threads.get(thread).submit(() -> calls(trace, from, to, allocator, addresses)).get();
      begin = to;
      thread = i < trace.switchTo().length ? trace.switchTo()[i] : thread;
    }
    threads.forEach(ExecutorService::shutdown);
  }

  private static void calls(Trace trace, int from, int to, Allocator allocator, long[] addresses) {
    for (int i = from; i < to; i++) {
      int slot = Call.slot(trace.calls()[i]);
      long size = trace.sizes()[i];
      switch (Call.op(trace.calls()[i])) {
        case Call.MALLOC -> addresses[slot] = allocator.malloc(size);
        case Call.CALLOC -> addresses[slot] = allocator.calloc(1, size);
        case Call.ALIGNED ->
            addresses[slot] = allocator.alignedAlloc(Call.alignment(size), Call.alignedSize(size));
        case Call.REALLOC -> addresses[slot] = allocator.realloc(addresses[slot], size);
        default -> allocator.free(addresses[slot]);
      }
    }
  }
}
