package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * A random program on a heap and on plain Java objects side by side, with steps of incremental
 * collections in between. Nothing of the heap is told, so that its own ways to free are taken.
 */
final class SteppedProgram implements AutoCloseable {

  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final ObjectType WIDE =
      ObjectType.builder("wide").references(5).field("x", ValueLayout.JAVA_LONG).build();
  private static final ObjectType ARRAY = ObjectType.referenceArray("array");
  private static final ObjectType LEAF =
      ObjectType.builder("leaf").field("x", ValueLayout.JAVA_LONG).build();
  private static final ObjectType HOLDER =
      ObjectType.builder("holder").references(2).acyclic().build();
  private static final int MANY = 400;
  private static final int LARGE = 9000;
  private static final int LONG = 900;

  /** An object of the program's. */
  static final class Node {
    final long ref;
    final Node[] slots;
    final int firstSlot;
    int owned = 1;

    Node(long ref, int slots, int firstSlot) {
      this.ref = ref;
      this.slots = new Node[slots];
      this.firstSlot = firstSlot;
    }
  }

  private final Random random;
  private final Heap heap;
  private final List<Node> all = new ArrayList<>();
  private final int stepsOfHundred;
  private int ended;

  SteppedProgram(HeapOptions options, long seed, int stepsOfHundred) {
    this.random = new Random(seed);
    this.heap = Heap.ofConfined(options);
    this.stepsOfHundred = stepsOfHundred;
  }

  Heap heap() {
    return heap;
  }

  /** How many collections have ended by steps. */
  int ended() {
    return ended;
  }

  void run(int operations) {
    for (int i = 0; i < operations; i++) {
      if (random.nextInt(100) < stepsOfHundred) {
        ended += heap.collector().step(0) ? 1 : 0;
      } else {
        operate();
      }
      if (i % 97 == 0) {
        check();
      }
    }
  }

  /** All that the program can reach is there; nothing but garbage is there beside it. */
  void check() {
    for (Node node : reachable()) {
      assertThat(heap.isLive(node.ref)).isTrue();
      for (int i = 0; i < node.slots.length; i++) {
        Node child = node.slots[i];
        long expected = child == null ? Heap.NULL : child.ref;
        if (heap.getRef(node.ref, node.firstSlot + i) != expected) {
          assertThat(heap.getRef(node.ref, node.firstSlot + i)).isEqualTo(expected);
        }
      }
    }
  }

  /** After a complete collection exactly what can be reached is left. */
  void checkExactly() {
    check();
    assertThat(heap.inspector().verify()).isEmpty();
    assertThat(heap.stats().liveObjects()).isEqualTo(reachable().size());
  }

  void completeCollection() {
    while (!heap.collector().step(0)) {
      // goes on
    }
  }

  Set<Node> reachable() {
    Set<Node> found = new HashSet<>();
    ArrayDeque<Node> gray = new ArrayDeque<>();
    for (Node node : all) {
      if (node.owned > 0 && found.add(node)) {
        gray.add(node);
      }
    }
    while (!gray.isEmpty()) {
      for (Node child : gray.remove().slots) {
        if (child != null && found.add(child)) {
          gray.add(child);
        }
      }
    }
    all.retainAll(found);
    return found;
  }

  // --------------------------------------------------------------------- operations

  private void operate() {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> make();
      case 3, 4, 5 -> store();
      case 6 -> move();
      case 7 -> exchange();
      case 8 -> retain();
      case 9, 10 -> {
        release();
        if (all.size() > MANY) {
          for (int i = 0; i < MANY / 2; i++) {
            release();
          }
          reachable();
        }
      }
      default -> {
        if (random.nextInt(4) == 0) {
          heap.collector().collect(random.nextInt(20) == 0 ? 2 : random.nextInt(2));
        }
      }
    }
  }

  private void make() {
    Node node =
        switch (random.nextInt(40)) {
          case 0 -> new Node(heap.allocate(ARRAY, LARGE), 40, 0);
          case 15 -> random.nextInt(4) > 0 ? new Node(heap.allocate(LEAF), 0, 0) : list();
          case 1, 2, 3, 4, 5 -> new Node(heap.allocate(LEAF), 0, 0);
          case 6, 7, 8 -> new Node(heap.allocate(HOLDER), 2, HOLDER.slot(0));
          case 9, 10, 11, 12, 13, 14 -> new Node(heap.allocate(WIDE), 5, WIDE.slot(0));
          default -> new Node(heap.allocate(PAIR), 2, PAIR.slot(0));
        };
    if (node.slots.length == 40) {
      // the last ones, which are scanned in a later piece
      node = new Node(node.ref, 40, heap.elementSlot(node.ref, LARGE - 40));
    }
    all.add(node);
  }

  /** A list, which as a whole is more than dies at once. */
  private Node list() {
    ObjectType type = random.nextBoolean() ? PAIR : WIDE;
    Node head = null;
    for (int i = 0; i < LONG; i++) {
      Node node = new Node(heap.allocate(type), type == PAIR ? 2 : 5, type.slot(0));
      if (head != null) {
        node.slots[0] = head;
        head.owned--;
        heap.setRefMoved(node.ref, node.firstSlot, head.ref);
      }
      head = node;
    }
    return head;
  }

  private Node any() {
    List<Node> some = new ArrayList<>(reachable());
    some.sort((a, b) -> Long.compare(a.ref, b.ref));
    return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
  }

  private Node owned() {
    for (int tries = 0; tries < 20 && !all.isEmpty(); tries++) {
      Node node = all.get(random.nextInt(all.size()));
      if (node.owned > 0) {
        return node;
      }
    }
    return null;
  }

  private void store() {
    Node node = any();
    Node value = random.nextInt(5) == 0 ? null : any();
    if (node != null && node.slots.length > 0) {
      int i = random.nextInt(node.slots.length);
      node.slots[i] = value;
      heap.setRef(node.ref, node.firstSlot + i, value == null ? Heap.NULL : value.ref);
    }
  }

  private void move() {
    Node from = any();
    Node to = any();
    if (from == null || to == null || from.slots.length == 0 || to.slots.length == 0) {
      return;
    }
    int i = random.nextInt(from.slots.length);
    int j = random.nextInt(to.slots.length);
    if (to.slots[j] == null && !(from == to && i == j)) {
      to.slots[j] = from.slots[i];
      from.slots[i] = null;
      heap.moveRef(from.ref, from.firstSlot + i, to.ref, to.firstSlot + j);
    }
  }

  private void exchange() {
    Node node = any();
    Node value = owned();
    if (node == null || node.slots.length == 0) {
      return;
    }
    int i = random.nextInt(node.slots.length);
    Node old = node.slots[i];
    if (value != null) {
      value.owned--;
    }
    node.slots[i] = value;
    long ref = value == null ? Heap.NULL : value.ref;
    if (old == null && value != null && random.nextBoolean()) {
      heap.setRefMoved(node.ref, node.firstSlot + i, ref);
      return;
    }
    long taken = heap.exchangeRef(node.ref, node.firstSlot + i, ref);
    assertThat(taken).isEqualTo(old == null ? Heap.NULL : old.ref);
    if (old != null) {
      own(old);
    }
  }

  private void retain() {
    Node node = any();
    if (node != null) {
      own(node);
      heap.retain(node.ref);
    }
  }

  private void own(Node node) {
    if (node.owned++ == 0 && !all.contains(node)) {
      all.add(node);
    }
  }

  private void release() {
    Node node = owned();
    if (node != null) {
      node.owned--;
      heap.release(node.ref);
    }
  }

  @Override
  public void close() {
    heap.close();
  }
}
