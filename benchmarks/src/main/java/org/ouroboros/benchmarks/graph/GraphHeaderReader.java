package org.ouroboros.benchmarks.graph;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header line of a graph. Faults are told with their place: where a key is missing, or
 * something is wrong with the line as a whole, that is the line's beginning.
 */
final class GraphHeaderReader {

  private static final JsonFactory JSON = new JsonFactory();

  /** What HotSpot allows an array to hold, less the one more that the edge table needs. */
  private static final int MAX_COUNT = Integer.MAX_VALUE - 9;

  private final String file;
  private final long base;
  private final Map<String, Long> numbers = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private @Nullable List<String> types;
  private @Nullable List<Claim> expected;

  /** An experiment whose rule was not understood yet. */
  private record Claim(String rule, long offset, long byCounting, long byCollector) {}

  private GraphHeaderReader(String file, long base) {
    this.file = file;
    this.base = base;
  }

  /**
   * Reads a header.
   *
   * @param line its bytes without the newline
   * @param file how messages call the graph
   * @param base where the line begins in the decompressed stream
   * @throws GraphException if it is no header
   */
  static GraphHeader read(byte[] line, String file, long base) throws IOException {
    return new GraphHeaderReader(file, base).read(line);
  }

  private GraphHeader read(byte[] line) throws IOException {
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw fault(0, "the header is no JSON object");
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        readMember(json, json.currentName());
      }
      if (json.nextToken() != null) {
        throw fault(offset(json), "something follows the header on its line");
      }
    } catch (JacksonException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw caused(fault(at, "the header is no JSON: " + e.getOriginalMessage()), e);
    }
    return header();
  }

  private GraphHeader header() throws IOException {
    List<String> names = types;
    List<Claim> claims = expected;
    if (names == null) {
      throw fault(0, "the header has no list \"types\"");
    }
    if (claims == null) {
      throw fault(0, "the header has no list \"expected\"");
    }
    int objects = count("objects");
    List<Experiment> experiments = new ArrayList<>();
    for (Claim claim : claims) {
      experiments.add(experiment(claim, names, objects));
    }
    String program = texts.get("program");
    if (program == null) {
      throw fault(0, "the header has no text \"program\"");
    }
    return new GraphHeader(
        program,
        texts.getOrDefault("description", ""),
        objects,
        count("edges"),
        number("totalBytes"),
        count("roots"),
        names,
        experiments);
  }

  private void readMember(JsonParser json, String key) throws IOException {
    JsonToken value = json.nextToken();
    if (key.equals("types")) {
      types = readTypes(json);
    } else if (key.equals("expected")) {
      expected = readExpected(json);
    } else if (value == JsonToken.VALUE_NUMBER_INT) {
      numbers.put(key, json.getLongValue());
    } else if (value == JsonToken.VALUE_STRING) {
      texts.put(key, json.getText());
    } else {
      json.skipChildren();
    }
  }

  private List<String> readTypes(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw fault(offset(json), "\"types\" is no list");
    }
    List<String> names = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw fault(offset(json), "\"types\" has something that is no text");
      }
      names.add(json.getText());
    }
    return names;
  }

  private List<Claim> readExpected(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw fault(offset(json), "\"expected\" is no list");
    }
    List<Claim> claims = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw fault(offset(json), "\"expected\" has something that is no object");
      }
      claims.add(readClaim(json));
    }
    return claims;
  }

  private Claim readClaim(JsonParser json) throws IOException {
    long offset = offset(json);
    String rule = null;
    Map<String, Long> counts = new HashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      if (key.equals("dropRoots") && value == JsonToken.START_OBJECT) {
        rule = copy(json);
      } else if (value == JsonToken.VALUE_NUMBER_INT) {
        counts.put(key, json.getLongValue());
      } else {
        json.skipChildren();
      }
    }
    Long byCounting = counts.get("freedByCounting");
    Long byCollector = counts.get("freedByCollector");
    if (rule == null || byCounting == null || byCollector == null) {
      throw fault(
          offset, "an experiment lacks \"dropRoots\", \"freedByCounting\" or \"freedByCollector\"");
    }
    return new Claim(rule, offset, byCounting, byCollector);
  }

  private Experiment experiment(Claim claim, List<String> names, int objects)
      throws GraphException {
    try {
      DropRule rule = DropRuleReader.read(claim.rule, names, objects);
      return new Experiment(rule, claim.rule, claim.byCounting, claim.byCollector);
    } catch (JacksonException e) {
      throw caused(fault(claim.offset, "a rule is wrong: " + e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw caused(fault(claim.offset, String.valueOf(e.getMessage())), e);
    }
  }

  private static String copy(JsonParser json) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.copyCurrentStructure(json);
    }
    return text.toString();
  }

  private int count(String key) throws GraphException {
    long count = number(key);
    if (count > MAX_COUNT) {
      throw fault(0, "the header says " + key + " " + count + ", more than can be loaded");
    }
    return (int) count;
  }

  private long number(String key) throws GraphException {
    Long value = numbers.get(key);
    if (value == null) {
      throw fault(0, "the header has no number \"" + key + "\"");
    }
    if (value < 0) {
      throw fault(0, "the header says " + key + " " + value);
    }
    return value;
  }

  private static long offset(JsonParser json) {
    return json.currentTokenLocation().getByteOffset();
  }

  private GraphException fault(long offset, String what) {
    return new GraphException(file, base + offset, what);
  }

  private static GraphException caused(GraphException fault, IOException cause) {
    fault.initCause(cause);
    return fault;
  }
}
