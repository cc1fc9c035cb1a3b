package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Html;
import org.ouroboros.benchmarks.replay.TextTable;
import org.ouroboros.benchmarks.replay.ValueBars;

/** What a traditional collector would give and take, measured. */
final class TraditionalStop implements Stop {

  private static final String OURS = "ouroboros";
  private static final double MICRO = 1000;

  @Override
  public String label() {
    return "traditional";
  }

  @Override
  public String title() {
    return "Why not a more traditional collector?";
  }

  @Override
  public String text() {
    return """
    The FAQ gives two reasons. A traditional collector is not portable: it has to find every \
    pointer in stacks, registers and data of all threads, and of libraries that know nothing \
    of it. Boehm's does, on many systems; but inside a JVM it may not stop the threads, cannot \
    read Java's stacks, and must not collect by itself, so our `bdwgc` gives it explicit roots \
    and collects on request only. Counts are plain C, or plain Java: they need no help from \
    the system.

    And memory: a program can take more of it before a traditional collector runs, while counts \
    give back at once. In exchange every copy of a reference costs a count. Binary trees show \
    throughput and memory, a bounded cache the pauses: what the slowest of its single accesses \
    took. MiB is the memory under test, peak the growth of the process, of a JVM with its compiled \
    code. Each subject ran once in a process of its own; for figures to rely on see the README, or \
    run the command `program` with its defaults.\
    """;
  }

  @Override
  public List<String> sources() {
    return List.of("TraditionalStop");
  }

  /** Binary trees, built and dropped. */
  private static List<ProgramFigures> trees(int depth) throws IOException {
    // FAQ
    return ProgramFigures.of(
        "trees",
        "--depth=" + depth,
        "--forks=1",
        "--subjects=ouroboros,g1,g1-default,boehm,cpython");
    // FAQ end
  }

  /** A cache of the least recently used, larger than the processor's caches. */
  private static List<ProgramFigures> cache(int entries) throws IOException {
    // FAQ
    return ProgramFigures.of(
        "lru",
        "--entries=" + entries,
        "--operations=" + entries,
        "--rate=50000",
        "--seconds=2",
        "--forks=1",
        "--subjects=ouroboros,g1,zgc");
    // FAQ end
  }

  /** A column of a table. */
  private record Column(String head, String figure, DoubleFunction<String> text) {}

  private static final Column TIME = new Column("ns each", "nsPerOperation", Figures::nanos);
  private static final Column MEMORY =
      new Column("MiB", "memoryBytes", bytes -> Figures.mebibytes((long) bytes));
  private static final Column GROWTH =
      new Column("peak MiB", "peakBytes", bytes -> Figures.mebibytes((long) bytes));
  private static final Column RARE =
      new Column("99.9 % us", "call.p99.9", nanos -> Figures.fixed(nanos / MICRO, 1));
  private static final Column LONGEST =
      new Column("longest us", "call.p100.0", nanos -> Figures.fixed(nanos / MICRO, 1));

  @Override
  public void run(Transcript out) throws IOException {
    run(out, 16, 500_000);
  }

  /** With other sizes, for tests. */
  void run(Transcript out, int depth, int entries) throws IOException {
    out.line("Binary trees of depth " + depth + ", each node that was made");
    show(out, "trees", trees(depth), List.of(TIME, MEMORY, GROWTH));
    out.line("A cache of " + Figures.count(entries) + " entries, each access");
    show(out, "cache", cache(entries), List.of(TIME, MEMORY, RARE, LONGEST));
    out.line("The same came out of each program on every subject.");
  }

  private static void show(
      Transcript out, String name, List<ProgramFigures> rows, List<Column> columns) {
    List<String> head = new ArrayList<>(List.of("subject"));
    columns.forEach(column -> head.add(column.head()));
    head.add("");
    TextTable table = new TextTable().row(head.toArray(String[]::new));
    for (ProgramFigures row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.subject()));
      columns.forEach(column -> cells.add(text(column, row)));
      cells.add("");
      table.row(cells.toArray(String[]::new));
    }
    table.lines().forEach(out::varying);
    out.chart("<div class=\"grid\">\n");
    columns.forEach(column -> out.chart(bars(name, rows, column)));
    out.chart("</div>\n");
  }

  private static String text(Column column, ProgramFigures row) {
    double value = row.get(column.figure());
    return Double.isNaN(value) ? "-" : column.text().apply(value);
  }

  private static String bars(String name, List<ProgramFigures> rows, Column column) {
    List<ValueBars.Bar> bars = new ArrayList<>();
    for (ProgramFigures row : rows) {
      bars.add(
          new ValueBars.Bar(
              row.subject(),
              row.get(column.figure()),
              text(column, row),
              row.subject().equals(OURS)));
    }
    String what = name + ", " + column.head();
    double[] values = bars.stream().mapToDouble(ValueBars.Bar::value).toArray();
    return "<figure class=\"card\">"
        + Html.element("h3", what)
        + new ValueBars(false, values).svg(what, bars)
        + "</figure>\n";
  }
}
