package org.ouroboros.collector.model;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * The types of the model test. One finalizer serves all: the driver knows what each node is for.
 */
final class Shapes {

  private final List<ObjectType> plain;
  private final List<ObjectType> finalized;

  Shapes(Finalizer finalizer) {
    this.plain =
        List.of(
            ObjectType.builder("leaf").field("x", ValueLayout.JAVA_LONG).build(),
            ObjectType.builder("one").references(1).build(),
            ObjectType.builder("two").references(2).field("x", ValueLayout.JAVA_LONG).build(),
            ObjectType.builder("five").references(5).build(),
            ObjectType.builder("wide").references(3).alignment(64).build(),
            ObjectType.builder("open end").references("a").referenceTail().build(),
            ObjectType.builder("record").referencesAndBytes().build(),
            ObjectType.builder("opaque").references(2).opaque().build());
    this.finalized =
        List.of(
            ObjectType.builder("leaf!").finalizer(finalizer).build(),
            ObjectType.builder("one!").references(1).finalizer(finalizer).build(),
            ObjectType.builder("three!").references(3).finalizer(finalizer).build(),
            ObjectType.builder("array!").referenceTail().finalizer(finalizer).build());
  }

  ObjectType pick(Random random, boolean withFinalizer) {
    List<ObjectType> types = withFinalizer ? finalized : plain;
    return types.get(random.nextInt(types.size()));
  }

  /** Makes an object; returns an owned reference. */
  static long make(Heap heap, ObjectType type, int length) {
    return switch (type.tail()) {
      case NONE -> heap.allocate(type);
      case REFERENCES, ELEMENTS -> heap.allocate(type, length);
      case REFERENCES_AND_BYTES -> heap.allocate(type, length, 3 * length);
    };
  }

  static int slots(ObjectType type, int length) {
    return type.slotCount() + (type.tail() == ObjectType.Tail.NONE ? 0 : length);
  }

  /** The heap's slot of a node's i-th reference. */
  static int slot(Heap heap, ModelNode node, int i) {
    int fixed = node.type.slotCount();
    return i < fixed ? node.type.slot(i) : heap.elementSlot(node.ref, i - fixed);
  }
}
