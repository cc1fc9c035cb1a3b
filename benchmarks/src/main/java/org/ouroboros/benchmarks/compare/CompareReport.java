package org.ouroboros.benchmarks.compare;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Html;
import org.ouroboros.benchmarks.replay.HtmlPage;
import org.ouroboros.benchmarks.replay.HtmlTable;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.benchmarks.replay.TextTable;
import org.ouroboros.benchmarks.replay.ValueBars;

/**
 * The figures as text, as JSON Lines and as a page.
 *
 * @param comparison what was measured
 * @param notes what must be known to read the figures, a line each
 */
record CompareReport(Comparison comparison, List<String> notes) {

  private static final String[] HEAD = {
    "peer", "ns/pair", "least", "heap B/pair", "x confined", "95 %", "must", "met", "origin"
  };
  private static final double ROUNDING = 1e4;
  private static final int SLOW_NANOS = 1000;

  void print(PrintWriter out) {
    for (int size : comparison.sizes()) {
      out.println(title(size));
      TextTable table = new TextTable().row(HEAD);
      comparison.peers().forEach(peer -> table.row(cells(peer, size)));
      table.lines().forEach(out::println);
      out.println();
    }
    notes.forEach(out::println);
    out.flush();
  }

  private static String title(int size) {
    return "allocate " + Figures.count(size) + " B, write the first byte, free";
  }

  private String[] cells(Peer peer, int size) {
    double[] nanos = comparison.nanos(peer, size);
    Statistics.Bounded ratio = comparison.ratio(peer, size);
    double must = peer.must(size);
    double stretch = peer.stretch(size);
    boolean met = Comparison.meets(ratio, must);
    boolean stretched = Comparison.meets(ratio, stretch);
    return new String[] {
      peer.title(),
      Figures.fixed(Statistics.median(nanos), 1),
      Figures.fixed(Statistics.min(nanos), 1),
      Figures.fixed(comparison.heapBytes(peer, size), 1),
      Figures.ratio(ratio.value()),
      Figures.bound(ratio),
      Figures.ratio(must),
      Double.isNaN(must) ? Figures.NONE : !met ? "no" : stretched ? "yes, stretch too" : "yes",
      peer.origin()
    };
  }

  /**
   * An object for each line: {@code kind} is {@code notes} or {@code pair} (of a peer and a size,
   * with the figure of each round).
   */
  String json() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setRootValueSeparator(null);
      json.writeStartObject();
      json.writeStringField("kind", "notes");
      json.writeArrayFieldStart("lines");
      for (String note : notes) {
        json.writeString(note);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
      for (int size : comparison.sizes()) {
        for (Peer peer : comparison.peers()) {
          write(json, peer, size);
        }
      }
    }
    return text.toString();
  }

  private void write(JsonGenerator json, Peer peer, int size) throws IOException {
    double[] nanos = comparison.nanos(peer, size);
    Statistics.Bounded ratio = comparison.ratio(peer, size);
    json.writeStartObject();
    json.writeStringField("kind", "pair");
    json.writeStringField("peer", peer.title());
    json.writeNumberField("bytes", size);
    number(json, "nsPerPair", Statistics.median(nanos));
    number(json, "heapBytesPerPair", comparison.heapBytes(peer, size));
    number(json, "ratio", ratio.value());
    number(json, "ratioLow", ratio.low());
    number(json, "ratioHigh", ratio.high());
    if (!Double.isNaN(peer.must(size))) {
      number(json, "must", peer.must(size));
      json.writeBooleanField("met", Comparison.meets(ratio, peer.must(size)));
    }
    json.writeArrayFieldStart("rounds");
    for (double round : nanos) {
      json.writeNumber(rounded(round));
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** Null where the value is not known: JSON has no NaN. */
  private static void number(JsonGenerator json, String name, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(name, rounded(value));
    } else {
      json.writeNullField(name);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * ROUNDING) / ROUNDING;
  }

  String html() throws IOException {
    StringBuilder html = new StringBuilder();
    html.append("<h2>Time per pair</h2>\n<p class=\"soft\">Nanoseconds, median of the rounds, on");
    html.append(" a logarithmic scale, the same for all. Less is better.</p>\n");
    html.append("<div class=\"grid\">\n");
    ValueBars chart =
        new ValueBars(
            true,
            comparison.sizes().stream()
                .flatMap(size -> bars(size).stream())
                .mapToDouble(ValueBars.Bar::value)
                .toArray());
    for (int size : comparison.sizes()) {
      html.append("<figure class=\"card\">").append(Html.element("h3", title(size)));
      html.append(chart.svg(title(size), bars(size))).append("</figure>\n");
    }
    html.append("</div>\n");
    for (int size : comparison.sizes()) {
      HtmlTable table =
          new HtmlTable(Figures.count(size) + " B", "nanoseconds, and times the confined view's")
              .head(HEAD);
      comparison.peers().forEach(peer -> table.row(peer.isOurs(), "", cells(peer, size)));
      html.append(table.end());
    }
    html.append("<h2>How the figures were taken</h2>\n<ul class=\"notes\">\n");
    notes.forEach(note -> html.append(Html.element("li", note)).append('\n'));
    html.append("</ul>\n");
    return HtmlPage.of("Memory outside the Java heap, peers compared", html);
  }

  private List<ValueBars.Bar> bars(int size) {
    List<ValueBars.Bar> bars = new ArrayList<>();
    for (Peer peer : comparison.peers()) {
      double nanos = Statistics.median(comparison.nanos(peer, size));
      String text = Figures.fixed(nanos, nanos < SLOW_NANOS ? 1 : 0);
      bars.add(new ValueBars.Bar(peer.title(), nanos, text, peer.isOurs()));
    }
    return bars;
  }
}
