package org.ouroboros.benchmarks.collections;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import org.ouroboros.benchmarks.collections.CollectionUnderTest.Maker;
import org.ouroboros.benchmarks.micro.JmhFork;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.Progress;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.benchmarks.replay.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code collections}. Exit codes: 0 if everything was measured, 1 if a fork failed, 2
 * if the arguments are not valid.
 */
@Command(
    name = "collections",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times maps and lists on the heap beside Agrona's and Java's, in forked JVMs that take"
          + " turns, and shows what memory each takes.",
      "The default takes about a quarter of an hour; leave the machine alone meanwhile."
    })
public final class CollectionsCommand implements Callable<Integer> {

  private static final int WARMUP_ITERATIONS = 6;
  private static final int MAX_ROUNDS = 1000;

  @Option(
      names = "--rounds",
      paramLabel = "R",
      defaultValue = "5",
      description = "forks of each collection and operation; 0 shows only memory (default: 5)")
  private int rounds;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "entries of each collection (default: ${DEFAULT-VALUE})")
  private int entries;

  @Option(
      names = "--kinds",
      paramLabel = "KIND",
      split = ",",
      description = "any of ${COMPLETION-CANDIDATES} (default: all)")
  private List<Subject> kinds = List.of(Subject.values());

  @Option(
      names = "--operations",
      paramLabel = "OP",
      split = ",",
      description =
          "any of get, put, removeAndPut of maps; append, get, set, iterate of lists"
              + " (default: all)")
  private List<String> operations = Subject.allOperations();

  @Option(names = "--no-memory", description = "do not measure memory")
  private boolean noMemory;

  @Spec private CommandSpec spec;

  private final JmhFork fork = new JmhFork(List.of("-Xms1g", "-Xmx1g"), WARMUP_ITERATIONS);

  /** For picocli. */
  public CollectionsCommand() {}

  private record Row(Subject kind, String operation) {}

  /** Nanoseconds an operation, round by round. */
  private record Nanos(double[] ours, double[] agrona, double[] java) {

    static Nanos of(int rounds) {
      return new Nanos(new double[rounds], new double[rounds], new double[rounds]);
    }

    double[] by(Maker maker) {
      return switch (maker) {
        case OUROBOROS -> ours;
        case AGRONA -> agrona;
        case JAVA -> java;
      };
    }
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    if (rounds < 0
        || rounds > MAX_ROUNDS
        || entries < 1
        || !Subject.allOperations().containsAll(operations)) {
      err.println(
          "collections: --rounds takes 0 to 1000, --entries at least 1, --operations "
              + Subject.allOperations());
      return 2;
    }
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (rounds > 0) {
        times(out, err);
      }
      if (!noMemory) {
        memory(out);
      }
    } catch (IOException e) {
      err.println("collections: " + e.getMessage());
      return 1;
    }
    out.println("JVM flags: " + String.join(" ", fork.flags()) + "; memory: -XX:+UseSerialGC");
    out.println("Machine: " + MachineFacts.read());
    out.flush();
    return 0;
  }

  // ------------------------------------------------------------------------------ time

  private void times(PrintWriter out, PrintWriter err) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Subject kind : kinds) {
      kind.operations().stream()
          .filter(operations::contains)
          .forEach(operation -> rows.add(new Row(kind, operation)));
    }
    List<Nanos> nanos = new ArrayList<>();
    rows.forEach(row -> nanos.add(Nanos.of(rounds)));
    Progress progress = new Progress(err, Progress.isTerminal());
    progress.phase("collections");
    double forks = (double) rounds * rows.size();
    for (int round = 0; round < rounds; round++) {
      for (int r = 0; r < rows.size(); r++) {
        progress.at((round * rows.size() + r) / forks, rows.get(r).toString());
        List<Maker> turn = rows.get(r).kind().makers();
        for (Maker maker : round % 2 == 0 ? turn : turn.reversed()) {
          nanos.get(r).by(maker)[round] = run(rows.get(r), maker);
        }
      }
    }
    progress.end();
    TextTable table =
        new TextTable()
            .row(
                "collection",
                "ours ns",
                "Agrona",
                "Java",
                "x Agrona",
                "95 %",
                "x Java",
                "operation");
    for (int r = 0; r < rows.size(); r++) {
      table.row(cells(rows.get(r), nanos.get(r)));
    }
    out.println(
        Figures.count(entries)
            + " entries, looked up in random order, appended and read in order; "
            + fork.description());
    table.lines().forEach(out::println);
    out.println(
        "x: our time over theirs, the median of the " + rounds + " rounds' ratios with its bound.");
    out.println();
  }

  private double run(Row row, Maker maker) throws IOException {
    try {
      double nanos =
          fork.run(
                  row.kind().benchmark().getName() + "." + row.operation(),
                  Map.of(
                      "kind", row.kind().kind(),
                      "maker", maker.name(),
                      "entries", Integer.toString(entries)))
              .nanos();
      return nanos / Subject.elements(row.operation(), entries);
    } catch (RunnerException e) {
      throw new IOException(row + " of " + maker + ": " + JmhFork.reason(e), e);
    }
  }

  private static String[] cells(Row row, Nanos nanos) {
    double[] ours = nanos.ours();
    boolean hasAgrona = row.kind().makers().contains(Maker.AGRONA);
    Statistics.Bounded agrona = ratio(ours, nanos.agrona());
    return new String[] {
      row.kind().name(),
      Figures.fixed(Statistics.median(ours), 1),
      hasAgrona ? Figures.fixed(Statistics.median(nanos.agrona()), 1) : Figures.NONE,
      Figures.fixed(Statistics.median(nanos.java()), 1),
      hasAgrona ? Figures.ratio(agrona.value()) : Figures.NONE,
      hasAgrona ? Figures.bound(agrona) : Figures.NONE,
      Figures.ratio(ratio(ours, nanos.java()).value()),
      row.operation()
    };
  }

  private static Statistics.Bounded ratio(double[] ours, double[] theirs) {
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return Statistics.medianOf(ratios);
  }

  // ---------------------------------------------------------------------------- memory

  private void memory(PrintWriter out) throws IOException {
    TextTable table =
        new TextTable()
            .row("collection", "ours MiB", "Agrona", "Java", "x Agrona", "x Java", "-Xmx in MiB");
    for (Subject kind : kinds) {
      MemoryFork.Usage ours = MemoryFork.measure(kind, Maker.OUROBOROS, entries);
      MemoryFork.Usage agrona =
          kind.makers().contains(Maker.AGRONA)
              ? MemoryFork.measure(kind, Maker.AGRONA, entries)
              : null;
      MemoryFork.Usage java = MemoryFork.measure(kind, Maker.JAVA, entries);
      table.row(
          kind.name(),
          Figures.mebibytes(ours.residentBytes()),
          agrona == null ? Figures.NONE : Figures.mebibytes(agrona.residentBytes()),
          Figures.mebibytes(java.residentBytes()),
          agrona == null ? Figures.NONE : ratio(ours, agrona),
          ratio(ours, java),
          ours.heapMib()
              + ", "
              + (agrona == null ? Figures.NONE : agrona.heapMib())
              + ", "
              + java.heapMib());
    }
    out.println(
        "Growth of the resident memory by a collection of "
            + Figures.count(entries)
            + " entries with their keys and values; -Xmx is twice what is alive on the Java heap.");
    table.lines().forEach(out::println);
    out.println();
  }

  private static String ratio(MemoryFork.Usage ours, MemoryFork.Usage theirs) {
    return Figures.ratio((double) ours.residentBytes() / theirs.residentBytes());
  }
}
