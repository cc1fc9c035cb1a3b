package org.ouroboros.collector.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** Threads that load, store and exchange in one graph; in the end every count is recounted. */
class SharedGraphTest {

  private static final ObjectType NODE =
      ObjectType.builder("node").references(2).field("check", JAVA_LONG).build();
  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final ObjectType LEAF = ObjectType.builder("leaf").acyclic().references(0).build();
  private static final ObjectType TABLE = ObjectType.referenceArray("table");
  private static final long CHECK = NODE.offset("check");
  private static final long SOUND = 0x5EED_5EED_5EED_5EEDL;
  private static final int PLACES = 16;
  private static final int STEPS = 30_000;

  static Stream<Named<HeapOptions>> heaps() {
    HeapOptions paged = HeapOptions.DEFAULT;
    return Stream.of(
        Named.of("normal", paged),
        Named.of("marking threads", Spaces.withThreads(paged)),
        Named.of("incremental", paged.withIncremental(true)),
        Named.of("checked", paged.withMode(HeapMode.CHECKED)),
        Named.of("on an allocator", Spaces.everywhere().skip(1).findFirst().get().getPayload()));
  }

  private static int steps(HeapOptions options) {
    boolean slow = options.mode() != HeapMode.NORMAL || options.allocator() != null;
    return slow ? STEPS / 10 : STEPS;
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void graphOfAll(HeapOptions options) {
    try (Heap heap = Heap.ofShared(options)) {
      long table = heap.allocate(TABLE, PLACES);
      Crew.run(4, (number, random) -> change(heap, table, random, steps(options)));
      check(heap, table);
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void graphOfAllWhileOneCollects(HeapOptions options) {
    try (Heap heap = Heap.ofShared(options)) {
      long table = heap.allocate(TABLE, PLACES);
      AtomicBoolean ended = new AtomicBoolean();
      Crew.run(
          (number, random) -> {
            while (!ended.get()) {
              heap.collector().collect(random.nextInt(3));
              assertThat(heap.inspector().verify()).isEmpty();
              Thread.yield();
            }
          },
          (number, random) -> {
            try {
              change(heap, table, random, steps(options));
            } finally {
              ended.set(true);
            }
          },
          (number, random) -> change(heap, table, random, steps(options)));
      check(heap, table);
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void graphOfAllWhileOneMarks(HeapOptions options) {
    try (Heap heap = Heap.ofShared(options)) {
      long table = heap.allocate(TABLE, PLACES);
      AtomicBoolean ended = new AtomicBoolean();
      Crew.run(
          (number, random) -> {
            int collections = 0;
            while (!ended.get() || collections == 0) {
              collections += heap.collector().step(random.nextInt(300_000)) ? 1 : 0;
              if (random.nextInt(100) == 0) {
                assertThat(heap.inspector().verify()).isEmpty();
              }
            }
          },
          (number, random) -> {
            try {
              change(heap, table, random, 2 * steps(options));
            } finally {
              ended.set(true);
            }
          },
          (number, random) -> change(heap, table, random, 2 * steps(options)));
      check(heap, table);
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void graphOfVirtualThreads(HeapOptions options) {
    try (Heap heap = Heap.ofShared(options)) {
      long table = heap.allocate(TABLE, PLACES);
      Crew.runVirtually(
          20,
          (number, random) -> {
            for (int i = 0; i < 10; i++) {
              change(heap, table, random, steps(options) / 100);
              Thread.yield();
            }
          });
      check(heap, table);
    }
  }

  /** What a thread does to the graph; it leaves with nothing owned. */
  private static void change(Heap heap, long table, Random random, int steps) {
    for (int i = 0; i < steps; i++) {
      int place = heap.elementSlot(table, random.nextInt(PLACES));
      switch (random.nextInt(9)) {
        case 0, 1 -> {
          long node = node(heap);
          heap.setRefMoved(node, 0, heap.loadRef(table, place));
          heap.setRefMoved(table, place, node);
        }
        case 2 -> heap.release(heap.takeRef(table, place));
        case 3 -> heap.setElement(table, random.nextInt(PLACES), Heap.NULL);
        case 4 -> {
          long one = heap.loadElement(table, random.nextInt(PLACES));
          long other = heap.loadElement(table, random.nextInt(PLACES));
          if (one != Heap.NULL && heap.typeOf(one) != LEAF) {
            heap.setRef(one, 1, other);
          }
          heap.release(one);
          heap.release(other);
        }
        case 5 -> heap.release(heap.exchangeRef(table, place, heap.allocate(LEAF)));
        case 6 -> {
          long pair = heap.allocateOwning(PAIR, node(heap), heap.loadRef(table, place));
          heap.setRef(table, place, pair);
          heap.release(pair);
        }
        case 7 -> walk(heap, heap.loadRef(table, place), random);
        default -> {
          long one = heap.loadRef(table, place);
          if (one != Heap.NULL) {
            heap.retain(one);
            heap.release(one);
          }
          heap.setRef(table, heap.elementSlot(table, random.nextInt(PLACES)), one);
          heap.release(one);
        }
      }
    }
  }

  private static long node(Heap heap) {
    long node = heap.allocate(NODE);
    heap.setLong(node, CHECK, SOUND);
    return node;
  }

  /** Follows references from an owned one, and looks whether nodes are what their maker wrote. */
  private static void walk(Heap heap, long owned, Random random) {
    long at = owned;
    for (int i = 0; i < 20 && at != Heap.NULL; i++) {
      ObjectType type = heap.typeOf(at);
      if (type == NODE) {
        assertThat(heap.getLong(at, CHECK)).isEqualTo(SOUND);
      }
      long next = type == LEAF ? Heap.NULL : heap.loadRef(at, random.nextInt(2));
      heap.release(at);
      at = next;
    }
    heap.release(at);
  }

  private static void check(Heap heap, long table) {
    assertThat(heap.inspector().verify()).isEmpty();
    assertThat(heap.externalCount(table)).isEqualTo(1);
    for (int i = 0; i < PLACES; i++) {
      heap.setElement(table, i, Heap.NULL);
    }
    heap.collector().collect();
    assertThat(heap.inspector().verify()).isEmpty();
    assertThat(heap.stats().liveObjects()).isEqualTo(1);
    heap.release(table);
    assertThat(heap.stats().liveObjects()).isZero();
    assertThat(heap.errors().entries()).isEmpty();
  }
}
