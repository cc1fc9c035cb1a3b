package org.ouroboros.benchmarks.graph;

import java.util.BitSet;
import java.util.List;

/**
 * Which objects lose all their external references in an experiment.
 *
 * <p>Thread rule: immutable; the sets are not changed once they are in a rule.
 */
sealed interface DropRule {

  /**
   * Whether an object loses its external references.
   *
   * @param id of the object
   * @param type index of its type
   */
  boolean drops(int id, int type);

  /** The rule in a few words. */
  String text();

  /**
   * All objects, or none: kinds {@code all} and {@code none}.
   *
   * @param drop whether all
   */
  record Every(boolean drop) implements DropRule {

    @Override
    public boolean drops(int id, int type) {
      return drop;
    }

    @Override
    public String text() {
      return drop ? "all" : "none";
    }
  }

  /**
   * Some objects by id: kind {@code ids}.
   *
   * @param ids of those objects
   */
  record Ids(BitSet ids) implements DropRule {

    @Override
    public boolean drops(int id, int type) {
      return ids.get(id);
    }

    @Override
    public String text() {
      int count = ids.cardinality();
      return count == 1 ? "object " + ids.nextSetBit(0) : count + " objects by id";
    }
  }

  /**
   * Every so-manieth object, or all others: kinds {@code mod} and {@code exceptMod}.
   *
   * @param modulus more than 0
   * @param remainder of the id, of the objects that are meant
   * @param except whether the others drop
   */
  record Mod(long modulus, long remainder, boolean except) implements DropRule {

    @Override
    public boolean drops(int id, int type) {
      return id % modulus == remainder != except;
    }

    @Override
    public String text() {
      return (except ? "all but id % " : "id % ") + modulus + " = " + remainder;
    }
  }

  /**
   * The objects of some types, or of all others: kinds {@code types} and {@code exceptTypes}.
   *
   * @param names of the types, as the rule has them
   * @param indexes of the types; several may have one name
   * @param except whether the objects of other types drop
   */
  record Types(List<String> names, BitSet indexes, boolean except) implements DropRule {

    private static final int MOST_NAMES = 6;

    public Types {
      names = List.copyOf(names);
    }

    @Override
    public boolean drops(int id, int type) {
      return indexes.get(type) != except;
    }

    @Override
    public String text() {
      String list =
          names.size() <= MOST_NAMES ? String.join(", ", names) : names.size() + " types by name";
      return (except ? "all but " : "") + list;
    }
  }
}
