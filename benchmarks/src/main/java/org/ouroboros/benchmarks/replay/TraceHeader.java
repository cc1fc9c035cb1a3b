package org.ouroboros.benchmarks.replay;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What the second line of a trace claims of its events.
 *
 * @param description what the program was and did; empty if the header does not say
 * @param events events, thread switches among them
 * @param mallocs events of opcode 0
 * @param callocs events of opcode 1
 * @param aligned events of opcode 2
 * @param reallocs events of opcode 3
 * @param frees events of opcode 4
 * @param threads threads
 * @param peakLiveBytes the most bytes requested by live blocks after any event
 * @param peakLiveBlocks the most live blocks after any event
 * @param endLiveBlocks live blocks after the last event
 * @param recording whether the trace is still being recorded, or its program was killed: the
 *     numbers mean nothing then, and the file may end anywhere
 */
record TraceHeader(
    String description,
    long events,
    long mallocs,
    long callocs,
    long aligned,
    long reallocs,
    long frees,
    long threads,
    long peakLiveBytes,
    long peakLiveBlocks,
    long endLiveBlocks,
    boolean recording) {

  private static final JsonFactory JSON = new JsonFactory();

  /** Reads the line; a key that is missing, no number or negative is an {@link IOException}. */
  static TraceHeader parse(String line) throws IOException {
    Map<String, Long> numbers = new HashMap<>();
    String description = "";
    boolean recording = false;
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the header is no JSON object");
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        if (value == JsonToken.VALUE_NUMBER_INT) {
          numbers.put(key, json.getLongValue());
        } else if (value == JsonToken.VALUE_STRING && key.equals("description")) {
          description = json.getText();
        } else if (value == JsonToken.VALUE_TRUE && key.equals("recording")) {
          recording = true;
        } else {
          json.skipChildren();
        }
      }
      if (json.nextToken() != null) {
        throw new IOException("something follows the header on its line");
      }
    } catch (JacksonException e) {
      throw new IOException("the header is no JSON: " + firstLine(e.getOriginalMessage()), e);
    }
    return new TraceHeader(
        description,
        number(numbers, "events"),
        number(numbers, "mallocs"),
        number(numbers, "callocs"),
        number(numbers, "aligned"),
        number(numbers, "reallocs"),
        number(numbers, "frees"),
        number(numbers, "threads"),
        number(numbers, "peakLiveBytes"),
        number(numbers, "peakLiveBlocks"),
        number(numbers, "endLiveBlocks"),
        recording);
  }

  private static long number(Map<String, Long> numbers, String key) throws IOException {
    Long value = numbers.get(key);
    if (value == null) {
      throw new IOException("the header has no number \"" + key + "\"");
    }
    if (value < 0) {
      throw new IOException("the header says " + key + " " + value);
    }
    return value;
  }

  /** The text without control characters, so that a message stays one line. */
  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
  }
}
