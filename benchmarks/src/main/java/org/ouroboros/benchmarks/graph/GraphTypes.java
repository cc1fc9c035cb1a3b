package org.ouroboros.benchmarks.graph;

import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.ObjectType;

/**
 * The heap types of a graph's objects. An object without edges is an array of bytes, which the
 * collector never looks at, as CPython does not look at strings and numbers; one with edges has
 * references, then bytes. Objects of one Python type can be of both kinds: so are an empty list and
 * one with elements.
 *
 * <p>Types can be made a limited number of times in the life of a program, so that all heaps of a
 * graph share them. Thread rule: one thread at a time.
 */
final class GraphTypes {

  /** The type of the array that holds all objects. */
  static final ObjectType HOLDER = ObjectType.referenceArray("holder of all");

  private final Graph graph;
  private final @Nullable ObjectType[] leaves;
  private final @Nullable ObjectType[] nodes;

  GraphTypes(Graph graph) {
    this.graph = graph;
    this.leaves = new ObjectType[graph.header().types().size()];
    this.nodes = new ObjectType[leaves.length];
  }

  /** The heap type of objects of a type without edges. */
  ObjectType leaf(int type) {
    ObjectType leaf = leaves[type];
    if (leaf == null) {
      leaf = ObjectType.array(name(type), ValueLayout.JAVA_BYTE);
      leaves[type] = leaf;
    }
    return leaf;
  }

  /** The heap type of objects of a type with edges. */
  ObjectType node(int type) {
    ObjectType node = nodes[type];
    if (node == null) {
      node = ObjectType.builder(name(type)).referencesAndBytes().build();
      nodes[type] = node;
    }
    return node;
  }

  private String name(int type) {
    return graph.header().types().get(type);
  }
}
