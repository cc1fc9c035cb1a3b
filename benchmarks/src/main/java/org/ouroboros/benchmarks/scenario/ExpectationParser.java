package org.ouroboros.benchmarks.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the field {@code expect} of a line. Faults are {@link IllegalArgumentException}s whose
 * message is a phrase. An unknown field is one: it would be something that is not compared.
 */
final class ExpectationParser {

  private final JsonParser json;

  /** Whether lists may have ranges. */
  private final boolean ranges;

  private IdRuns dead = IdRuns.EMPTY;
  private IdRuns finalized = IdRuns.EMPTY;
  private IdRuns callbacks = IdRuns.EMPTY;
  private @Nullable List<String> events;
  private List<Deref> derefs = List.of();
  private long unraisable;
  private boolean ordered = true;
  private @Nullable String result;

  private ExpectationParser(JsonParser json, boolean ranges) {
    this.json = json;
    this.ranges = ranges;
  }

  /** Reads the object whose beginning the parser has reached. */
  static Expectation parse(JsonParser json, boolean ranges) throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT, "'expect' must be an object");
    JsonToken first = json.nextToken();
    return first == JsonToken.END_OBJECT
        ? Expectation.NOTHING
        : new ExpectationParser(json, ranges).fields();
  }

  private Expectation fields() throws IOException {
    while (json.currentToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      field(name);
      json.nextToken();
    }
    return new Expectation(dead, finalized, callbacks, events, derefs, unraisable, ordered, result);
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "dead" -> dead = ids(name);
      case "finalized" -> finalized = ids(name);
      case "callbacks" -> callbacks = ids(name);
      case "events" -> events = events();
      case "derefs" -> derefs = derefs();
      case "unraisable" -> unraisable = number("'unraisable' must be a number");
      case "ordered" -> {
        require(json.currentToken().isBoolean(), "'ordered' must be a boolean");
        ordered = json.getBooleanValue();
      }
      case "result" -> result = result();
      default -> throw new IllegalArgumentException("unknown expectation '" + name + "'");
    }
  }

  private IdRuns ids(String name) throws IOException {
    String fault = "'" + name + "' must be a list of ids";
    requireArray(fault);
    IdRuns.Builder ids = new IdRuns.Builder();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == JsonToken.START_ARRAY) {
        require(ranges, "a range in '" + name + "', but the header says there are none");
        json.nextToken();
        long from = number(fault);
        json.nextToken();
        long to = number(fault);
        require(json.nextToken() == JsonToken.END_ARRAY, "a range in '" + name + "' is a pair");
        ids.add(from, to);
      } else {
        long id = number(fault);
        ids.add(id, id);
      }
    }
    return ids.build();
  }

  private List<String> events() throws IOException {
    requireArray("'events' must be a list");
    List<String> list = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(
          json.currentToken() == JsonToken.VALUE_STRING && json.getText().matches("[fc]\\d+"),
          "'events' must be a list of f and c with ids");
      list.add(json.getText());
    }
    return List.copyOf(list);
  }

  private List<Deref> derefs() throws IOException {
    String fault = "'derefs' must be a list of [object, weak reference, object or null]";
    requireArray(fault);
    List<Deref> list = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      requireArray(fault);
      json.nextToken();
      long object = number(fault);
      json.nextToken();
      long weak = number(fault);
      boolean nothing = json.nextToken() == JsonToken.VALUE_NULL;
      list.add(new Deref(object, weak, nothing ? Op.NOTHING : number(fault)));
      require(json.nextToken() == JsonToken.END_ARRAY, fault);
    }
    return List.copyOf(list);
  }

  private String result() throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> '"' + json.getText() + '"';
      case START_ARRAY -> {
        IdList ids = new IdList();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          ids.add(number("a list as 'result' must have numbers only"));
        }
        yield Observation.json(ids.toArray());
      }
      case START_OBJECT -> throw new IllegalArgumentException("'result' must not be an object");
      default -> json.getText();
    };
  }

  private void requireArray(String fault) {
    require(json.currentToken() == JsonToken.START_ARRAY, fault);
  }

  private long number(String fault) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, fault);
    return json.getLongValue();
  }

  private static void require(boolean condition, String fault) {
    if (!condition) {
      throw new IllegalArgumentException(fault);
    }
  }
}
