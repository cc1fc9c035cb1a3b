package org.ouroboros.benchmarks.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The plain fields of one JSON object, to be taken out one by one; used again for each line. What
 * is wrong with them is told by an {@link IllegalArgumentException} whose message is a phrase.
 */
final class Fields {

  /** Stands for null in the map. */
  private static final Object NULL = new Object();

  private final Map<String, Object> values = new HashMap<>();

  void clear() {
    values.clear();
  }

  /** Adds a field, whose value the parser has reached. */
  void add(String name, JsonParser json) throws IOException {
    Object value =
        switch (json.currentToken()) {
          case VALUE_NUMBER_INT -> json.getLongValue();
          case VALUE_STRING -> json.getText();
          case VALUE_TRUE -> true;
          case VALUE_FALSE -> false;
          case VALUE_NULL -> NULL;
          default -> throw wrong(name, "a number, string, boolean or null");
        };
    if (values.put(name, value) != null) {
      throw new IllegalArgumentException("two fields '" + name + "'");
    }
  }

  /** Skips a field of the header that is of no use here. */
  static void skip(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY
        || json.currentToken() == JsonToken.START_OBJECT) {
      json.skipChildren();
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** A string; messages show it, so it must not break a line or do worse to a terminal. */
  String text(String name) {
    if (take(name) instanceof String text && text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    throw wrong(name, "a string without control characters");
  }

  boolean flag(String name) {
    if (take(name) instanceof Boolean truth) {
      return truth;
    }
    throw wrong(name, "a boolean");
  }

  /** A boolean that is false if it is absent. */
  boolean optionalFlag(String name) {
    return has(name) && flag(name);
  }

  int integer(String name, int min, int max) {
    if (take(name) instanceof Long number && number >= min && number <= max) {
      return Math.toIntExact(number);
    }
    throw wrong(name, "a number from " + min + " to " + max);
  }

  long id(String name) {
    if (take(name) instanceof Long number && number > 0) {
      return number;
    }
    throw wrong(name, "an id, a number more than 0");
  }

  /** An id, or null, which is {@link Op#NOTHING}. */
  long idOrNull(String name) {
    Object value = take(name);
    if (value == NULL) {
      return Op.NOTHING;
    }
    if (value instanceof Long number && number > 0) {
      return number;
    }
    throw wrong(name, "an id or null");
  }

  /** That all fields were taken. */
  void requireNoMore() {
    if (!values.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown field '" + values.keySet().iterator().next() + "'");
    }
  }

  private Object take(String name) {
    Object value = values.remove(name);
    if (value == null) {
      throw new IllegalArgumentException("no field '" + name + "'");
    }
    return value;
  }

  private static IllegalArgumentException wrong(String name, String what) {
    return new IllegalArgumentException("field '" + name + "' must be " + what);
  }
}
