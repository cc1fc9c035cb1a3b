package org.ouroboros.benchmarks.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rule of an experiment. A rule names types and objects, so that it can be understood
 * only once the whole header was read.
 */
final class DropRuleReader {

  private static final JsonFactory JSON = new JsonFactory();

  private final List<String> types;
  private final int objects;
  private @Nullable String kind;
  private @Nullable Long modulus;
  private @Nullable Long remainder;
  private @Nullable BitSet ids;
  private @Nullable List<String> names;

  private DropRuleReader(List<String> types, int objects) {
    this.types = types;
    this.objects = objects;
  }

  /**
   * Reads a rule.
   *
   * @param json an object
   * @param types of the graph
   * @param objects how many the graph has
   * @throws IOException if it is none; the message is a phrase
   */
  static DropRule read(String json, List<String> types, int objects) throws IOException {
    return new DropRuleReader(types, objects).read(json);
  }

  private DropRule read(String text) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        boolean number = value == JsonToken.VALUE_NUMBER_INT;
        switch (key) {
          case "kind" -> kind = value == JsonToken.VALUE_STRING ? json.getText() : null;
          case "m" -> modulus = number ? json.getLongValue() : null;
          case "r" -> remainder = number ? json.getLongValue() : null;
          case "ids" -> readIds(json);
          case "types" -> readNames(json);
          default -> json.skipChildren();
        }
      }
    }
    return rule(have(kind, "kind"));
  }

  private DropRule rule(String of) throws IOException {
    return switch (of) {
      case "none" -> new DropRule.Every(false);
      case "all" -> new DropRule.Every(true);
      case "ids" -> new DropRule.Ids(have(ids, "ids"));
      case "mod", "exceptMod" -> mod(of.equals("exceptMod"));
      case "types", "exceptTypes" -> byType(of.equals("exceptTypes"));
      default -> throw new IOException("a rule has the unknown kind \"" + of + "\"");
    };
  }

  private DropRule mod(boolean except) throws IOException {
    long m = have(modulus, "m");
    if (m < 1) {
      throw new IOException("a rule has m " + m);
    }
    return new DropRule.Mod(m, have(remainder, "r"), except);
  }

  private DropRule byType(boolean except) throws IOException {
    List<String> wanted = have(names, "types");
    Set<String> set = new HashSet<>(wanted);
    BitSet indexes = new BitSet(types.size());
    for (int i = 0; i < types.size(); i++) {
      indexes.set(i, set.contains(types.get(i)));
    }
    return new DropRule.Types(wanted, indexes, except);
  }

  private void readIds(JsonParser json) throws IOException {
    begin(json, "ids");
    BitSet found = new BitSet(objects);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw new IOException("a rule has an id that is no number");
      }
      long id = json.getLongValue();
      if (id < 0 || id >= objects) {
        throw new IOException("a rule has the id " + id + ", but there are " + objects);
      }
      found.set((int) id);
    }
    ids = found;
  }

  private void readNames(JsonParser json) throws IOException {
    begin(json, "types");
    List<String> found = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw new IOException("a rule has a type that is no text");
      }
      found.add(json.getText());
    }
    names = found;
  }

  private static void begin(JsonParser json, String key) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new IOException("a rule has no list \"" + key + "\"");
    }
  }

  private static <T> T have(@Nullable T value, String key) throws IOException {
    if (value == null) {
      throw new IOException("a rule has no \"" + key + "\"");
    }
    return value;
  }
}
