package org.ouroboros.benchmarks.workload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.benchmarks.replay.TextTable;

/**
 * The figures as text and as JSON Lines.
 *
 * @param runs what was measured
 * @param verdicts what follows for the goals
 * @param notes what must be known to read the figures, a line each
 */
record WorkloadReport(Runs runs, List<Goal.Verdict> verdicts, List<String> notes) {

  static final String[] GOAL_HEAD = {"ours", "against", "workload", "ratio", "95 %", "must", "met"};

  private static final double MILLION = 1e6;
  private static final double ROUNDING = 1e4;

  static WorkloadReport of(Runs runs, List<String> notes) {
    List<Goal.Verdict> verdicts = new ArrayList<>();
    for (Goal goal : Goal.values()) {
      for (String allocator : runs.allocators()) {
        if (Faces.isOurs(allocator) && runs.allocators().contains(goal.reference())) {
          verdicts.addAll(goal.judge(runs, allocator));
        }
      }
    }
    return new WorkloadReport(runs, verdicts, notes);
  }

  void print(PrintWriter out) {
    for (Workload workload : runs.workloads()) {
      out.println(workload.name() + ": " + workload.question());
      TextTable table = new TextTable().row(head());
      runs.allocators().forEach(allocator -> table.row(cells(workload, allocator)));
      table.lines().forEach(out::println);
      out.println();
    }
    if (!verdicts.isEmpty()) {
      TextTable table = new TextTable().row(GOAL_HEAD);
      verdicts.forEach(verdict -> table.row(cells(verdict)));
      table.lines().forEach(out::println);
      out.println();
    }
    notes.forEach(out::println);
    out.flush();
  }

  /** The heads of {@link #cells(Workload, String)}. */
  String[] head() {
    List<String> head = new ArrayList<>(List.of("allocator", "Mop/s", "least", "peak MiB"));
    for (Goal goal : Goal.values()) {
      if (runs.allocators().contains(goal.reference())) {
        head.add("to " + goal.reference());
        head.add("95 %");
      }
    }
    return head.toArray(String[]::new);
  }

  String[] cells(Workload workload, String allocator) {
    double[] throughputs = runs.throughputs(workload, allocator);
    List<String> cells = new ArrayList<>();
    cells.add(allocator);
    cells.add(millions(Statistics.median(throughputs)));
    cells.add(millions(Statistics.min(throughputs)));
    cells.add(Figures.mebibytes(runs.peakBytes(workload, allocator)));
    for (Goal goal : Goal.values()) {
      if (runs.allocators().contains(goal.reference())) {
        Statistics.Bounded ratio =
            Statistics.medianOf(runs.ratios(workload, allocator, goal.reference()));
        cells.add(Figures.ratio(ratio.value()));
        cells.add(Figures.bound(ratio));
      }
    }
    return cells.toArray(String[]::new);
  }

  /** A number of operations a second, of which there may be a few hundred or a thousand million. */
  static String millions(double throughput) {
    return Figures.fixed(throughput / MILLION, throughput < MILLION ? 5 : 2);
  }

  static String[] cells(Goal.Verdict verdict) {
    return new String[] {
      verdict.allocator(),
      verdict.goal().reference(),
      verdict.what(),
      Figures.ratio(verdict.ratio().value()),
      Figures.bound(verdict.ratio()),
      Figures.ratio(verdict.must()),
      verdict.met() ? "yes" : "no"
    };
  }

  /**
   * An object for each line: {@code kind} is {@code notes}, {@code workload} (of a workload and an
   * allocator, with the figures of each round) or {@code goal}.
   */
  String json() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setRootValueSeparator(null);
      begin(json, "notes");
      json.writeArrayFieldStart("lines");
      for (String note : notes) {
        json.writeString(note);
      }
      json.writeEndArray();
      end(json);
      for (Workload workload : runs.workloads()) {
        for (String allocator : runs.allocators()) {
          write(json, workload, allocator);
        }
      }
      for (Goal.Verdict verdict : verdicts) {
        write(json, verdict);
      }
    }
    return text.toString();
  }

  private void write(JsonGenerator json, Workload workload, String allocator) throws IOException {
    double[] throughputs = runs.throughputs(workload, allocator);
    begin(json, "workload");
    json.writeStringField("workload", workload.name());
    json.writeStringField("allocator", allocator);
    json.writeNumberField("operationsPerSecond", rounded(Statistics.median(throughputs)));
    json.writeNumberField("peakBytes", runs.peakBytes(workload, allocator));
    json.writeArrayFieldStart("rounds");
    for (double throughput : throughputs) {
      json.writeNumber(rounded(throughput));
    }
    json.writeEndArray();
    end(json);
  }

  private static void write(JsonGenerator json, Goal.Verdict verdict) throws IOException {
    begin(json, "goal");
    json.writeStringField("allocator", verdict.allocator());
    json.writeStringField("against", verdict.goal().reference());
    json.writeStringField("workload", verdict.what());
    json.writeNumberField("ratio", rounded(verdict.ratio().value()));
    json.writeNumberField("ratioLow", rounded(verdict.ratio().low()));
    json.writeNumberField("ratioHigh", rounded(verdict.ratio().high()));
    json.writeNumberField("must", verdict.must());
    json.writeBooleanField("met", verdict.met());
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

  private static double rounded(double value) {
    return Math.round(value * ROUNDING) / ROUNDING;
  }
}
