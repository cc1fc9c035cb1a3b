package org.ouroboros.collector.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.CollectorAgent;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * A thread that marks beside others, which hide from it what they can: nodes move from slots that
 * were not looked at yet to slots that were, from owned references to slots, and back. A node that
 * was taken for garbage has lost its number, or its leaf has.
 */
class SharedMarkingTest {

  private static final ObjectType LEAF =
      ObjectType.builder("leaf").references(1).field("number", JAVA_LONG).build();
  private static final ObjectType NODE =
      ObjectType.builder("node").references("leaf", "ring").field("number", JAVA_LONG).build();
  private static final ObjectType TABLE = ObjectType.referenceArray("table");
  private static final int TO_LEAF = NODE.slot("leaf");
  private static final int RING = NODE.slot("ring");
  private static final long OF_LEAF = LEAF.offset("number");
  private static final long OF_NODE = NODE.offset("number");
  private static final long SOUND = 0x5EED_5EED_5EED_5EEDL;

  private static final int PLACES = 20_000;
  private static final int STOCK = 5_000;
  private static final int STEPS = 150_000;

  @Test
  void nothingThatIsReachableIsFreedBesideTheThreads() {
    try (Heap heap = Heap.ofShared()) {
      long table = fill(heap);
      AtomicBoolean ended = new AtomicBoolean();
      Crew.run(
          (number, random) -> {
            int collections = 0;
            while (!ended.get() || collections == 0) {
              // short steps, so that the others get something done while marking is under way
              collections += heap.collector().step(random.nextInt(100_000)) ? 1 : 0;
              Thread.yield();
            }
          },
          (number, random) -> {
            try {
              hide(heap, table, random, STEPS);
            } finally {
              ended.set(true);
            }
          },
          (number, random) -> hide(heap, table, random, STEPS));
      assertThat(full(heap)).isPositive();
      checkAll(heap, table);
    }
  }

  @Test
  void agentCollectsGarbageBesideTheThreads() throws Exception {
    HeapOptions options = HeapOptions.DEFAULT.withIncremental(true);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (Heap heap = Heap.ofShared(options)) {
      long table = fill(heap);
      try (AgentRunner helper =
          new AgentRunner(
              new SleepingMillisIdleStrategy(1), failure::set, null, new CollectorAgent(heap))) {
        AgentRunner.startOnThread(helper);
        Crew.run(
            (number, random) -> drop(heap, table, random, STEPS),
            (number, random) -> drop(heap, table, random, STEPS));
      }
      assertThat(failure.get()).isNull();
      assertThat(full(heap)).isPositive();
      // of 300,000 rings; the last collections found all but those of a part of the time
      assertThat(heap.stats().liveObjects()).isLessThan(4L * PLACES + 2L * STEPS);
      checkAll(heap, table);
    }
  }

  @Test
  void executorCompletesWhatAnAllocationBegan() throws Exception {
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      HeapOptions options = HeapOptions.DEFAULT.withIncremental(true).withExecutor(executor);
      Heap heap = Heap.ofShared(options);
      long table = fill(heap);
      Crew.run((number, random) -> drop(heap, table, random, STEPS));
      executor.shutdown();
      assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      assertThat(full(heap)).isPositive();
      checkAll(heap, table);
      heap.close();
    }
  }

  @Test
  void allocatingThreadsDoItWhereNobodyElseDoes() {
    try (Heap heap = Heap.ofShared(HeapOptions.DEFAULT.withIncremental(true))) {
      long table = fill(heap);
      Crew.run(
          (number, random) -> drop(heap, table, random, STEPS),
          (number, random) -> drop(heap, table, random, STEPS));
      assertThat(full(heap)).isPositive();
      checkAll(heap, table);
    }
  }

  @Test
  void assistDoesNothingWhereNothingIsUnderWay() {
    try (Heap heap = Heap.ofShared()) {
      assertThat(heap.collector().assist(1_000_000)).isFalse();
      heap.collector().step(0);
      assertThat(heap.collector().assist(Long.MAX_VALUE)).isTrue();
      assertThat(heap.collector().assist(1_000_000)).isFalse();
      assertThat(full(heap)).isOne();
    }
  }

  private static long full(Heap heap) {
    return heap.collector().stats().get(Collector.OLDEST).collections();
  }

  /** A table that is the only root, with a node in each place. */
  private static long fill(Heap heap) {
    long table = heap.allocate(TABLE, PLACES);
    for (int i = 0; i < PLACES; i++) {
      heap.setRefMoved(table, heap.elementSlot(table, i), node(heap));
    }
    return table;
  }

  private static long node(Heap heap) {
    long leaf = leaf(heap);
    long node = heap.allocate(NODE);
    heap.setRefMoved(node, TO_LEAF, leaf);
    heap.setLong(node, OF_NODE, SOUND);
    return node;
  }

  private static void check(Heap heap, long node) {
    assertThat(heap.typeOf(node)).isSameAs(NODE);
    assertThat(heap.getLong(node, OF_NODE)).isEqualTo(SOUND);
    long leaf = heap.loadRef(node, TO_LEAF);
    if (leaf != Heap.NULL) {
      checkLeaf(heap, leaf);
      heap.release(leaf);
    }
  }

  private static void checkLeaf(Heap heap, long leaf) {
    assertThat(heap.typeOf(leaf)).isSameAs(LEAF);
    assertThat(heap.getLong(leaf, OF_LEAF)).isEqualTo(SOUND);
  }

  /** Moves nodes about, and keeps many of them for some time where only this thread has them. */
  private static void hide(Heap heap, long table, Random random, int steps) {
    ArrayDeque<Long> stock = new ArrayDeque<>();
    ArrayDeque<Long> leaves = new ArrayDeque<>();
    for (int i = 0; i < steps; i++) {
      int from = heap.elementSlot(table, random.nextInt(PLACES));
      int to = heap.elementSlot(table, random.nextInt(PLACES));
      switch (random.nextInt(8)) {
        case 0 -> put(heap.exchangeRef(table, to, heap.takeRef(table, from)), stock);
        case 1 -> {
          put(heap.loadRef(table, from), stock);
          heap.setRef(table, from, Heap.NULL);
        }
        case 2 -> stock.add(node(heap));
        case 3 -> {
          long node = take(heap, stock);
          heap.setRef(table, to, node); // what was there dies, or is somebody's stock
          heap.release(node);
        }
        case 4 -> heap.setRefMoved(table, to, take(heap, stock));
        case 5 -> withNode(heap, table, from, node -> put(heap.takeRef(node, TO_LEAF), leaves));
        case 6 -> {
          // the leaf that was there dies, and the next new one has its place
          withNode(heap, table, from, node -> heap.setRef(node, TO_LEAF, Heap.NULL));
          leaves.add(leaf(heap));
        }
        default ->
            withNode(
                heap, table, from, node -> heap.setRefMoved(node, TO_LEAF, leaf(heap, leaves)));
      }
      if (i % 1000 == 0) {
        heap.setRefMoved(table, to, chain(heap));
      }
      while (stock.size() > STOCK) {
        heap.setRefMoved(table, from, take(heap, stock));
      }
      while (leaves.size() > STOCK) {
        heap.release(leaf(heap, leaves));
      }
    }
    while (!stock.isEmpty()) {
      heap.setRefMoved(table, heap.elementSlot(table, random.nextInt(PLACES)), take(heap, stock));
    }
    while (!leaves.isEmpty()) {
      heap.release(leaf(heap, leaves));
    }
  }

  private static void withNode(Heap heap, long table, int slot, LongConsumer task) {
    long node = heap.loadRef(table, slot);
    if (node != Heap.NULL) {
      task.accept(node);
      heap.release(node);
    }
  }

  /** What takes some time to die. */
  private static long chain(Heap heap) {
    long first = node(heap);
    for (int i = 0; i < 200; i++) {
      long next = node(heap);
      heap.setRefMoved(next, RING, first);
      first = next;
    }
    return first;
  }

  /** The leaf that was kept for longest. */
  private static long leaf(Heap heap, ArrayDeque<Long> leaves) {
    Long leaf = leaves.poll();
    if (leaf == null) {
      return leaf(heap);
    }
    checkLeaf(heap, leaf);
    return leaf;
  }

  private static long leaf(Heap heap) {
    long leaf = heap.allocate(LEAF);
    heap.setLong(leaf, OF_LEAF, SOUND);
    return leaf;
  }

  private static void put(long node, ArrayDeque<Long> stock) {
    if (node != Heap.NULL) {
      stock.add(node);
    }
  }

  /** The one that was kept for longest. */
  private static long take(Heap heap, ArrayDeque<Long> stock) {
    Long node = stock.poll();
    if (node == null) {
      return node(heap);
    }
    check(heap, node);
    return node;
  }

  /** Makes rings and drops them, and replaces nodes of the table. */
  private static void drop(Heap heap, long table, Random random, int steps) {
    for (int i = 0; i < steps; i++) {
      long one = node(heap);
      long other = node(heap);
      heap.setRef(one, RING, other);
      heap.setRef(other, RING, one);
      heap.release(other);
      if (i % 4 == 0) {
        heap.setRefMoved(table, heap.elementSlot(table, random.nextInt(PLACES)), one);
      } else {
        heap.release(one);
      }
    }
  }

  private static void checkAll(Heap heap, long table) {
    assertThat(heap.inspector().verify()).isEmpty();
    for (int i = 0; i < PLACES; i++) {
      long node = heap.loadElement(table, i);
      if (node != Heap.NULL) {
        check(heap, node);
        heap.release(node);
      }
    }
    heap.release(table);
    heap.collector().collect();
    assertThat(heap.stats().liveObjects()).isZero();
  }
}
