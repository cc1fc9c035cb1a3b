package org.ouroboros.benchmarks.scenario;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.ouroboros.benchmarks.scenario.Scenario.Step;

/**
 * Reads a scenario, believing nothing of it: gzip, then one JSON object on each line, the first of
 * them the header. What is valid as a text may still name objects that do not exist; that is found
 * when it is replayed.
 */
final class ScenarioReader {

  private static final String FORMAT = "scenario/1";

  private static final JsonFactory JSON = new JsonFactory();

  private final String source;
  private final JsonParser json;
  private final Fields fields = new Fields();
  private final OpParser ops = new OpParser();
  private int line;

  private ScenarioReader(String source, JsonParser json) {
    this.source = source;
    this.json = json;
  }

  /**
   * Reads a whole file.
   *
   * @param source what messages call it
   * @param file its bytes
   * @throws ScenarioException if it is no valid scenario
   */
  static Scenario read(String source, InputStream file) throws IOException {
    try (GZIPInputStream text = new GZIPInputStream(file);
        JsonParser json = JSON.createParser(text)) {
      return new ScenarioReader(source, json).read();
    } catch (EOFException | ZipException e) {
      // only the constructor's: those of later reads have become scenario exceptions
      throw gzipFault(source, 1, e);
    }
  }

  private Scenario read() throws ScenarioException {
    try {
      return lines();
    } catch (JsonEOFException e) {
      throw new ScenarioException(source, here(), "the JSON ends in its middle", e);
    } catch (JsonProcessingException e) {
      throw new ScenarioException(source, here(), "no valid JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ScenarioException(source, here(), "" + e.getMessage(), e);
    } catch (IOException e) {
      throw gzipFault(source, here(), e);
    }
  }

  private static ScenarioException gzipFault(String source, int line, IOException e) {
    String fault =
        switch (e) {
          case EOFException _ -> "the gzip data is cut short";
          case ZipException _ -> "no valid gzip data: " + e.getMessage();
          default -> "cannot be read: " + e.getMessage();
        };
    return new ScenarioException(source, line, fault, e);
  }

  private Scenario lines() throws IOException {
    if (!nextLine()) {
      throw new IllegalArgumentException("no header");
    }
    header();
    endLine();
    String format = fields.text("format");
    require(format.equals(FORMAT), "the format is '" + format + "', not '" + FORMAT + "'");
    String name = fields.text("name");
    int count = fields.integer("ops", 0, Integer.MAX_VALUE);
    boolean ranges = fields.optionalFlag("ranges");
    List<Step> steps = new ArrayList<>();
    while (nextLine()) {
      require(steps.size() < count, "more ops than the " + count + " of the header");
      steps.add(step(ranges));
      endLine();
    }
    require(steps.size() == count, "the end after " + steps.size() + " ops of " + count);
    return new Scenario(source, name, steps);
  }

  private void header() throws IOException {
    fields.clear();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "format", "name", "ops", "ranges" -> fields.add(name, json);
        default -> Fields.skip(json);
      }
    }
  }

  private Step step(boolean ranges) throws IOException {
    fields.clear();
    Expectation expectation = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("expect")) {
        require(expectation == null, "two fields 'expect'");
        expectation = ExpectationParser.parse(json, ranges);
      } else {
        fields.add(name, json);
      }
    }
    Op op = ops.parse(fields);
    fields.requireNoMore();
    return new Step(op, checked(op, expectation));
  }

  private static Expectation checked(Op op, @Nullable Expectation expectation) {
    if (expectation == null) {
      throw new IllegalArgumentException("no field 'expect'");
    }
    boolean result = expectation.result() != null;
    require(result || !op.hasResult(), "no result, but the op has one");
    require(!result || op.hasResult(), "a result, but the op has none");
    return expectation;
  }

  /** Goes to the beginning of the next line's object. */
  private boolean nextLine() throws IOException {
    JsonToken token = json.nextToken();
    line++;
    if (token == null) {
      return false;
    }
    require(token == JsonToken.START_OBJECT, "no JSON object");
    require(json.currentTokenLocation().getLineNr() == line, "not one JSON object on each line");
    return true;
  }

  /** Sees to it that the object has ended on the line on which it began. */
  private void endLine() {
    require(json.currentTokenLocation().getLineNr() == line, "the JSON object has several lines");
  }

  private int here() {
    return Math.max(1, line);
  }

  private static void require(boolean condition, String fault) {
    if (!condition) {
      throw new IllegalArgumentException(fault);
    }
  }
}
