package org.ouroboros.allocator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.ForkedJvm;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.statistics.StatisticsSnapshot.State;

/** The file of a process: switched on in both ways, and what is in it. */
class ProcessStatisticsTest {

  @TempDir private Path folder;

  @AfterEach
  void stop() {
    ProcessStatistics.stop();
  }

  private Path file() {
    return folder.resolve("p.stats");
  }

  private StatisticsSnapshot read() {
    return read(file());
  }

  private static StatisticsSnapshot read(Path file) {
    try (StatisticsReader reader = StatisticsReader.open(file)) {
      return reader.read();
    }
  }

  private @Nullable EntryReading entry(String name) {
    return read().entries().stream().filter(e -> e.name().equals(name)).findAny().orElse(null);
  }

  // ----------------------------------------------------------------------- in process

  @Test
  void shouldShowTheFiguresOfAllocatorsWhenTheyAreSampled() {
    assertThat(ProcessStatistics.start(file())).isEqualTo(file());
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      allocator.malloc(100_000);
      allocator.malloc(10);
      ProcessStatistics.sample();
      AllocatorStats stats = allocator.stats();

      EntryReading read = entry("ouroboros");

      assertThat(read).isNotNull();
      assertThat(read.kind()).isEqualTo(EntryKind.ALLOCATOR);
      assertThat(read.figure(AllocatorFigure.LIVE_BLOCKS)).isEqualTo(2);
      assertThat(read.figure(AllocatorFigure.LIVE_BYTES)).isEqualTo(stats.liveBytes());
      assertThat(read.figure(AllocatorFigure.RESERVED_BYTES)).isEqualTo(stats.reservedBytes());
      assertThat(read.figure(AllocatorFigure.COMMITTED_BYTES)).isEqualTo(stats.committedBytes());
      assertThat(read.figure(AllocatorFigure.PEAK_COMMITTED_BYTES))
          .isEqualTo(stats.peakCommittedBytes());
      assertThat(read.figure(AllocatorFigure.METADATA_BYTES)).isEqualTo(stats.metadataBytes());
      assertThat(read.ended()).isFalse();
      assertThat(read().sampled()).isPositive();

      allocator.malloc(10);
    }
    EntryReading last = entry("ouroboros");
    assertThat(last).isNotNull();
    assertThat(last.ended()).isTrue();
    assertThat(last.figure(AllocatorFigure.LIVE_BLOCKS)).as("at the close").isEqualTo(3);
  }

  @Test
  void shouldListAllocatorsOnceWhenTheyAreMadeByName() {
    ProcessStatistics.start(file());
    try (Allocator region = Allocators.of("region_debug");
        Allocator debug = Allocators.of("ouroboros_debug")) {
      assertThat(read().entries())
          .extracting(EntryReading::name)
          .containsExactly(region.name(), "ouroboros");
      assertThat(debug.stats().liveBlocks()).isZero();
    }
  }

  @Test
  void shouldListWhatItIsToldTo() {
    OuroborosAllocator allocator = OuroborosAllocator.create();
    assertThat(ProcessStatistics.watch(allocator, "early")).as("not on yet").isFalse();
    ProcessStatistics.start(file());

    assertThat(read().entries()).isEmpty();
    assertThat(ProcessStatistics.watch(allocator, "mine")).isTrue();
    assertThat(entry("mine")).isNotNull();

    allocator.close();
  }

  @Test
  void shouldNotKeepAnAllocatorAliveWhenNobodyElseDoes() {
    ProcessStatistics.start(file());
    ProcessStatistics.watch(new Failing(OuroborosAllocator.create()), "lost");
    EntryReading read = entry("lost");
    for (int i = 0; i < 1000 && read != null && !read.ended(); i++) {
      System.gc();
      ProcessStatistics.sample();
      read = entry("lost");
    }

    assertThat(read).isNotNull();
    assertThat(read.ended()).isTrue();
  }

  @Test
  void shouldGoOnWhenTheCountersOfAnAllocatorFail() {
    ProcessStatistics.start(file());
    try (Failing failing = new Failing(OuroborosAllocator.create());
        OuroborosAllocator other = OuroborosAllocator.create()) {
      ProcessStatistics.watch(failing, "failing");
      failing.fails = true;
      other.malloc(1);
      ProcessStatistics.sample();

      assertThat(read().entries().get(2).figure(AllocatorFigure.LIVE_BLOCKS)).isZero();
      assertThat(read().entries().get(1).figure(AllocatorFigure.LIVE_BLOCKS)).isEqualTo(1);
    }
  }

  @Test
  void shouldBeStartedOnceAndStopped() throws Exception {
    ProcessStatistics.start(file());

    assertThatIllegalStateException()
        .isThrownBy(() -> ProcessStatistics.start(folder.resolve("other")))
        .withMessageContaining(file().toString());
    assertThat(folder.resolve("other")).doesNotExist();

    ProcessStatistics.stop();

    assertThat(read().state()).isEqualTo(State.ENDED);
    assertThat(ProcessStatistics.writer()).isNull();
    ProcessStatistics.stop();
    ProcessStatistics.start(file());
    assertThat(read().state()).isEqualTo(State.RUNNING);
  }

  @Test
  void shouldBeOffWhenTheFileCannotBeMade() {
    assertThatThrownBy(() -> ProcessStatistics.start(folder.resolve("no/such")))
        .isInstanceOf(StatisticsException.class);
    assertThat(ProcessStatistics.writer()).isNull();
  }

  @Test
  void shouldTellWhatIsAskedFor() {
    assertThat(ProcessStatistics.wanted(null, null)).isNull();
    assertThat(ProcessStatistics.wanted(" ", " ")).isNull();
    assertThat(ProcessStatistics.wanted("false", "x")).as("the property rules").isNull();
    assertThat(ProcessStatistics.wanted("a ", "b")).isEqualTo("a");
    assertThat(ProcessStatistics.wanted("", "b")).isEqualTo("b");
    assertThat(ProcessStatistics.file("/x/%p.stats", 42)).isEqualTo(Path.of("/x/42.stats"));
    assertThat(ProcessStatistics.file("true", 42)).isEqualTo(ProcessStatistics.defaultFile(42));
    assertThatThrownBy(() -> ProcessStatistics.file("a\0b", 42))
        .isInstanceOf(StatisticsException.class);
  }

  // ------------------------------------------------------------------- in another JVM

  @Test
  void shouldBeReadableWhileTheProcessRunsAndAfterItWasKilled() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-D" + ProcessStatistics.PROPERTY + "=" + file(),
                "-cp",
                ForkedJvm.classPath(),
                Waits.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("ready");

      StatisticsSnapshot alive = read();

      assertThat(alive.state()).isEqualTo(State.RUNNING);
      assertThat(alive.pid()).isEqualTo(child.pid());
      assertThat(alive.entries().getFirst().figure(AllocatorFigure.LIVE_BLOCKS)).isEqualTo(5);

      child.destroyForcibly().waitFor();
      StatisticsSnapshot dead = read();

      assertThat(dead.state()).isEqualTo(State.DIED);
      assertThat(dead.entries().getFirst().figure(AllocatorFigure.LIVE_BLOCKS)).isEqualTo(5);
      assertThat(dead.entries().getFirst().ended()).isFalse();
    } finally {
      child.destroyForcibly();
    }
    // And whoever comes next may have the file.
    ProcessStatistics.start(file());
    assertThat(read().state()).isEqualTo(State.RUNNING);
  }

  @Test
  void shouldBeMarkedAsEndedWhenTheProcessEndsByItself() throws Exception {
    String setUp =
        ProcessStatistics.VARIABLE + "=true; export " + ProcessStatistics.VARIABLE + "; ";

    ForkedJvm.Result result =
        ForkedJvm.run(setUp, Ends.class, "-Djava.io.tmpdir=" + folder, "--limit-modules=java.base");

    assertThat(result.err()).isEmpty();
    Path file = folder.resolve("ouroboros-" + result.out().strip() + ".stats");
    StatisticsSnapshot read = read(file);
    assertThat(read.state()).isEqualTo(State.ENDED);
    assertThat(read.entries().getFirst().figure(AllocatorFigure.LIVE_BLOCKS))
        .as("taken at the end, not within a second")
        .isEqualTo(1);
  }

  @Test
  void shouldWarnOnceAndGoOnWhenTheFileThatIsAskedForCannotBeMade() throws Exception {
    Files.writeString(file(), "precious");

    ForkedJvm.Result result =
        ForkedJvm.run(Ends.class, "-D" + ProcessStatistics.PROPERTY + "=" + file());

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isNotBlank();
    assertThat(result.err()).containsOnlyOnce("no statistics: ").contains(file() + " is none");
    assertThat(file()).hasContent("precious");
  }

  /** Allocates, and waits to be killed. */
  static final class Waits {
    private Waits() {}

    public static void main(String[] args) throws Exception {
      OuroborosAllocator allocator = OuroborosAllocator.create();
      for (int i = 0; i < 5; i++) {
        allocator.malloc(100);
      }
      ProcessStatistics.sample();
      System.out.println("ready");
      Thread.sleep(60_000);
      allocator.close();
    }
  }

  /** Allocates, tells its process id, and ends without closing anything. */
  static final class Ends {
    private static final List<OuroborosAllocator> KEPT =
        List.of(OuroborosAllocator.create(), OuroborosAllocator.create());

    private Ends() {}

    public static void main(String[] args) {
      KEPT.getFirst().malloc(100);
      System.out.println(ProcessHandle.current().pid());
    }
  }

  /** Counters that fail when told to. */
  private static final class Failing extends ForwardingAllocator {

    private volatile boolean fails;

    Failing(Allocator inner) {
      super(inner, "failing");
    }

    @Override
    public AllocatorStats stats() {
      if (fails) {
        throw new IllegalStateException("on purpose");
      }
      return super.stats();
    }
  }
}
