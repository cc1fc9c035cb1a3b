package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** Every request for memory fails once, and for good, between any two steps and within them. */
class MemoryFaultsTest {

  private static final ObjectType NODE =
      ObjectType.builder("node").references(2).alignment(1024).build();
  private static final ObjectType ARRAY = ObjectType.referenceArray("array");
  private static final int REQUESTS = 12;

  /** A program that may be refused anything; what it has got is right all the same. */
  private static final class Program {

    final Heap heap;
    final long root;
    final List<Long> owned = new ArrayList<>();
    final boolean debug;
    int kept;

    Program(Heap heap, boolean debug) {
      this.heap = heap;
      this.debug = debug;
      this.root = heap.allocate(ARRAY, 8);
      for (int i = 0; i < 3; i++) {
        keep(heap.allocate(NODE));
        long garbage = heap.allocate(NODE);
        heap.setRef(garbage, 0, garbage);
        heap.setRef(garbage, 1, heap.getElement(root, i));
        heap.release(garbage);
      }
    }

    private void keep(long node) {
      heap.setRefMoved(root, heap.elementSlot(root, kept++), node);
    }

    /** Returns how much was refused. */
    int run() {
      int refused = 0;
      for (Runnable use : uses()) {
        try {
          use.run();
        } catch (HeapExhaustedException e) {
          refused++;
        }
      }
      return refused;
    }

    private List<Runnable> uses() {
      long some = heap.getElement(root, 1);
      return List.of(
          () -> keep(heap.allocate(NODE)),
          // a large array, so a new page
          () -> owned.add(heap.allocate(ARRAY, 40_000)),
          () -> heap.newWeak(some),
          () -> heap.hostHandle(some).close(),
          () -> heap.collector().freeze(),
          () -> heap.collector().unfreeze(),
          () -> {
            // the count overflows into a table; the ledger of debug mode is slow
            for (int i = 0; i < (debug ? 10 : 5_000); i++) {
              heap.retain(some);
              owned.add(some);
            }
          },
          () -> heap.release(heap.exchangeRef(root, heap.elementSlot(root, 0), owned())),
          () -> heap.collector().step(0),
          () -> heap.collector().collect(0));
    }

    private long owned() {
      return owned.isEmpty() ? Heap.NULL : owned.removeLast();
    }

    void check(int expected) {
      assertThat(heap.inspector().verify()).isEmpty();
      for (int i = 1; i < kept; i++) {
        assertThat(heap.isLive(heap.getElement(root, i))).isTrue();
      }
      assertThat(heap.errors().total()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void everyRequestMayFailOnce(HeapOptions options) {
    refuse(options, 1, REQUESTS);
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void everyRequestMayFailTwice(HeapOptions options) {
    // a second time after the collection that was to help
    refuse(options, 2, REQUESTS);
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void noRequestMaySucceed(HeapOptions options) {
    refuse(options, Long.MAX_VALUE, 1);
  }

  private static void refuse(HeapOptions options, long count, int last) {
    int[] refused = new int[1];
    for (int first = 1; first <= last; first++) {
      int chosen = first;
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            Program program = new Program(heap, options.mode() == HeapMode.DEBUG);
            every.goOn();
            heap.inspector().failAllocations(chosen, count);
            refused[0] += program.run();
            for (int i = 0; i < 50; i++) {
              heap.collector().step(0);
            }
            heap.inspector().failAllocations(0, 0);
            program.check(0);
            heap.collector().unfreeze();
            every.complete();
            program.check(0);
            program.owned.forEach(heap::release);
            heap.release(program.root);
            every.complete();
            assertThat(heap.inspector().verify()).isEmpty();
            // weak references are nobody's here
            assertThat(heap.stats().liveObjects()).isLessThanOrEqualTo(1);
          });
    }
    assertThat(refused[0]).isGreaterThan(0);
  }
}
