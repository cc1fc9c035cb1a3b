package org.ouroboros.benchmarks.scenario;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.ouroboros.benchmarks.scenario.Outcome.Mismatch;

/** Outcomes as JSON Lines: an object for each scenario. */
final class ScenarioJson {

  private ScenarioJson() {}

  static String of(List<Outcome> outcomes) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setRootValueSeparator(null);
      for (Outcome outcome : outcomes) {
        write(json, outcome);
      }
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeStartObject();
    json.writeStringField("scenario", outcome.scenario());
    json.writeNumberField("ops", outcome.ops());
    json.writeBooleanField("ok", outcome.ok());
    json.writeFieldName("firstMismatch");
    Mismatch mismatch = outcome.mismatch();
    if (mismatch == null) {
      json.writeNull();
    } else {
      json.writeStartObject();
      json.writeNumberField("number", mismatch.number());
      json.writeNumberField("line", mismatch.line());
      json.writeStringField("op", mismatch.op());
      json.writeStringField("field", mismatch.difference().field());
      json.writeStringField("expected", mismatch.difference().expected());
      json.writeStringField("got", mismatch.difference().got());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }
}
