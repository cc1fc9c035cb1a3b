package org.ouroboros.benchmarks.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;

/** The results as JSON Lines: an object for each trace and allocator; -1 is what is not known. */
final class JsonLines {

  private static final double ROUNDING = 1000;

  private JsonLines() {}

  static String of(Results results) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setRootValueSeparator(null);
      for (int t = 0; t < results.traces().size(); t++) {
        for (int s = 0; s < results.subjects().size(); s++) {
          write(json, results.traces().get(t), results.subjects().get(s), results.get(t, s));
        }
      }
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, TraceInput trace, Subject subject, Measurement cell)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("trace", trace.name());
    json.writeStringField("allocator", subject.name());
    json.writeNumberField("events", trace.header().events());
    json.writeNumberField("nsPerEvent", rounded(cell.nsPerEvent()));
    json.writeNumberField("nsPerEventMin", rounded(cell.nsPerEventMin()));
    json.writeNumberField("peakRssBytes", cell.peakResident());
    json.writeNumberField("peakCommittedBytes", cell.peakCommitted());
    json.writeNumberField("peakLiveBytes", trace.header().peakLiveBytes());
    json.writeBooleanField("verified", cell.isVerified() && cell.fault() == null);
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private static double rounded(double nanos) {
    return Math.round(nanos * ROUNDING) / ROUNDING;
  }
}
