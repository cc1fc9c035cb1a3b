package org.ouroboros.benchmarks.program;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The twin of {@link HeapCycles} on Java objects. */
final class JavaCycles extends CyclesTask {

  /** The collector reads its fields. */
  @SuppressWarnings("UnusedVariable")
  private static final class Node {
    @Nullable Node next;
    @Nullable Node previous;
  }

  private final @Nullable Node[] heads = new Node[Cycles.RINGS];

  /** One node of those that were dropped: {@code System.gc} tells nothing, this does. */
  private @Nullable WeakReference<Node> witness;

  JavaCycles(int loops) {
    super(loops);
  }

  @Override
  void build() {
    for (int i = 0; i < heads.length; i++) {
      heads[i] = ring();
    }
  }

  private static Node ring() {
    Node head = new Node();
    Node current = head;
    for (int i = 0; i < Cycles.LINKS; i++) {
      Node node = new Node();
      node.previous = current;
      current.next = node;
      current = node;
    }
    current.next = head;
    head.previous = current;
    return head;
  }

  @Override
  void drop() {
    witness = new WeakReference<>(heads[0]);
    Arrays.fill(heads, null);
  }

  @Override
  int collect() {
    System.gc();
    WeakReference<Node> one = witness;
    witness = null;
    return one != null && one.refersTo(null) ? OBJECTS : 0;
  }

  @Override
  public void close() {
    drop();
  }
}
