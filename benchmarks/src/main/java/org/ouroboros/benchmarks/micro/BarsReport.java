package org.ouroboros.benchmarks.micro;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.benchmarks.replay.TextTable;

/**
 * The figures as text and as JSON Lines.
 *
 * @param timings what was measured
 * @param natives the C libraries that ours are compared with
 * @param verdicts what follows for the bars
 * @param notes what must be known to read the figures, a line each
 */
record BarsReport(
    Timings timings, List<String> natives, List<Verdict> verdicts, List<String> notes) {

  private static final double ROUNDING = 1e4;
  private static final int HEAP_DIGITS = 3;

  static BarsReport of(Timings timings, List<String> natives, List<String> notes) {
    return new BarsReport(timings, natives, Verdict.of(timings, natives), notes);
  }

  void print(PrintWriter out) {
    for (Workload workload : Workload.values()) {
      out.println(workload.title());
      times(workload).lines().forEach(out::println);
      out.println();
    }
    out.println("bars");
    bars().lines().forEach(out::println);
    out.println();
    notes.forEach(out::println);
    out.flush();
  }

  private TextTable times(Workload workload) {
    TextTable table =
        new TextTable().row("allocator", "ns/op", "min", "heap B/op", "to best peer", "95 % bound");
    String best = timings.fastest(workload, workload.peers(natives));
    for (String allocator : timings.allocators(workload)) {
      double[] nanos = timings.nanos(workload, allocator);
      Statistics.Bounded ratio = Statistics.medianOf(timings.pairRatios(workload, allocator, best));
      table.row(
          allocator,
          Figures.fixed(Statistics.median(nanos), 2),
          Figures.fixed(Statistics.min(nanos), 2),
          Figures.fixed(timings.heapBytes(workload, allocator), HEAP_DIGITS),
          Figures.ratio(ratio.value()),
          allocator.equals(best) ? "the best peer" : Figures.bound(ratio));
    }
    return table;
  }

  private TextTable bars() {
    TextTable table =
        new TextTable()
            .row(
                "workload",
                "allocator",
                "ns/op",
                "best peer",
                "ns/op",
                "ratio",
                "95 % bound",
                "must",
                "met",
                "stretch",
                "met");
    for (Verdict verdict : verdicts) {
      Bar bar = verdict.bar();
      table.row(
          bar.workload().title(),
          bar.allocator(),
          Figures.fixed(verdict.nanos(), 2),
          verdict.best(),
          Figures.fixed(verdict.bestNanos(), 2),
          Figures.ratio(verdict.ratio().value()),
          Figures.bound(verdict.ratio()),
          Figures.ratio(bar.must()),
          met(bar.must(), verdict.meetsMust()),
          Figures.ratio(bar.stretch()),
          met(bar.stretch(), verdict.meetsStretch()));
    }
    return table;
  }

  private static String met(double limit, boolean met) {
    return Double.isNaN(limit) ? Figures.NONE : met ? "yes" : "no";
  }

  /**
   * An object for each line: {@code kind} is {@code notes}, {@code times} (of a workload and an
   * allocator, with the figure of each round) or {@code bar}.
   */
  String json() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setRootValueSeparator(null);
      writeNotes(json);
      for (Workload workload : Workload.values()) {
        for (String allocator : timings.allocators(workload)) {
          writeTimes(json, workload, allocator);
        }
      }
      for (Verdict verdict : verdicts) {
        writeBar(json, verdict);
      }
    }
    return text.toString();
  }

  private void writeNotes(JsonGenerator json) throws IOException {
    begin(json, "notes");
    json.writeArrayFieldStart("lines");
    for (String note : notes) {
      json.writeString(note);
    }
    json.writeEndArray();
    end(json);
  }

  private void writeTimes(JsonGenerator json, Workload workload, String allocator)
      throws IOException {
    double[] nanos = timings.nanos(workload, allocator);
    begin(json, "times");
    json.writeStringField("workload", workload.title());
    json.writeStringField("benchmark", workload.benchmark());
    json.writeStringField("allocator", allocator);
    number(json, "nsPerOp", Statistics.median(nanos));
    number(json, "nsPerOpMin", Statistics.min(nanos));
    number(json, "heapBytesPerOp", timings.heapBytes(workload, allocator));
    json.writeArrayFieldStart("rounds");
    for (double round : nanos) {
      json.writeNumber(rounded(round));
    }
    json.writeEndArray();
    end(json);
  }

  private static void writeBar(JsonGenerator json, Verdict verdict) throws IOException {
    Bar bar = verdict.bar();
    begin(json, "bar");
    json.writeStringField("workload", bar.workload().title());
    json.writeStringField("allocator", bar.allocator());
    number(json, "nsPerOp", verdict.nanos());
    json.writeStringField("bestNative", verdict.best());
    number(json, "bestNsPerOp", verdict.bestNanos());
    number(json, "ratio", verdict.ratio().value());
    number(json, "ratioLow", verdict.ratio().low());
    number(json, "ratioHigh", verdict.ratio().high());
    number(json, "heapBytesPerOp", verdict.heapBytes());
    if (!Double.isNaN(bar.must())) {
      number(json, "must", bar.must());
      json.writeBooleanField("mustMet", verdict.meetsMust());
      number(json, "stretch", bar.stretch());
      json.writeBooleanField("stretchMet", verdict.meetsStretch());
    }
    end(json);
  }

  private static void begin(JsonGenerator json, String kind) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", kind);
  }

  private static void end(JsonGenerator json) throws IOException {
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
}
