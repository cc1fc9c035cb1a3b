package org.ouroboros.benchmarks.scenario;

/**
 * One operation of a scenario. Ids are the file's, more than 0; {@link #NOTHING} stands for null.
 * {@code toString} is what messages show.
 */
sealed interface Op {

  /** The id of no object, and of no weak reference. */
  long NOTHING = 0;

  /** The most reference slots an object has. */
  int MAX_SLOTS = 8;

  /** Creates an object and assigns it to a variable. */
  record New(long object, int slots, FinalizerPlan plan, String variable) implements Op {
    @Override
    public String toString() {
      return "new obj " + object + " slots " + slots + " fin " + plan + " var " + variable;
    }
  }

  /** Assigns to a slot. */
  record SetSlot(long object, int slot, long to) implements Op {
    @Override
    public String toString() {
      return "set obj " + object + " slot " + slot + " to " + orNull(to);
    }
  }

  /** Assigns to a variable. */
  record SetVariable(String variable, long to) implements Op {
    @Override
    public String toString() {
      return "var " + variable + " to " + orNull(to);
    }
  }

  /** Makes a weak reference, into the weak table or, if there is a holder, into its slot. */
  record MakeWeak(long weak, long object, boolean callback, long holder, int slot) implements Op {
    @Override
    public String toString() {
      String place = holder == NOTHING ? "" : " holder " + holder + " slot " + slot;
      return "weak ref " + weak + " obj " + object + " callback " + callback + place;
    }
  }

  /** Takes a weak reference out of the weak table. */
  record DropWeak(long weak) implements Op {
    @Override
    public String toString() {
      return "dropweak ref " + weak;
    }
  }

  /** Asks what a weak reference of the weak table names. */
  record Dereference(long weak) implements Op {
    @Override
    public String toString() {
      return "deref ref " + weak;
    }
  }

  /** Collects. */
  record Collect(int generation) implements Op {
    @Override
    public String toString() {
      return "collect generation " + generation;
    }
  }

  /** Moves all tracked objects into the permanent generation. */
  record Freeze() implements Op {
    @Override
    public String toString() {
      return "freeze";
    }
  }

  /** Moves all frozen objects into generation 2. */
  record Unfreeze() implements Op {
    @Override
    public String toString() {
      return "unfreeze";
    }
  }

  /** Asks about one object. */
  record Ask(Question question, long object) implements Op {
    @Override
    public String toString() {
      return question.opName() + " obj " + object;
    }
  }

  /** Asks how many objects are alive. */
  record CountLive() implements Op {
    @Override
    public String toString() {
      return "live";
    }
  }

  /** Creates objects that refer to one another in a row or a ring. */
  record Chain(
      long first,
      int length,
      int slots,
      FinalizerPlan plan,
      String variable,
      boolean closed,
      boolean back)
      implements Op {

    @Override
    public String toString() {
      return "chain first "
          + first
          + " n "
          + length
          + " slots "
          + slots
          + " fin "
          + plan
          + " var "
          + variable
          + (closed ? " closed" : "")
          + (back ? " back" : "");
    }
  }

  /**
   * Creates a complete tree, ids breadth first.
   *
   * @param size objects in all
   */
  record Tree(
      long first,
      int depth,
      int fanout,
      int size,
      FinalizerPlan plan,
      String variable,
      boolean parent)
      implements Op {

    /** The slots of each object. */
    int slots() {
      return parent ? fanout + 1 : fanout;
    }

    @Override
    public String toString() {
      return "tree first "
          + first
          + " depth "
          + depth
          + " fanout "
          + fanout
          + " fin "
          + plan
          + " var "
          + variable
          + (parent ? " parent" : "");
    }
  }

  /** Whether the op has a result. */
  default boolean hasResult() {
    return switch (this) {
      case Dereference _, Collect _, Ask _, CountLive _ -> true;
      default -> false;
    };
  }

  private static String orNull(long id) {
    return id == NOTHING ? "null" : Long.toString(id);
  }
}
