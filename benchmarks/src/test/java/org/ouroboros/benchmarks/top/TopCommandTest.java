package org.ouroboros.benchmarks.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.statistics.EntryKind;
import org.ouroboros.allocator.statistics.ProcessStatistics;
import org.ouroboros.allocator.statistics.StatisticsEntry;
import org.ouroboros.allocator.statistics.StatisticsReader;
import org.ouroboros.allocator.statistics.StatisticsSnapshot;
import org.ouroboros.allocator.statistics.StatisticsWriter;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import picocli.CommandLine;

/** The command as its user meets it, on files of this process and of others. */
class TopCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("t.stats");
  }

  private int top(String... arguments) {
    return new CommandLine(new TopCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  /** The cells of the row that begins with a name. */
  private List<String> row(String name) {
    String line = out.toString().lines().filter(l -> l.startsWith(name)).findFirst().orElseThrow();
    return List.of(line.split("  +"));
  }

  @Test
  void shouldShowTheFiguresOfAllocatorsAndHeaps() {
    try (StatisticsWriter writer = StatisticsWriter.create(file(), 3)) {
      writer.add(EntryKind.ALLOCATOR, "mine").write(1234, 3 << 19, 9, 2 << 20, 3 << 20, 1 << 20, 5);
      writer
          .add(EntryKind.HEAP, "graph")
          .write(
              5678, 4321, 1 << 20, 2 << 20, 7, 9000, 1000, 1, 2_500_000, 17, 0, 30, 1, 2, 3, 4, 20,
              1, 2, 3, 4, 10, 1, 2, 3, 4);
      StatisticsEntry closed = writer.add(EntryKind.HEAP, "graph");
      closed.end();
      writer.sampled();

      assertThat(top(file().toString(), "--once")).as(err::toString).isZero();
    }
    assertThat(out.toString())
        .contains("process " + ProcessHandle.current().pid() + ", running")
        .doesNotContain("sampled never")
        .contains("3 of 3 entries")
        .doesNotContain("no room");
    assertThat(row("mine #1").subList(1, 9))
        .containsExactly("1,234", "-", "1.50", "-", "2.00", "3.00", "1.00", "-");
    assertThat(row("graph #2").subList(1, 13))
        .containsExactly(
            "5,678", "4,321", "1.00", "2.00", "-", "-", "30", "20", "10", "1", "2.50", "17");
    assertThat(row("graph #3").getLast()).isEqualTo("closed");
  }

  @Test
  void shouldTellHowManyHadNoRoom() {
    try (StatisticsWriter writer = StatisticsWriter.create(file(), 1)) {
      writer.add(EntryKind.ALLOCATOR, "first");
      writer.add(EntryKind.ALLOCATOR, "second");
      writer.add(EntryKind.HEAP, "third");
      assertThat(top(file().toString(), "--once")).isZero();
    }
    assertThat(out.toString()).contains("1 of 1 entries, no room for 2 more");
    assertThat(row("first #1").getLast()).isEqualTo("read never");
  }

  @Test
  @SuppressWarnings("try") // the end is what is tested
  void shouldFollowAProcessUntilItEnds() throws Exception {
    try (StatisticsWriter writer = StatisticsWriter.create(file());
        PipedWriter pipe = new PipedWriter();
        BufferedReader pages = new BufferedReader(new PipedReader(pipe, 1 << 16));
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      StatisticsEntry entry = writer.add(EntryKind.ALLOCATOR, "mine");
      entry.write(1000);
      Future<Integer> following =
          other.submit(
              () ->
                  new CommandLine(new TopCommand())
                      .setOut(new PrintWriter(pipe))
                      .setErr(new PrintWriter(err))
                      .execute(file().toString(), "--interval=0.01"));
      assertThat(next(pages, "mine #1")).contains(" 1,000 ");
      entry.write(2000);
      String line = next(pages, "mine #1");
      while (!line.contains(" 2,000 ")) {
        line = next(pages, "mine #1");
      }
      writer.close();

      assertThat(next(pages, "process " + ProcessHandle.current().pid() + ", ended")).isNotNull();
      assertThat(following.get()).isZero();
    }
  }

  private static String next(BufferedReader pages, String begin) throws Exception {
    String line = pages.readLine();
    while (!line.startsWith(begin)) {
      line = pages.readLine();
    }
    return line;
  }

  @Test
  void shouldTellHowFastFiguresChange() throws Exception {
    try (StatisticsWriter writer = StatisticsWriter.create(file());
        StatisticsReader reader = StatisticsReader.open(file())) {
      StatisticsEntry allocator = writer.add(EntryKind.ALLOCATOR, "a");
      StatisticsEntry heap = writer.add(EntryKind.HEAP, "h");
      StatisticsEntry idle = writer.add(EntryKind.HEAP, "idle");
      allocator.write(1000, 4 << 20, 0, 0, 0, 1 << 20, 0);
      heap.write(0, 0, 0, 0, 0, 500, 400);
      idle.write(0, 0, 0, 0, 0, 500, 400);
      StatisticsSnapshot before = reader.read();
      while (System.currentTimeMillis() == before.entries().get(2).time()) {
        Thread.onSpinWait();
      }
      allocator.write(2000, 2 << 20, 0, 0, 0, 3 << 20, 0);
      heap.write(0, 0, 0, 0, 0, 600, 400);
      StatisticsSnapshot now = reader.read();

      new TopPage(now, before, System.currentTimeMillis())
          .lines()
          .forEach(l -> out.append(l + "\n"));

      double seconds = (now.entries().get(0).time() - before.entries().get(0).time()) / 1e3;
      double heapSeconds = (now.entries().get(1).time() - before.entries().get(1).time()) / 1e3;
      assertThat(row("a #1").get(2)).isEqualTo(String.format(Locale.ROOT, "%,.0f", 1000 / seconds));
      assertThat(row("a #1").get(4)).isEqualTo(String.format(Locale.ROOT, "%,.2f", -2 / seconds));
      assertThat(row("a #1").get(8)).isEqualTo(String.format(Locale.ROOT, "%,.2f", 2 / seconds));
      assertThat(row("h #2").get(5))
          .isEqualTo(String.format(Locale.ROOT, "%,.0f", 100 / heapSeconds));
      assertThat(row("h #2").get(6)).isEqualTo("0");
      assertThat(row("idle #3").get(5)).isEqualTo("-");
    }
  }

  @Test
  void shouldShowAnotherProcessByItsIdAndWhenItWasKilled() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-D" + ProcessStatistics.PROPERTY + "=true",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path file = folder.resolve("ouroboros-" + child.pid() + ".stats");
    try (BufferedReader ready = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(ready.readLine()).isEqualTo("ready");
      assertThat(top(file.toString(), "--once")).as(err::toString).isZero();
      assertThat(out.toString()).contains("process " + child.pid() + ", running");

      child.destroyForcibly().waitFor();
      out.getBuffer().setLength(0);

      assertThat(top(file.toString())).as("it is over, so one page").isZero();
      assertThat(out.toString()).contains("process " + child.pid() + ", died");
      assertThat(row("ouroboros #1").get(1)).isEqualTo("3");
      assertThat(row("objects #2").subList(1, 3)).containsExactly("1", "1");
      assertThat(row("objects #2").get(12)).as("garbage").isEqualTo("2");

      // By its id: in the default place of this process, which is another folder.
      Path usual = ProcessStatistics.defaultFile(child.pid());
      Files.copy(file, usual);
      try {
        assertThat(top(Long.toString(child.pid()), "--once")).isZero();
      } finally {
        Files.delete(usual);
      }
    } finally {
      child.destroyForcibly();
    }
  }

  /** Has an allocator and a heap, and waits to be killed. */
  static final class Program {
    private static final ObjectType NODE = ObjectType.builder("node").references("next").build();

    private Program() {}

    public static void main(String[] args) throws Exception {
      try (OuroborosAllocator allocator = OuroborosAllocator.create();
          Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withName("objects"))) {
        for (int i = 0; i < 3; i++) {
          allocator.malloc(100);
          long ref = heap.allocate(NODE);
          heap.setRef(ref, 0, ref);
          if (i > 0) {
            heap.release(ref);
          }
        }
        ProcessStatistics.sample();
        heap.collector().collect();
        System.out.println("ready");
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void shouldLetNothingThroughThatSteersTheTerminal() {
    try (StatisticsWriter writer = StatisticsWriter.create(file())) {
      writer.add(EntryKind.ALLOCATOR, "\033[2Jx\ny\u202ez\u00e9\u009b");
      top(file().toString(), "--once");
    }
    assertThat(out.toString()).contains("\n?[2Jx?y?z\u00e9? #1").doesNotContain("\033");
  }

  @Test
  void shouldSayWhatIsWrongWithTheFile() throws Exception {
    assertThat(top(file().toString())).isEqualTo(2);
    assertThat(err.toString()).startsWith("top: the statistics file " + file());

    Files.writeString(file(), "something else");
    assertThat(top(file().toString())).isEqualTo(2);
    assertThat(err.toString()).contains("is none");
  }

  @Test
  void shouldSayHowToSwitchStatisticsOnWhenAProcessHasNone() {
    assertThat(top("999999999")).isEqualTo(2);
    assertThat(err.toString())
        .contains(ProcessStatistics.defaultFile(999999999).toString())
        .contains("-Douroboros.stats=true");
  }

  @Test
  void shouldRefuseArgumentsThatMakeNoSense() {
    assertThat(top("1", "--interval=0")).isEqualTo(2);
    assertThat(top("1", "--interval=NaN")).isEqualTo(2);
    assertThat(top("a\0b")).isEqualTo(2);
    assertThat(top("99999999999999999999")).isEqualTo(2);
    assertThat(top()).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }
}
