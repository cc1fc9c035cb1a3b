package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.CloseReport;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * In incremental heaps what much depends on dies little by little. The last object of a structure
 * tells how far that is: whether it lives can be asked without completing anything.
 */
class SlicedDeathTest {

  private static final ObjectType LINK = ObjectType.builder("link").references(1).build();
  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final ObjectType ARRAY = ObjectType.referenceArray("array");

  /** Some slices: one is good for some 800 links, or 4,000 elements. */
  private static final int MANY = 6_000;

  /** Makes a list, links in slot 0. Returns its owned head, and the last one, borrowed. */
  private static long[] list(Heap heap, ObjectType type, int length) {
    long last = heap.allocate(type);
    long head = last;
    for (int i = 1; i < length; i++) {
      long before = heap.allocate(type);
      heap.setRefMoved(before, 0, head);
      head = before;
    }
    return new long[] {head, last};
  }

  /** Makes a list in whose nodes the link comes first, and a reference to one object second. */
  private static long[] listBesides(Heap heap, long other, int length) {
    long[] list = list(heap, PAIR, length);
    for (long at = list[0]; at != Heap.NULL; at = heap.getRef(at, 0)) {
      heap.setRef(at, 1, other);
    }
    return list;
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aListDiesWhileObjectsAreMade(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long kept = heap.allocate(PAIR); // else the whole heap is garbage
      long[] list = list(heap, LINK, MANY);
      heap.release(list[0]);
      assertThat(heap.isLive(list[1])).isTrue();
      int made = 0;
      for (; made < MANY && heap.isLive(list[1]); made++) {
        heap.release(heap.allocate(PAIR));
      }
      assertThat(made).isBetween(2, MANY / 8);
      assertThat(heap.stats().liveObjects()).isEqualTo(1);
      heap.release(kept);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aLargeArrayDiesInPieces(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long array = heap.allocate(ARRAY, MANY);
      long shared = heap.allocate(PAIR);
      long last = heap.allocate(PAIR);
      for (int i = 0; i < MANY - 1; i++) {
        heap.setElement(array, i, shared);
      }
      heap.setElement(array, MANY - 1, last);
      heap.release(last);
      heap.release(array);
      assertThat(heap.isLive(last)).isTrue();
      int made = 0;
      for (; made < MANY && heap.isLive(last); made++) {
        heap.release(heap.allocate(PAIR));
      }
      assertThat(made).isBetween(2, MANY / 8);
      assertThat(heap.refCount(shared)).isEqualTo(1);
      assertThat(heap.inspector().verify()).isEmpty();
      heap.release(shared);
    }
  }

  /** An array of nulls costs time, too. */
  @Test
  void anArrayThatIsEmptyAtTheEndDiesInPieces() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withIncremental(true))) {
      long array = heap.allocate(ARRAY, 1 << 20);
      heap.setElement(array, 0, heap.allocate(PAIR)); // which is released below
      long first = heap.getElement(array, 0);
      heap.release(first);
      heap.release(array);
      assertThat(heap.isLive(first)).isFalse();
      heap.release(heap.allocate(PAIR));
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  /** Large objects that come and go do not pile up. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void whatIsPendingDoesNotGrow(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long shared = heap.allocate(PAIR);
      List<Long> lasts = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        long array = heap.allocate(ARRAY, MANY);
        long last = heap.allocate(PAIR);
        for (int j = 0; j < MANY - 1; j += 7) {
          heap.setElement(array, j, shared);
        }
        heap.setElement(array, MANY - 1, last);
        heap.release(last);
        heap.release(array);
        lasts.add(last);
        assertThat(lasts.stream().distinct().filter(heap::isLive).count()).isLessThan(4);
      }
      heap.release(shared);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void whoeverLooksSeesTheExactState(HeapOptions options) {
    List<Look> looks =
        List.of(
            heap -> assertThat(heap.stats().liveObjects()).isEqualTo(1),
            heap -> assertThat(heap.collector().objects()).hasSize(1),
            heap -> assertThat(heap.collector().objects(0).length).isLessThan(2),
            heap -> assertThat(heap.inspector().verify()).isEmpty(),
            heap -> heap.collector().collect(0),
            heap -> heap.collector().freeze(),
            heap -> heap.collector().unfreeze(),
            heap -> {
              int[] seen = new int[1];
              heap.inspector().visitAll(ref -> ++seen[0] > 0);
              assertThat(seen[0]).isEqualTo(1);
            },
            heap -> {
              int[] seen = new int[1];
              heap.collector().visitObjects(ref -> ++seen[0] > 0);
              assertThat(seen[0]).isEqualTo(1);
            });
    for (Look look : looks) {
      try (Heap heap = Heap.ofConfined(options)) {
        long shared = heap.allocate(PAIR);
        long[] list = listBesides(heap, shared, MANY);
        heap.release(list[0]);
        assertThat(heap.isLive(list[1])).isTrue();
        look.at(heap);
        assertThat(heap.isLive(list[1])).isFalse();
        assertThat(heap.refCount(shared)).isEqualTo(1);
        heap.release(shared);
      }
    }
  }

  private interface Look {
    void at(Heap heap);
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void countsAreExact(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long shared = heap.allocate(PAIR);
      heap.release(listBesides(heap, shared, MANY)[0]);
      assertThat(heap.refCount(shared)).isEqualTo(1);
      assertThat(heap.stats().liveObjects()).isEqualTo(1);
      heap.release(shared);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void theCloseTellsWhatIsLeft(HeapOptions options) {
    Heap heap = Heap.ofConfined(options);
    int[] finalized = new int[1];
    ObjectType type =
        ObjectType.builder("finalized").references(1).finalizer((h, ref) -> finalized[0]++).build();
    long[] list = list(heap, type, MANY);
    heap.release(list[0]);
    assertThat(heap.isLive(list[1])).isTrue();
    assertThat(finalized[0]).isLessThan(MANY);
    heap.close();
    assertThat(finalized[0]).isEqualTo(MANY);
    CloseReport report = heap.closeReport();
    assertThat(report).isNotNull();
    assertThat(report.liveObjects()).isZero();
  }

  /** What is given to the program again before its turn comes stays. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aWeakReferenceMayBringBackWhatIsStillToDie(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long[] list = list(heap, LINK, MANY);
      long some = list[0];
      for (int i = 0; i < MANY / 2; i++) {
        some = heap.getRef(some, 0);
      }
      long weak = heap.newWeak(some);
      heap.release(list[0]);
      long found = heap.weakTarget(weak);
      assertThat(found).isEqualTo(some);
      heap.retain(found);
      assertThat(heap.stats().liveObjects()).isEqualTo(MANY / 2 + 1);
      assertThat(heap.refCount(found)).isEqualTo(1);
      heap.release(found);
      assertThat(heap.stats().liveObjects()).isEqualTo(1);
      assertThat(heap.weakTarget(weak)).isEqualTo(Heap.NULL);
      heap.release(weak);
    }
  }

  /** As in any other heap: depth first, in the order of the slots. */
  @Test
  void theOrderOfDeathsIsThatOfOtherHeaps() {
    for (int seed = 0; seed < 6; seed++) {
      List<Integer> atOnce = deaths(HeapOptions.DEFAULT, seed);
      List<Integer> sliced = deaths(HeapOptions.DEFAULT.withIncremental(true), seed);
      assertThat(atOnce).hasSize(MANY);
      assertThat(sliced).isEqualTo(atOnce);
    }
  }

  /** Lets a random tree die that is larger than a slice; returns its nodes as they were freed. */
  private static List<Integer> deaths(HeapOptions options, int seed) {
    Random random = new Random(seed);
    List<Integer> freed = new ArrayList<>();
    ObjectType five = ObjectType.builder("five").references(5).build();
    long[] nodes = new long[MANY];
    Map<Long, Integer> numbers = new HashMap<>();
    HeapOptions told =
        options.withFreeListener(
            (heap, ref) -> {
              if (numbers.containsKey(ref)) {
                freed.add(numbers.remove(ref));
              }
            });
    try (Heap heap = Heap.ofConfined(told)) {
      heap.collector().disable();
      nodes[0] = heap.allocate(five);
      for (int i = 1; i < MANY; ) {
        int parent = seed % 2 == 0 ? random.nextInt(i) : i - 1 - random.nextInt(Math.min(i, 9));
        int slot = random.nextInt(5);
        if (heap.getRef(nodes[parent], slot) == Heap.NULL) {
          nodes[i] = heap.allocate(five);
          heap.setRefMoved(nodes[parent], slot, nodes[i]);
          i++;
        }
      }
      for (int i = 0; i < MANY; i++) {
        numbers.put(nodes[i], i);
      }
      heap.release(nodes[0]);
      for (int i = 0; i < 100; i++) {
        heap.release(heap.allocate(PAIR));
      }
      assertThat(options.incremental()).isEqualTo(freed.size() < MANY);
      heap.stats();
    }
    return freed;
  }

  /**
   * Cycles that only dying objects refer to are not lost, nor condemned before the dying objects
   * have let go of them; and marking goes on meanwhile.
   */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void whatDyingObjectsReferToIsNoGarbageYet(HeapOptions options) {
    // odd, since steps are odd and even; the ledger of debug mode notes stacks, which is slow
    cycleThatOnlyDyingObjectsReferTo(options, options.mode() == HeapMode.DEBUG ? 25 : 3);
  }

  /** After each step. */
  @Tag("stress")
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void whatDyingObjectsReferToIsNoGarbageAtAnyStep(HeapOptions options) {
    cycleThatOnlyDyingObjectsReferTo(options, 1);
  }

  private static void cycleThatOnlyDyingObjectsReferTo(HeapOptions options, int stride) {
    EveryStep.run(
        options,
        stride,
        every -> {
          Heap heap = every.heap;
          long cycle = heap.allocate(PAIR);
          heap.setRef(cycle, 0, cycle);
          long kept = heap.allocate(PAIR);
          long[] list = list(heap, LINK, 1_200);
          heap.setRef(list[1], 0, cycle);
          heap.release(cycle);
          long weak = heap.newWeak(cycle);
          every.goOn();
          heap.release(list[0]);
          if (every.steps() % 2 == 0) {
            heap.collector().step(0);
          }
          heap.setRef(kept, 0, heap.weakTarget(weak)); // if it was not garbage before
          heap.release(weak);
          every.complete();
          assertThat(heap.inspector().verify()).isEmpty();
          boolean stays = heap.getRef(kept, 0) != Heap.NULL;
          assertThat(stays).isTrue();
          assertThat(heap.stats().liveObjects()).isEqualTo(2);
          heap.release(kept);
          every.complete();
          assertThat(heap.stats().liveObjects()).isZero();
        });
  }

  /**
   * However long it takes: if what dying objects refer to was condemned and freed, its place could
   * be used again while they still name it.
   */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void whatOnlyDyingObjectsReferToIsNotCondemned(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long kept = heap.allocate(PAIR);
      long[] list = list(heap, LINK, 2 * MANY);
      heap.release(list[0]);
      EveryStep.complete(heap);
      assertThat(heap.isLive(list[1])).isFalse();
      assertThat(heap.collector().stats().get(Collector.OLDEST).collected()).isZero();
      heap.release(kept);
    }
  }

  /** Deaths that come one after the other do not keep a collection from ending. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aStreamOfDeathsDoesNotKeepACollectionFromEnding(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long garbage = heap.allocate(PAIR);
      heap.setRef(garbage, 0, garbage);
      heap.release(garbage);
      boolean ended = false;
      int rounds = 0;
      for (; !ended && rounds < 200; rounds++) {
        heap.release(list(heap, LINK, 2_000)[0]);
        for (int i = 0; i < 50 && !ended; i++) {
          ended = heap.collector().step(0);
        }
      }
      assertThat(ended).isTrue();
      assertThat(heap.isLive(garbage)).isFalse();
    }
  }

  /** Without memory to note what is pending, everything dies at once. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void withoutMemoryNothingIsLeftPending(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long[] list = list(heap, LINK, MANY);
      heap.inspector().failAllocations(1, Long.MAX_VALUE);
      heap.release(list[0]);
      assertThat(heap.isLive(list[1])).isFalse();
      heap.inspector().failAllocations(0, 0);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  /** Finalizers in the middle of a pending death do what they like. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void finalizersMayDoAnythingMeanwhile(HeapOptions options) {
    // more than a slice
    finalizersThatDoAnything(options, options.mode() == HeapMode.DEBUG ? 1_200 : 3_000, 2);
  }

  @Tag("stress")
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void finalizersOfManyObjectsMayDoAnythingMeanwhile(HeapOptions options) {
    finalizersThatDoAnything(options, options.mode() == HeapMode.DEBUG ? 3_000 : 20_000, 4);
  }

  private static void finalizersThatDoAnything(HeapOptions options, int many, int seeds) {
    for (int seed = 0; seed < seeds; seed++) {
      Random random = new Random(seed);
      int[] finalized = new int[1];
      List<Long> saved = new ArrayList<>();
      ObjectType type =
          ObjectType.builder("finalized")
              .references(2)
              .finalizer(
                  (h, ref) -> {
                    finalized[0]++;
                    switch (random.nextInt(60)) {
                      case 0 -> h.collector().collect(random.nextInt(3));
                      case 1 -> h.release(list(h, LINK, 3_000)[0]);
                      case 2 -> h.collector().step(0);
                      case 3 -> {
                        h.collector().freeze();
                        h.collector().unfreeze();
                      }
                      case 4 -> {
                        h.retain(ref);
                        saved.add(ref);
                      }
                      case 5 -> assertThat(h.inspector().verify()).isEmpty();
                      case 6 -> h.stats();
                      default -> h.release(h.allocate(PAIR));
                    }
                  })
              .build();
      try (Heap heap = Heap.ofConfined(options)) {
        heap.release(list(heap, type, many)[0]);
        for (int i = 0; i < 20_000 && finalized[0] < many; i++) {
          heap.release(heap.allocate(PAIR));
        }
        while (!saved.isEmpty()) {
          heap.release(saved.removeLast());
          heap.stats();
        }
        assertThat(finalized[0]).isEqualTo(many);
        assertThat(heap.errors().entries()).isEmpty();
        assertThat(heap.stats().liveObjects()).isZero();
        assertThat(heap.inspector().verify()).isEmpty();
      }
    }
  }
}
