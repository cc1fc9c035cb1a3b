package org.ouroboros.benchmarks.scenario;

import java.util.HashMap;
import java.util.Map;

/**
 * Makes ops from the fields of a line. Faults are {@link IllegalArgumentException}s whose message
 * is a phrase. Whether the objects exist is not checked here, see {@link Population}.
 */
final class OpParser {

  /** The most objects that one op makes: a file of a few bytes must not take all memory. */
  static final int MAX_BULK = 100_000_000;

  /** Plans that were read already: files repeat few. */
  private final Map<String, FinalizerPlan> plans = new HashMap<>();

  /** Names that were read already. */
  private final Map<String, String> names = new HashMap<>();

  Op parse(Fields fields) {
    String op = fields.text("op");
    Question question = Question.of(op);
    if (question != null) {
      return new Op.Ask(question, fields.id("obj"));
    }
    return switch (op) {
      case "new" ->
          new Op.New(
              fields.id("obj"),
              fields.integer("slots", 0, Op.MAX_SLOTS),
              plan(fields),
              variable(fields));
      case "set" -> new Op.SetSlot(fields.id("obj"), slot(fields), fields.idOrNull("to"));
      case "var" -> new Op.SetVariable(variable(fields), fields.idOrNull("to"));
      case "weak" -> weak(fields);
      case "dropweak" -> new Op.DropWeak(fields.id("ref"));
      case "deref" -> new Op.Dereference(fields.id("ref"));
      case "collect" -> new Op.Collect(fields.integer("generation", 0, 2));
      case "freeze" -> new Op.Freeze();
      case "unfreeze" -> new Op.Unfreeze();
      case "live" -> new Op.CountLive();
      case "chain" -> chain(fields);
      case "tree" -> tree(fields);
      default -> throw new IllegalArgumentException("unknown op '" + op + "'");
    };
  }

  private static Op weak(Fields fields) {
    boolean held = fields.has("holder") || fields.has("slot");
    return new Op.MakeWeak(
        fields.id("ref"),
        fields.id("obj"),
        fields.flag("callback"),
        held ? fields.id("holder") : Op.NOTHING,
        held ? slot(fields) : 0);
  }

  private Op chain(Fields fields) {
    boolean closed = fields.optionalFlag("closed");
    boolean back = fields.optionalFlag("back");
    int slots = fields.integer("slots", back ? 2 : 1, Op.MAX_SLOTS);
    int length = fields.integer("n", 1, MAX_BULK);
    return new Op.Chain(first(fields), length, slots, plan(fields), variable(fields), closed, back);
  }

  private Op tree(Fields fields) {
    int depth = fields.integer("depth", 1, MAX_BULK);
    int fanout = fields.integer("fanout", 1, Op.MAX_SLOTS);
    boolean parent = fields.optionalFlag("parent");
    long size = 1;
    long level = 1;
    for (int i = 1; i < depth && size <= MAX_BULK; i++) {
      level *= fanout;
      size += level;
    }
    if (size > MAX_BULK) {
      throw new IllegalArgumentException("a tree of more than " + MAX_BULK + " objects");
    }
    return new Op.Tree(
        first(fields), depth, fanout, (int) size, plan(fields), variable(fields), parent);
  }

  private static long first(Fields fields) {
    long first = fields.id("first");
    if (first > Long.MAX_VALUE - MAX_BULK) {
      throw new IllegalArgumentException("field 'first' is too large");
    }
    return first;
  }

  private static int slot(Fields fields) {
    // a tree with parents has one slot more than other objects can have
    return fields.integer("slot", 0, Op.MAX_SLOTS);
  }

  private String variable(Fields fields) {
    return names.computeIfAbsent(fields.text("var"), name -> name);
  }

  private FinalizerPlan plan(Fields fields) {
    return plans.computeIfAbsent(fields.text("fin"), FinalizerPlan::parse);
  }
}
