package org.ouroboros.benchmarks.latency;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Html;
import org.ouroboros.benchmarks.replay.HtmlPage;
import org.ouroboros.benchmarks.replay.HtmlTable;
import org.ouroboros.benchmarks.replay.TextTable;

/**
 * What was measured, as text, JSON Lines and HTML.
 *
 * @param tails by allocator
 * @param notes what must be known to read the figures, a line each
 */
record LatencyReport(Map<String, Tails> tails, List<String> notes) {

  private static final double[] PERCENTILES = {50, 99, 99.99, 100};
  private static final String[] KEYS = {"p50", "p99", "p99.99", "max"};

  private static final Map<String, Function<Tails, Histogram>> HISTOGRAMS = new LinkedHashMap<>();

  static {
    HISTOGRAMS.put("malloc", Tails::malloc);
    HISTOGRAMS.put("free", Tails::free);
    HISTOGRAMS.put("late", Tails::late);
    HISTOGRAMS.put("sleep", Tails::sleep);
  }

  private static final String[] HEAD = {
    "allocator", "call", "calls", "p50", "p99", "p99.99", "max", "ns"
  };

  void print(PrintWriter out) {
    TextTable table = new TextTable().row(HEAD);
    tails.forEach(
        (name, of) -> HISTOGRAMS.keySet().forEach(what -> table.row(cells(name, what, of))));
    table.lines().forEach(out::println);
    out.println();
    notes.forEach(out::println);
    out.flush();
  }

  private static String[] cells(String allocator, String what, Tails of) {
    Histogram histogram = histogram(what, of);
    String[] cells = new String[HEAD.length];
    cells[0] = what.equals("malloc") ? allocator : "";
    cells[1] = what;
    cells[2] = Figures.count(histogram.getTotalCount());
    for (int i = 0; i < PERCENTILES.length; i++) {
      cells[3 + i] = Figures.count(histogram.getValueAtPercentile(PERCENTILES[i]));
    }
    cells[HEAD.length - 1] = "";
    return cells;
  }

  private static Histogram histogram(String what, Tails of) {
    return HISTOGRAMS.getOrDefault(what, Tails::malloc).apply(of);
  }

  /** An object for each allocator; times in nanoseconds. */
  String json() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setRootValueSeparator(null);
      for (Map.Entry<String, Tails> entry : tails.entrySet()) {
        json.writeStartObject();
        json.writeStringField("allocator", entry.getKey());
        for (String what : HISTOGRAMS.keySet()) {
          Histogram histogram = histogram(what, entry.getValue());
          json.writeObjectFieldStart(what);
          json.writeNumberField("calls", histogram.getTotalCount());
          for (int i = 0; i < PERCENTILES.length; i++) {
            json.writeNumberField(KEYS[i], histogram.getValueAtPercentile(PERCENTILES[i]));
          }
          json.writeEndObject();
        }
        json.writeEndObject();
        json.writeRaw('\n');
      }
    }
    return text.toString();
  }

  String html() throws IOException {
    StringBuilder html = new StringBuilder();
    html.append("<p class=\"lead\">Wall time of single calls, made at times fixed beforehand; ");
    html.append("nothing is subtracted. <b>late</b>: how long after its due time a call was ");
    html.append("begun. <b>sleep</b>: how much too long a thread slept that did nothing else: ");
    html.append("what the machine itself adds.</p>\n");
    html.append(PercentileChart.legend(tails.keySet()));
    HISTOGRAMS.forEach(
        (what, of) -> {
          Map<String, Histogram> curves = new LinkedHashMap<>();
          tails.forEach((name, one) -> curves.put(name, of.apply(one)));
          html.append("<div class=\"card\">").append(Html.element("h3", what));
          html.append(PercentileChart.svg(curves)).append("</div>\n");
        });
    HtmlTable table = new HtmlTable("All figures", "nanoseconds").head(HEAD);
    tails.forEach(
        (name, of) ->
            HISTOGRAMS
                .keySet()
                .forEach(
                    what ->
                        table.row(name.startsWith(Subjects.OUROBOROS), "", cells(name, what, of))));
    html.append(table.end()).append("<ul class=\"notes\">\n");
    notes.forEach(line -> html.append(Html.element("li", line)).append('\n'));
    return HtmlPage.of("Latency of malloc and free", html.append("</ul>\n"));
  }
}
