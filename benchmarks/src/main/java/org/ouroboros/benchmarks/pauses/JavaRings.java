package org.ouroboros.benchmarks.pauses;

import org.jspecify.annotations.Nullable;

/** The rings as Java objects. */
final class JavaRings extends Rings {

  private static final class Node {
    @Nullable Node next;
    @Nullable Node previous;
  }

  private final @Nullable Node[] table;

  JavaRings(CallClock clock, int places) {
    super(clock);
    table = new Node[places];
  }

  @Override
  void store(int place, int nodes) {
    long time = clock.now();
    Node head = new Node();
    time = clock.lap(time);
    Node current = head;
    for (int i = 1; i < nodes; i++) {
      Node node = new Node();
      time = clock.lap(time);
      node.previous = current;
      time = clock.lap(time);
      current.next = node;
      time = clock.lap(time);
      current = node;
    }
    current.next = head;
    time = clock.lap(time);
    head.previous = current;
    time = clock.lap(time);
    table[place] = head;
    clock.lap(time);
  }

  @Override
  long liveNodes() {
    return -1;
  }

  @Override
  int collectAll() {
    return -1;
  }

  /** Looks that the rings are whole, which also keeps them alive till now. */
  @Override
  public void close() {
    for (Node head : table) {
      if (head != null && (head.next == null || head.next.previous != head)) {
        throw new IllegalStateException("a ring is broken");
      }
    }
  }
}
