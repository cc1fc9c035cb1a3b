package org.ouroboros.benchmarks.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an object's finalizer does, in order; an object without one has the plan without actions.
 *
 * @param actions each is done when those before it are done
 */
record FinalizerPlan(List<Action> actions) {

  /** The plan of objects without a finalizer. */
  static final FinalizerPlan NONE = new FinalizerPlan(List.of());

  /** One thing that a finalizer does. */
  sealed interface Action {

    /** Nothing: that the finalizer ran is seen anyway. */
    record Log() implements Action {
      @Override
      public String toString() {
        return "log";
      }
    }

    /** Assigns the object itself to a variable. */
    record Resurrect(String variable) implements Action {
      @Override
      public String toString() {
        return "resurrect:" + variable;
      }
    }

    /** Assigns what slot 0 holds to a variable, if that is an object. */
    record Store(String variable) implements Action {
      @Override
      public String toString() {
        return "store:" + variable;
      }
    }

    /** Dereferences a weak reference, if the weak table has it. */
    record Dereference(long weak) implements Action {
      @Override
      public String toString() {
        return "deref:" + weak;
      }
    }

    /** Sets the object's slots to null. */
    record Drop() implements Action {
      @Override
      public String toString() {
        return "drop";
      }
    }

    /** Throws. */
    record Raise() implements Action {
      @Override
      public String toString() {
        return "raise";
      }
    }
  }

  FinalizerPlan {
    actions = List.copyOf(actions);
  }

  /**
   * Reads the field {@code fin}.
   *
   * @throws IllegalArgumentException if it is no such thing; the message is a phrase
   */
  static FinalizerPlan parse(String fin) {
    if (fin.equals("none")) {
      return NONE;
    }
    List<Action> actions = new ArrayList<>();
    for (String part : fin.split(";", -1)) {
      actions.add(action(part));
    }
    return new FinalizerPlan(actions);
  }

  private static Action action(String part) {
    int colon = part.indexOf(':');
    String verb = colon < 0 ? part : part.substring(0, colon + 1);
    String argument = part.substring(colon + 1);
    return switch (verb) {
      case "log" -> new Action.Log();
      case "drop" -> new Action.Drop();
      case "raise" -> new Action.Raise();
      case "resurrect:" -> new Action.Resurrect(variable(part, argument));
      case "store:" -> new Action.Store(variable(part, argument));
      case "deref:" -> new Action.Dereference(weak(part, argument));
      default -> throw unknown(part);
    };
  }

  private static String variable(String part, String argument) {
    if (argument.isEmpty()) {
      throw unknown(part);
    }
    return argument;
  }

  private static long weak(String part, String argument) {
    try {
      return Long.parseUnsignedLong(argument);
    } catch (NumberFormatException e) {
      throw unknown(part);
    }
  }

  private static IllegalArgumentException unknown(String part) {
    return new IllegalArgumentException("unknown finalizer action '" + part + "'");
  }

  @Override
  public String toString() {
    return actions.isEmpty()
        ? "none"
        : actions.stream().map(Action::toString).collect(Collectors.joining(";"));
  }
}
