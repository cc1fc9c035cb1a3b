package org.ouroboros.benchmarks.graph;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Html;
import org.ouroboros.benchmarks.replay.HtmlPage;
import org.ouroboros.benchmarks.replay.HtmlTable;

/** The results as one page that needs nothing else. */
final class GraphReport {

  private static final int TOP_TYPES = 20;
  private static final double MEBIBYTE = 1 << 20;
  private static final double MILLISECOND = 1e6;
  private static final String PAUSES =
      "Full collections one by one, ms. Those of the experiments ran before the warm-up.";
  private static final String GENERATIONS =
      "As dumped. Orange: generation 0; green: 1; blue: 2; grey: not tracked.";
  private static final String BAR_COLOUR = "var(--c0)";
  private static final List<String> GENERATION_COLOURS =
      List.of("var(--c2)", "var(--c3)", "var(--c0)");
  private static final String UNTRACKED_COLOUR = "var(--live)";

  private final List<GraphResult> results;
  private final List<String> notes;
  private final StringBuilder html = new StringBuilder();

  private GraphReport(List<GraphResult> results, List<String> notes) {
    this.results = results;
    this.notes = notes;
  }

  static String of(List<GraphResult> results, List<String> notes) throws IOException {
    return new GraphReport(results, notes).page();
  }

  private String page() throws IOException {
    lead();
    summary();
    results.forEach(this::graph);
    html.append("<h2>How the figures were taken</h2>\n<ul class=\"notes\">\n");
    notes.forEach(line -> html.append(Html.element("li", line)).append('\n'));
    html.append("</ul>\n");
    return HtmlPage.of("Object graphs collected", html);
  }

  private void lead() {
    long all = results.stream().mapToLong(r -> r.experiments().size()).sum();
    long ok = results.stream().flatMap(r -> r.experiments().stream()).filter(e -> e.isOk()).count();
    html.append("<p class=\"lead\">Heaps of real programs, loaded and collected. ");
    html.append("<b class=\"").append(ok == all ? "good" : "bad").append("\">");
    html.append(ok).append(" of ").append(all).append("</b> experiments freed exactly what they");
    html.append(" should.</p>\n");
  }

  private void summary() {
    String[] head = GraphTable.FIGURES_HEAD.clone();
    head[0] = "graph";
    HtmlTable table = new HtmlTable("All graphs", "times for each object").head(head);
    for (GraphResult result : results) {
      String[] cells = GraphTable.figures(result);
      cells[0] = result.name();
      table.row(false, "", cells);
    }
    html.append(table.end());
  }

  private void graph(GraphResult result) {
    html.append(Html.element("h2", result.name()));
    html.append("<p class=\"soft\">").append(Html.text(GraphTable.extent(result)));
    html.append("</p>\n");
    experiments(result);
    html.append("<div class=\"grid\">\n");
    card("Pauses", PAUSES, pauses(result));
    card("Bytes by type", "MiB in the heap, headers included.", types(result));
    card("Objects by generation", GENERATIONS, generations(result));
    html.append("</div>\n");
    populations(result);
    typeTable(result);
  }

  private void experiments(GraphResult result) {
    HtmlTable table =
        new HtmlTable("Experiments", "objects freed").head(GraphTable.EXPERIMENTS_HEAD);
    for (ExperimentResult one : result.experiments()) {
      table.row(false, one.isOk() ? "good" : "bad", GraphTable.experiment(one));
    }
    html.append(table.end());
  }

  private void card(String title, String about, String svg) {
    html.append("<div class=\"card\">").append(Html.element("h3", title));
    html.append("<p class=\"soft\">").append(Html.text(about)).append("</p>");
    html.append(svg).append("</div>\n");
  }

  private static String pauses(GraphResult result) {
    StackedBars bars = new StackedBars("milliseconds by collection");
    List<Pause> pauses = new ArrayList<>(result.pauses());
    for (ExperimentResult one : result.experiments()) {
      pauses.add(new Pause("dropped: " + one.experiment().rule().text(), one.collectNanos()));
    }
    for (Pause pause : pauses) {
      double millis = pause.nanos() / MILLISECOND;
      String value = Figures.fixed(millis, 2);
      bars.bar(pause.label(), value, new StackedBars.Part(value + " ms", millis, BAR_COLOUR));
    }
    return bars.svg();
  }

  private static String generations(GraphResult result) {
    StackedBars bars = new StackedBars("objects by generation");
    for (Population moment : result.survey().populations()) {
      StackedBars.Part[] parts = new StackedBars.Part[moment.generations().length + 1];
      for (int g = 0; g < moment.generations().length; g++) {
        parts[g] = part("generation " + g, moment.generations()[g], GENERATION_COLOURS.get(g));
      }
      parts[parts.length - 1] = part("not tracked", moment.untracked(), UNTRACKED_COLOUR);
      bars.bar(moment.moment(), Figures.count(moment.total()), parts);
    }
    return bars.svg();
  }

  private static StackedBars.Part part(String name, long objects, String colour) {
    return new StackedBars.Part(name + ": " + Figures.count(objects), objects, colour);
  }

  private static String types(GraphResult result) {
    StackedBars bars = new StackedBars("mebibytes by type");
    for (TypeBytes type : top(result)) {
      double mebibytes = type.heapBytes() / MEBIBYTE;
      String value = Figures.mebibytes(type.heapBytes());
      bars.bar(type.name(), value, new StackedBars.Part(value + " MiB", mebibytes, BAR_COLOUR));
    }
    return bars.svg();
  }

  private void populations(GraphResult result) {
    HtmlTable table =
        new HtmlTable("Objects by generation", "of the graph as dumped")
            .head("moment", "generation 0", "generation 1", "generation 2", "not tracked", "all");
    for (Population moment : result.survey().populations()) {
      table.row(
          false,
          "",
          moment.moment(),
          Figures.count(moment.generations()[0]),
          Figures.count(moment.generations()[1]),
          Figures.count(moment.generations()[2]),
          Figures.count(moment.untracked()),
          Figures.count(moment.total()));
    }
    html.append(table.end());
  }

  private void typeTable(GraphResult result) {
    int types = result.survey().types().size();
    String rest = types <= TOP_TYPES ? "" : "the largest " + TOP_TYPES + " of " + types;
    HtmlTable table =
        new HtmlTable("Bytes by type", rest)
            .head("type", "objects", "heap bytes", "a piece", "in CPython", "ratio");
    for (TypeBytes type : top(result)) {
      table.row(
          false,
          "",
          type.name(),
          Figures.count(type.objects()),
          Figures.count(type.heapBytes()),
          String.format(Locale.ROOT, "%.1f", (double) type.heapBytes() / type.objects()),
          Figures.count(type.dumpedBytes()),
          Figures.ratio((double) type.heapBytes() / Math.max(1, type.dumpedBytes())));
    }
    html.append(table.end());
  }

  private static List<TypeBytes> top(GraphResult result) {
    List<TypeBytes> types = result.survey().types();
    return types.subList(0, Math.min(TOP_TYPES, types.size()));
  }
}
