package org.ouroboros.collector.cycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.collector.CorruptHeapException;
import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * More than one thread marks what one does, and whatever happens to the others. When a thread waits
 * for another that will never come, nothing but the limit ends the test.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParallelMarkingTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).acyclic().build();
  private static final ObjectType LIST = ObjectType.referenceArray("list");

  private static Heap heap() {
    return Heap.ofConfined(
        Spaces.withThreads(HeapOptions.DEFAULT).withMode(HeapMode.CHECKED).withName("parallel"));
  }

  /** Objects of some types and sizes, with references to random others; some are held. */
  private static List<Long> randomGraph(Heap heap, Random random, int size) {
    heap.collector().disable();
    List<Long> all = new ArrayList<>();
    List<Long> pairs = new ArrayList<>();
    BitSet nodes = new BitSet();
    for (int i = 0; i < size; i++) {
      int kind = random.nextInt(10);
      if (kind == 0) {
        all.add(heap.allocate(LIST, random.nextInt(200)));
      } else if (kind <= 2) {
        pairs.add(heap.allocate(PAIR));
        all.add(pairs.getLast());
      } else {
        all.add(heap.allocate(NODE));
        nodes.set(i);
      }
      long ref = all.get(random.nextInt(all.size()));
      long last = all.getLast();
      if (kind == 0) {
        for (int at = 0; at < heap.length(last); at += 3) {
          heap.setElement(last, at, all.get(random.nextInt(all.size())));
        }
      } else if (kind > 2) {
        heap.setRef(last, 0, ref);
      }
    }
    for (long pair : pairs) {
      // Acyclic: nothing that pairs refer to refers to anything.
      long leaf = heap.allocate(PAIR);
      heap.setRef(pair, 1, leaf);
      heap.release(leaf);
    }
    for (int i = 0; i < size; i++) {
      long ref = all.get(i);
      if (nodes.get(i)) {
        heap.setRef(ref, 1, all.get(random.nextInt(size)));
      }
    }
    List<Long> held = new ArrayList<>();
    int kept = 1 + random.nextInt(3);
    for (long ref : all) {
      if (random.nextInt(size) < kept) {
        held.add(ref);
      } else {
        heap.release(ref);
      }
    }
    return held;
  }

  /** The ids of the objects that are marked. */
  private static List<Integer> mark(Heap heap, int threads) {
    return mark(heap, new RootMarking((ConfinedHeap) heap, threads));
  }

  private static List<Integer> mark(Heap heap, RootMarking marking) {
    ObjectStore store = ((ConfinedHeap) heap).store();
    store.setExact(true);
    try {
      assertThat(marking.run()).isTrue();
      return marked(store.sides);
    } finally {
      store.setExact(false);
    }
  }

  private static List<Integer> marked(SideTables sides) {
    List<Integer> ids = new ArrayList<>();
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      for (int id = p * SidePage.IDS; page != null && id < (p + 1) * SidePage.IDS; id++) {
        if (page.has(SidePage.LIVE, id) && sides.marks.has(id)) {
          ids.add(id);
        }
      }
      if (page != null) {
        page.clearAll(SidePage.TRASH);
      }
    }
    return ids;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 100, 3_000, 60_000})
  void manyThreadsMarkWhatOneMarks(int size) {
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      try (Heap heap = heap()) {
        List<Long> held = randomGraph(heap, random, size);
        List<Integer> expected = mark(heap, 1);
        for (int threads : new int[] {2, 3, 4, 2, 4}) {
          assertThat(mark(heap, threads))
              .as("%d threads, seed %d", threads, seed)
              .isEqualTo(expected);
        }
        long before = heap.stats().liveObjects();
        heap.collector().collect();
        assertThat(heap.stats().liveObjects())
            .isEqualTo(expected.size())
            .isLessThanOrEqualTo(before);
        Spaces.verify(heap);
        held.forEach(heap::release);
        heap.collector().collect();
        assertThat(heap.stats().liveObjects()).isZero();
      }
    }
  }

  /** More than the mail and the queues have room for, in both directions at once. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void whatThereIsNoRoomForIsMarkedToo(int threads) {
    int lists = 40;
    int length = 5_000;
    try (Heap heap = heap()) {
      heap.collector().disable();
      long[] all = new long[lists * length];
      for (int i = 0; i < all.length; i++) {
        all[i] = heap.allocate(NODE);
      }
      long[] table = new long[lists];
      long root = heap.allocate(LIST, lists);
      Random random = new Random(1);
      for (int n = 0; n < lists; n++) {
        table[n] = heap.allocate(LIST, length);
        heap.setElement(root, n, table[n]);
        for (int i = 0; i < length; i++) {
          heap.setElement(table[n], i, all[random.nextInt(all.length)]);
        }
      }
      for (long ref : all) {
        heap.release(ref);
      }
      for (long ref : table) {
        heap.release(ref);
      }
      assertThat(mark(heap, threads)).isEqualTo(mark(heap, 1));
      heap.release(root);
    }
  }

  /** The threads themselves do that: nothing is left to the collecting thread. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void whatTheQueuesHaveNoRoomForIsScannedByItsOwner(int threads) {
    int lists = 40;
    int length = 5_000;
    try (Heap heap = heap()) {
      heap.collector().disable();
      long root = heap.allocate(LIST, lists);
      List<Long> all = new ArrayList<>();
      for (int i = 0; i < lists * length; i++) {
        all.add(heap.allocate(NODE));
        if (i % 1_000 == 0) {
          // Garbage all over the heap: marking does not end early.
          heap.setRef(all.getLast(), 0, all.getLast());
          heap.release(all.removeLast());
        }
      }
      Random random = new Random(1);
      for (int n = 0; n < lists; n++) {
        long table = heap.allocate(LIST, length);
        heap.setElement(root, n, table);
        heap.release(table);
        for (int i = 0; i < length; i++) {
          heap.setElement(table, i, all.get(random.nextInt(all.size())));
        }
      }
      all.forEach(heap::release);
      List<Integer> expected = mark(heap, 1);
      SideTables sides = ((ConfinedHeap) heap).store().sides;
      sides.marks.clearAll(sides.end());
      assertThat(
              new ParallelMarking((ConfinedHeap) heap, threads).run(sides.marks.marked(), false, 0))
          .isTrue();
      int gray = 0;
      for (int p = 0; p < sides.end(); p++) {
        SidePage page = sides.at(p);
        for (int w = 0; page != null && w < SidePage.WORDS; w++) {
          gray +=
              Long.bitCount(
                  sides.marks.marked()[p * SidePage.WORDS + w]
                      & page.bits[SidePage.LIVE + w]
                      & ~page.bits[RootMarking.SCANNED + w]);
        }
      }
      assertThat(gray).isZero();
      assertThat(marked(sides)).isEqualTo(expected).hasSizeGreaterThan(100_000);
      heap.release(root);
    }
  }

  @Test
  void ringsThatAreFollowedToAndFroBetweenSharesAreMarked() {
    try (Heap heap = heap()) {
      heap.collector().disable();
      int size = 20_000;
      long[] all = new long[size];
      for (int i = 0; i < size; i++) {
        all[i] = heap.allocate(NODE);
      }
      for (int i = 0; i < size; i++) {
        int next = i < size / 2 ? size - 1 - i : size - i;
        heap.setRef(all[i], 0, all[next % size]);
      }
      for (int i = 1; i < size; i++) {
        heap.release(all[i]);
      }
      List<Integer> expected = mark(heap, 1);
      assertThat(expected).hasSize(size);
      assertThat(mark(heap, 2)).isEqualTo(expected);
      assertThat(mark(heap, 4)).isEqualTo(expected);
      heap.release(all[0]);
    }
  }

  /** What helpers do when something is wrong with them; the collecting thread does it all. */
  private static void withHelpersThat(Consumer<Runnable> doing) {
    for (int threads = 2; threads <= 3; threads++) {
      try (Heap heap = heap()) {
        List<Long> held = randomGraph(heap, new Random(5), 20_000);
        List<Integer> expected = mark(heap, 1);
        RootMarking marking = new RootMarking((ConfinedHeap) heap, threads);
        marking.parallel().setTasks(task -> () -> doing.accept(task));
        assertThat(mark(heap, marking)).isEqualTo(expected);
        marking.parallel().setTasks(task -> task);
        assertThat(mark(heap, marking)).isEqualTo(expected);
        held.forEach(heap::release);
      }
    }
  }

  @Test
  void threadsThatEndAtOnceAreNotWaitedFor() {
    withHelpersThat(task -> {});
  }

  @Test
  void threadsThatAreLateAreWaitedFor() {
    withHelpersThat(
        task -> {
          for (int i = 0; i < 2_000; i++) {
            Thread.yield();
          }
          task.run();
        });
  }

  @Test
  void threadsThatCannotBeStartedAreDoneWithout() {
    for (int first = 1; first <= 4; first++) {
      try (Heap heap = heap()) {
        List<Long> held = randomGraph(heap, new Random(7), 5_000);
        List<Integer> expected = mark(heap, 1);
        RootMarking marking = new RootMarking((ConfinedHeap) heap, 4);
        ((ConfinedHeap) heap).store().faults.fail(first, 1);
        assertThat(mark(heap, marking)).isEqualTo(expected);
        ((ConfinedHeap) heap).store().faults.fail(0, 0);
        assertThat(mark(heap, marking)).isEqualTo(expected);
        held.forEach(heap::release);
      }
    }
  }

  /** The second one of two helpers: the first one has been started, and would wait. */
  @Test
  void threadsWhoseStartFailsInAnyWayAreDoneWithout() {
    try (Heap heap = heap()) {
      List<Long> held = randomGraph(heap, new Random(9), 20_000);
      List<Integer> expected = mark(heap, 1);
      RootMarking marking = new RootMarking((ConfinedHeap) heap, 3);
      int[] made = new int[1];
      marking
          .parallel()
          .setTasks(
              task -> {
                if (++made[0] == 2) {
                  throw new StackOverflowError("on purpose");
                }
                return task;
              });
      assertThat(mark(heap, marking)).isEqualTo(expected);
      assertThat(made[0]).isEqualTo(2);
      assertThat(mark(heap, marking)).isEqualTo(expected);
      assertThat(made[0]).isEqualTo(4);
      held.forEach(heap::release);
    }
  }

  /** They would run code of the program, in the middle of a collection. */
  @Test
  void threadLocalsOfTheCollectingThreadAreNotInherited() {
    int[] inherited = new int[1];
    InheritableThreadLocal<Integer> local =
        new InheritableThreadLocal<>() {
          @Override
          protected Integer childValue(Integer parentValue) {
            inherited[0]++;
            return parentValue;
          }
        };
    local.set(1);
    try (Heap heap = heap()) {
      List<Long> held = randomGraph(heap, new Random(9), 5_000);
      RootMarking marking = new RootMarking((ConfinedHeap) heap, 2);
      int[] made = new int[1];
      marking
          .parallel()
          .setTasks(
              task -> {
                made[0]++;
                return task;
              });
      mark(heap, marking);
      assertThat(made[0]).isEqualTo(1);
      assertThat(inherited[0]).isZero();
      held.forEach(heap::release);
    } finally {
      local.remove();
    }
  }

  /** Each thread meets an object whose header was overwritten. */
  @Test
  void aDamagedObjectIsReportedWhoeverMeetsIt() {
    try (Heap heap = heap()) {
      heap.collector().disable();
      int size = 10_000;
      long[] all = new long[size];
      for (int i = 0; i < size; i++) {
        all[i] = heap.allocate(NODE);
        if (i > 0) {
          heap.setRef(all[i - 1], 0, all[i]);
          heap.setRef(all[i], 1, all[i - 1]);
          heap.release(all[i - 1]);
        }
      }
      ObjectStore store = ((ConfinedHeap) heap).store();
      MemorySegment memory = store.space.memory();
      for (int i : new int[] {0, 100, size / 2, size - 2}) {
        long object = store.space.offset((int) all[i]);
        long header = memory.get(ObjectStore.LONG, object);
        memory.set(ObjectStore.LONG, object, header | -1L << 50);
        assertThatThrownBy(() -> heap.collector().collect())
            .isInstanceOf(CorruptHeapException.class);
        memory.set(ObjectStore.LONG, object, header);
        assertThat(heap.collector().collect()).isZero();
      }
      Spaces.verify(heap);
      heap.release(all[size - 1]);
      assertThat(heap.collector().collect()).isEqualTo(size);
    }
  }

  @Test
  void referencesOutsideSlotsAreFollowedByTheCollectingThread() {
    Thread collecting = Thread.currentThread();
    long[] outside = new long[1];
    List<Thread> seen = new ArrayList<>();
    ObjectType host =
        ObjectType.builder("host")
            .references(1)
            .customReferences(
                new CustomReferences() {
                  @Override
                  public void traverse(Heap heap, long ref, ReferenceVisitor visitor) {
                    seen.add(Thread.currentThread());
                    visitor.visit(outside[0]);
                  }

                  @Override
                  public void clear(Heap heap, long ref) {
                    heap.removeEdge(outside[0]);
                    outside[0] = 0;
                  }
                })
            .build();
    try (Heap heap = heap()) {
      List<Long> held = randomGraph(heap, new Random(3), 5_000);
      long holder = heap.allocate(host);
      outside[0] = heap.allocate(NODE);
      long inner = heap.allocate(NODE);
      heap.setRef(outside[0], 0, inner);
      heap.setRef(inner, 0, inner);
      heap.release(inner);
      heap.addEdge(outside[0]);
      long target = outside[0];
      heap.release(target);
      List<Integer> expected = mark(heap, 1);
      assertThat(mark(heap, 2)).isEqualTo(expected).contains((int) inner);
      assertThat(seen).isNotEmpty().containsOnly(collecting);
      Spaces.verify(heap);
      heap.release(holder);
      assertThat(heap.isLive(target)).isFalse();
      held.forEach(heap::release);
    }
  }

  @Test
  void anInterruptIsKeptAndChangesNothing() {
    try (Heap heap = heap()) {
      List<Long> held = randomGraph(heap, new Random(11), 20_000);
      List<Integer> expected = mark(heap, 1);
      RootMarking marking = new RootMarking((ConfinedHeap) heap, 2);
      marking
          .parallel()
          .setTasks(
              task ->
                  () -> {
                    task.run();
                    LockSupport.parkNanos(20_000_000); // so that its end is waited for
                  });
      Thread.currentThread().interrupt();
      List<Integer> marked = mark(heap, marking);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(marked).isEqualTo(expected);
      held.forEach(heap::release);
    }
  }

  @Test
  void heapsOfAnySizeAndSpaceAcceptTheOption() {
    assertThatThrownBy(() -> HeapOptions.DEFAULT.withMarkingThreads(0))
        .isInstanceOf(IllegalArgumentException.class);
    int most = Runtime.getRuntime().availableProcessors();
    assertThatThrownBy(() -> HeapOptions.DEFAULT.withMarkingThreads(most + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(most));
    assertThat(HeapOptions.DEFAULT.withMarkingThreads(most).markingThreads()).isEqualTo(most);
    assertThat(HeapOptions.DEFAULT.markingThreads()).isEqualTo(1);
    Spaces.all()
        .forEach(
            space -> {
              try (Heap heap = Heap.ofConfined(Spaces.withThreads(space.getPayload()))) {
                long node = heap.allocate(NODE);
                heap.setRef(node, 0, node);
                heap.release(node);
                assertThat(heap.collector().collect()).isEqualTo(1);
              }
            });
  }
}
