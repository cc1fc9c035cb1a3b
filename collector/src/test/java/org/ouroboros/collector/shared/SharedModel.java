package org.ouroboros.collector.shared;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * The graph that threads make in a shared heap, in plain Java objects. What each thread does to the
 * slots of its own nodes and to its references is known exactly. What threads do to one table at
 * the same time is not, but for the sum: who gets a reference counts it, and when all threads wait,
 * the table is read.
 */
final class SharedModel {

  static final int PLACES = 8;

  private static final ObjectType TABLE = ObjectType.referenceArray("table");

  /** A node of the graph, and its object. */
  static final class Node {

    final long ref;
    final long number;
    final ObjectType type;
    final Node[] slots;

    /** What a weak reference names. */
    final Node target;

    /** How many references all threads own. */
    final AtomicInteger owned = new AtomicInteger(1);

    final AtomicInteger finalized = new AtomicInteger();

    /** Who may change the slots; null while it is handed over. */
    volatile Thread owner = Thread.currentThread();

    /** Whether another thread has upgraded a weak reference to it while its finalizer ran. */
    volatile boolean cameBack;

    /** Whether a weak reference has told that its target is dead. */
    volatile boolean targetIsDead;

    Node(long ref, long number, ObjectType type, int slots, Node target) {
      this.ref = ref;
      this.number = number;
      this.type = type;
      this.slots = new Node[slots];
      this.target = target;
    }

    @Override
    public String toString() {
      return type + " " + number;
    }
  }

  final ObjectType node =
      ObjectType.builder("node").references(3).field("number", JAVA_LONG).build();
  final ObjectType leaf =
      ObjectType.builder("leaf").references(0).acyclic().field("number", JAVA_LONG).build();
  final ObjectType finalizable =
      ObjectType.builder("finalizable")
          .references(2)
          .field("number", JAVA_LONG)
          .finalizer(this::runFinalizer)
          .build();

  final ObjectType array = ObjectType.referenceArray("array");
  final ObjectType bytes = ObjectType.builder("bytes").tail(JAVA_BYTE).build();

  final Heap heap;
  final long table;
  final Queue<Node> market = new ConcurrentLinkedQueue<>();

  /** The last node at each place: the one that is there, as long as somebody owns it. */
  private final Map<Long, Node> byRef = new ConcurrentHashMap<>();

  private final List<Node> unfinalized = new ArrayList<>();
  private final AtomicLong last = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  /** Whether requests for memory fail while threads run. */
  private final boolean faults;

  SharedModel(HeapOptions options, boolean faults) {
    this.faults = faults;
    this.heap = Heap.ofShared(options);
    this.table = heap.allocate(TABLE, PLACES);
  }

  Node add(long ref, ObjectType type, int slots, Node target) {
    Node made = new Node(ref, last.incrementAndGet(), type, slots, target);
    byRef.put(ref, made);
    if (isNumbered(made)) {
      heap.setLong(ref, type.offset("number"), made.number);
    }
    if (type == finalizable) {
      synchronized (unfinalized) {
        unfinalized.add(made);
      }
    }
    return made;
  }

  private boolean isNumbered(Node node) {
    return node.target == null && node.type.tail() == ObjectType.Tail.NONE;
  }

  /** Where a reference of an object is. */
  int slot(Node node, int index) {
    return node.type == array ? heap.elementSlot(node.ref, index) : node.type.slot(index);
  }

  /** Counts a reference that the heap has counted, and that the caller got from it. */
  void adopt(long ref) {
    byRef.get(ref).owned.incrementAndGet();
  }

  /** The node of a reference that somebody owns, after a look whether it is the right object. */
  Node known(long ref) {
    Node found = byRef.get(ref);
    assertThat(found).isNotNull();
    assertThat(found.owned.get()).as("owners of %s", found).isPositive();
    checkObject(found);
    return found;
  }

  private void checkObject(Node node) {
    assertThat(heap.typeOf(node.ref)).isSameAs(node.type);
    if (node.type == array) {
      assertThat(heap.length(node.ref)).isEqualTo(node.slots.length);
    }
    if (isNumbered(node)) {
      assertThat(heap.getLong(node.ref, node.type.offset("number"))).isEqualTo(node.number);
    }
  }

  /** Makes something, uses the slots, and fails sometimes. */
  private void runFinalizer(Heap caller, long ref) {
    Node found = byRef.get(ref);
    found.finalized.incrementAndGet();
    caller.release(caller.loadRef(ref, 0));
    try {
      long made = caller.allocate(node);
      caller.setRef(made, 0, made);
      caller.setRefMoved(made, 1, caller.loadRef(ref, 1));
      caller.release(caller.takeRef(made, 0));
      caller.release(made);
    } catch (HeapExhaustedException e) {
      assertThat(faults).isTrue();
    }
    if (found.number % 7 == 0) {
      failures.incrementAndGet();
      throw new IllegalStateException("on purpose");
    }
  }

  // ---------------------------------------------------------------- while all threads wait

  /** After a full collection what can be reached is alive, with these counts, and nothing else. */
  void check() {
    heap.inspector().failAllocations(0, 0);
    assertThat(heap.inspector().verify()).isEmpty();
    heap.collector().collect();
    assertThat(heap.inspector().verify()).isEmpty();
    Map<Node, Integer> inTable = table();
    Map<Node, Long> counts = new HashMap<>();
    ArrayDeque<Node> queue = new ArrayDeque<>();
    byRef.values().removeIf(one -> one.owned.get() == 0 && !heap.isLive(one.ref));
    for (Node one : byRef.values()) {
      if (one.owned.get() > 0) {
        counts.put(one, (long) one.owned.get());
        queue.add(one);
      }
    }
    inTable.forEach(
        (one, count) -> {
          if (counts.merge(one, (long) count, Long::sum) == (long) count) {
            queue.add(one);
          }
        });
    while (!queue.isEmpty()) {
      for (Node child : queue.remove().slots) {
        if (child != null && counts.merge(child, 1L, Long::sum) == 1) {
          queue.add(child);
        }
      }
    }
    counts.forEach(this::checkReachable);
    assertThat(heap.stats().liveObjects()).isEqualTo(1 + counts.size());
    checkWeak(counts.keySet());
    checkFinalized(counts.keySet());
    byRef.values().retainAll(counts.keySet());
    assertThat(heap.errors().total()).isEqualTo(failures.get());
  }

  private Map<Node, Integer> table() {
    Map<Node, Integer> found = new HashMap<>();
    for (int i = 0; i < PLACES; i++) {
      long ref = heap.loadElement(table, i);
      if (ref != Heap.NULL) {
        found.merge(byRef.get(ref), 1, Integer::sum);
        heap.release(ref);
      }
    }
    return found;
  }

  private void checkReachable(Node one, long count) {
    assertThat(heap.isLive(one.ref)).as("whether %s is alive", one).isTrue();
    assertThat(byRef.get(one.ref)).isSameAs(one);
    assertThat(heap.refCount(one.ref)).as("count of %s", one).isEqualTo(count);
    assertThat(heap.externalCount(one.ref)).as("owners of %s", one).isEqualTo(one.owned.get());
    checkObject(one);
    for (int i = 0; i < one.slots.length; i++) {
      long child = heap.loadRef(one.ref, slot(one, i));
      assertThat(child).isEqualTo(one.slots[i] == null ? Heap.NULL : one.slots[i].ref);
      heap.release(child);
    }
  }

  private void checkWeak(Set<Node> reachable) {
    for (Node one : reachable) {
      if (one.target != null) {
        boolean alive = reachable.contains(one.target);
        long target = heap.upgradeWeak(one.ref);
        assertThat(target).as("target of %s", one).isEqualTo(alive ? one.target.ref : Heap.NULL);
        assertThat(alive && one.targetIsDead).as("%s came back", one.target).isFalse();
        heap.release(target);
      }
    }
  }

  private void checkFinalized(Set<Node> reachable) {
    for (Node one : unfinalized) {
      assertThat(one.finalized.get())
          .as("finalizer of %s", one)
          .isEqualTo(reachable.contains(one) && !one.cameBack ? 0 : 1);
    }
    unfinalized.removeIf(one -> one.finalized.get() > 0);
  }

  /** Gives all back that threads own. */
  void end(List<List<Node>> owned) {
    owned.forEach(some -> some.forEach(one -> heap.release(one.ref)));
    market.forEach(one -> heap.release(one.ref));
    heap.release(table);
    heap.collector().collect();
    assertThat(heap.inspector().verify()).isEmpty();
    assertThat(heap.stats().liveObjects()).isZero();
    heap.close();
  }
}
