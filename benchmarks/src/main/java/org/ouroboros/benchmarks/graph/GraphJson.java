package org.ouroboros.benchmarks.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/** The results as JSON Lines: an object for each graph; -1 is what was not measured. */
final class GraphJson {

  private static final double ROUNDING = 1000;

  private GraphJson() {}

  static String of(List<GraphResult> results) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setRootValueSeparator(null);
      for (GraphResult result : results) {
        write(json, result);
      }
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, GraphResult result) throws IOException {
    Timings nanos = result.perObject();
    json.writeStartObject();
    json.writeStringField("graph", result.name());
    json.writeStringField("space", result.space().name());
    json.writeNumberField("objects", result.header().objects());
    json.writeNumberField("edges", result.header().edges());
    json.writeNumberField("heapBytes", result.stats().liveBytes());
    json.writeNumberField("committedBytes", result.stats().committedBytes());
    json.writeNumberField("metadataBytes", result.stats().metadataBytes());
    json.writeNumberField("leastBytes", result.survey().leastBytes());
    json.writeNumberField("bytesPerObject", rounded(result.bytesPerObject()));
    json.writeNumberField("loadNsPerObject", rounded(nanos.load()));
    json.writeNumberField("liveCollectNsPerObject", rounded(nanos.liveCollect()));
    json.writeNumberField("dropNsPerObject", rounded(nanos.drop()));
    json.writeNumberField("deadCollectNsPerObject", rounded(nanos.deadCollect()));
    json.writeNumberField("asDumpedCollectNsPerObject", rounded(nanos.asDumpedCollect()));
    json.writeArrayFieldStart("experiments");
    for (ExperimentResult experiment : result.experiments()) {
      write(json, experiment);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private static void write(JsonGenerator json, ExperimentResult result) throws IOException {
    json.writeStartObject();
    json.writeFieldName("rule");
    json.writeRawValue(result.experiment().ruleJson());
    json.writeNumberField("freedByCounting", result.freedByCounting());
    json.writeNumberField("freedByCollector", result.freedByCollector());
    json.writeNumberField("expectedByCounting", result.experiment().expectedByCounting());
    json.writeNumberField("expectedByCollector", result.experiment().expectedByCollector());
    json.writeBooleanField("ok", result.isOk());
    json.writeEndObject();
  }

  private static double rounded(double value) {
    return Math.round(value * ROUNDING) / ROUNDING;
  }
}
