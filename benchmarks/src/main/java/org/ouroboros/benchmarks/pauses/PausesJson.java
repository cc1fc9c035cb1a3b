package org.ouroboros.benchmarks.pauses;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import org.HdrHistogram.Histogram;

/**
 * The runs as JSON Lines, an object for each. {@code p50Ms}, {@code p99Ms}, {@code p999Ms} and
 * {@code maxMs} are of single library calls; those of operations, from their due time, and of the
 * sleeping thread have names of their own. -1 is what is not known.
 */
final class PausesJson {

  private static final double ROUNDING = 1e6;

  private final JsonGenerator json;

  private PausesJson(JsonGenerator json) {
    this.json = json;
  }

  static String of(PausesReport report) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setRootValueSeparator(null);
      for (PausesReport.Result result : report.results()) {
        new PausesJson(json).write(result);
      }
    }
    return text.toString();
  }

  private void write(PausesReport.Result result) throws IOException {
    Plan plan = result.plan();
    Run run = result.run();
    json.writeStartObject();
    json.writeStringField("mode", plan.mode().label());
    json.writeNumberField("objects", plan.objects());
    json.writeBooleanField("closed", plan.closed());
    json.writeNumberField("rate", plan.closed() ? -1 : plan.rate());
    if (plan.fullAt() > 0) {
      json.writeNumberField("fullAt", plan.fullAt());
    }
    json.writeNumberField("calls", run.calls().getTotalCount());
    times("p50Ms", "p99Ms", "p999Ms", "maxMs", run.calls());
    times("operationP50Ms", "operationP99Ms", "operationP999Ms", "operationMaxMs", run.answers());
    times("sleeperP50Ms", "sleeperP99Ms", "sleeperP999Ms", "sleeperMaxMs", run.sleep());
    for (Figure figure : Figure.values()) {
      number(figure.key(), run.get(figure));
    }
    json.writeArrayFieldStart("flags");
    for (String flag : result.flags()) {
      json.writeString(flag);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void times(String p50, String p99, String p999, String max, Histogram histogram)
      throws IOException {
    number(p50, PausesReport.inMillis(histogram, PausesReport.P50));
    number(p99, PausesReport.inMillis(histogram, PausesReport.P99));
    number(p999, PausesReport.inMillis(histogram, PausesReport.P999));
    number(max, PausesReport.inMillis(histogram, 100));
  }

  private void number(String key, double value) throws IOException {
    if (Double.isNaN(value)) {
      json.writeNumberField(key, -1);
    } else if (value == Math.rint(value)) {
      json.writeNumberField(key, (long) value);
    } else {
      json.writeNumberField(key, Math.round(value * ROUNDING) / ROUNDING);
    }
  }
}
