package org.ouroboros.benchmarks.program;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.replay.Statistics;

/**
 * The figures as JSON Lines: {@code kind} is {@code notes}, {@code program} (of a program and a
 * subject, with the figures of each round) or {@code goal}. Times in nanoseconds; -1 is what is not
 * known.
 */
final class ProgramJson {

  private static final double ROUNDING = 1e4;

  private final JsonGenerator json;

  private ProgramJson(JsonGenerator json) {
    this.json = json;
  }

  static String of(ProgramReport report) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setRootValueSeparator(null);
      new ProgramJson(json).write(report);
    }
    return text.toString();
  }

  private void write(ProgramReport report) throws IOException {
    begin("notes");
    lines("lines", report.notes());
    lines("flags", report.flags());
    end();
    Runs runs = report.runs();
    for (Program program : runs.programs()) {
      for (Subject subject : runs.subjects(program)) {
        begin("program");
        json.writeStringField("program", program.name());
        json.writeStringField("size", program.size());
        json.writeStringField("subject", subject.label());
        json.writeStringField("operation", program.operation());
        write(runs, program, subject);
        end();
      }
    }
    for (Goal.Verdict verdict : report.verdicts()) {
      write(verdict);
    }
  }

  private void write(Runs runs, Program program, Subject subject) throws IOException {
    double[] nanos = runs.nanos(program, subject);
    json.writeNumberField("nsPerOperation", rounded(Statistics.median(nanos)));
    json.writeNumberField("memoryBytes", runs.memoryBytes(program, subject));
    json.writeNumberField("peakBytes", runs.peakBytes(program, subject));
    json.writeNumberField("processBytes", runs.processBytes(program, subject));
    json.writeArrayFieldStart("rounds");
    for (double one : nanos) {
      json.writeNumber(rounded(one));
    }
    json.writeEndArray();
    Latencies latencies = runs.latencies(program, subject);
    for (Map.Entry<String, Function<Latencies, Histogram>> one :
        ProgramReport.HISTOGRAMS.entrySet()) {
      Histogram histogram = one.getValue().apply(latencies);
      if (histogram.getTotalCount() > 0) {
        json.writeObjectFieldStart(one.getKey());
        json.writeNumberField("count", histogram.getTotalCount());
        for (double percentile : ProgramReport.PERCENTILES) {
          json.writeNumberField("p" + percentile, histogram.getValueAtPercentile(percentile));
        }
        json.writeEndObject();
      }
    }
  }

  private void write(Goal.Verdict verdict) throws IOException {
    begin("goal");
    json.writeStringField("program", verdict.program().name());
    json.writeStringField("size", verdict.program().size());
    json.writeStringField("subject", verdict.subject().label());
    json.writeStringField("against", verdict.reference().label());
    json.writeStringField("what", verdict.what());
    json.writeNumberField("ratio", rounded(verdict.ratio().value()));
    json.writeNumberField("ratioLow", rounded(verdict.ratio().low()));
    json.writeNumberField("ratioHigh", rounded(verdict.ratio().high()));
    json.writeNumberField("most", verdict.most());
    json.writeBooleanField("met", verdict.met());
    end();
  }

  private void lines(String name, List<String> lines) throws IOException {
    json.writeArrayFieldStart(name);
    for (String line : lines) {
      json.writeString(line);
    }
    json.writeEndArray();
  }

  private void begin(String kind) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", kind);
  }

  private void end() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private static double rounded(double value) {
    return Math.round(value * ROUNDING) / ROUNDING;
  }
}
