package org.ouroboros.benchmarks.graph;

import java.io.PrintWriter;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.TextTable;

/** A result as text, and the cells that the report has too. */
final class GraphTable {

  static final String[] FIGURES_HEAD = {
    "space",
    "heap MiB",
    "committed MiB",
    "tables MiB",
    "bytes/object",
    "of least",
    "load ns",
    "live ns",
    "drop ns",
    "dead ns",
    "as dumped ns"
  };

  static final String[] EXPERIMENTS_HEAD = {
    "dropped", "by counting", "expected", "by collector", "expected", "verdict"
  };

  private GraphTable() {}

  /** Prints a result. */
  static void print(GraphResult result, PrintWriter out) {
    out.println(result.name() + ": " + extent(result));
    TextTable figures = new TextTable().row(FIGURES_HEAD).row(figures(result));
    figures.lines().forEach(out::println);
    if (!result.experiments().isEmpty()) {
      out.println();
      TextTable experiments = new TextTable().row(EXPERIMENTS_HEAD);
      result.experiments().forEach(one -> experiments.row(experiment(one)));
      experiments.lines().forEach(out::println);
    }
    out.println();
    out.flush();
  }

  /** How large a graph is, and what it is. */
  static String extent(GraphResult result) {
    GraphHeader header = result.header();
    String description = header.description().isEmpty() ? "" : "; " + header.description();
    return Figures.count(header.objects())
        + " objects, "
        + Figures.count(header.edges())
        + " edges, "
        + Figures.count(header.roots())
        + " roots"
        + description.replaceAll("\\p{Cntrl}", "?");
  }

  /** The cells of {@link #FIGURES_HEAD}. */
  static String[] figures(GraphResult result) {
    Timings nanos = result.perObject();
    return new String[] {
      result.space().name(),
      Figures.mebibytes(result.stats().liveBytes()),
      Figures.mebibytes(result.stats().committedBytes()),
      Figures.mebibytes(result.stats().metadataBytes()),
      Figures.fixed(result.bytesPerObject(), 1),
      Figures.ratio(result.memoryRatio()),
      Figures.nanos(nanos.load()),
      Figures.nanos(nanos.liveCollect()),
      Figures.nanos(nanos.drop()),
      Figures.nanos(nanos.deadCollect()),
      Figures.nanos(nanos.asDumpedCollect())
    };
  }

  /** The cells of {@link #EXPERIMENTS_HEAD}. */
  static String[] experiment(ExperimentResult result) {
    return new String[] {
      result.experiment().rule().text().replaceAll("\\p{Cntrl}", "?"),
      Figures.count(result.freedByCounting()),
      Figures.count(result.experiment().expectedByCounting()),
      Figures.count(result.freedByCollector()),
      Figures.count(result.experiment().expectedByCollector()),
      result.isOk() ? "ok" : "DIFFERS"
    };
  }
}
