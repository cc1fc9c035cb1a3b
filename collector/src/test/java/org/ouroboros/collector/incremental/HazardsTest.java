package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;

/** Single things a program may do between two steps, between any two. */
class HazardsTest {

  private static final ObjectType NODE =
      ObjectType.builder("node").references(2).alignment(1024).build();
  private static final ObjectType LEAF = ObjectType.builder("leaf").references(1).build();

  /** Allocations until an automatic slice. */
  private static final int PACE = 16;

  private static long cycle(Heap heap, long other) {
    long node = heap.allocate(NODE);
    heap.setRef(node, 0, node);
    heap.setRef(node, 1, other);
    return node;
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aCondemnedWeakReferenceIsNotCalledBackOrShown(HeapOptions options) {
    EveryStep.run(
        options,
        every -> {
          Heap heap = every.heap;
          long target = heap.allocate(NODE);
          List<Boolean> called = new ArrayList<>();
          long weak = heap.newWeak(target, (h, ref) -> called.add(h.isLive(ref)));
          heap.release(cycle(heap, weak));
          heap.release(weak);
          every.goOn();
          for (long shown : heap.weakRefs(target)) {
            assertThat(heap.isLive(shown)).isTrue();
          }
          heap.release(target);
          every.complete();
          assertThat(called).doesNotContain(false);
          assertThat(heap.errors().entries()).isEmpty();
          assertThat(heap.inspector().verify()).isEmpty();
          assertThat(heap.stats().liveObjects()).isZero();
        });
  }

  /** To make the weak reference takes a slice, in which the rest of the collection is done. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void whatIsAboutToBeNamedWeaklyStays(HeapOptions options) {
    EveryStep.run(
        options,
        every -> {
          Heap heap = every.heap;
          long target = cycle(heap, Heap.NULL);
          long first = heap.newWeak(target);
          heap.release(target);
          every.goOn();
          for (int i = 1; i < PACE; i++) {
            heap.release(heap.allocate(LEAF));
          }
          long found = heap.weakTarget(first);
          if (found != Heap.NULL) {
            long second = heap.newWeak(found);
            if (heap.weakTarget(second) != Heap.NULL) {
              assertThat(heap.weakTarget(second)).isEqualTo(found);
              assertThat(heap.typeOf(found)).isEqualTo(NODE);
            }
            assertThat(heap.inspector().verify()).isEmpty();
            heap.release(second);
          }
          heap.release(first);
          every.complete();
          assertThat(heap.inspector().verify()).isEmpty();
          assertThat(heap.stats().liveObjects()).isZero();
        });
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aStaleReferenceToACondemnedObjectIsRefused(HeapOptions options) {
    EveryStep.run(
        options,
        every -> {
          Heap heap = every.heap;
          long stale = heap.allocate(NODE);
          long inner = heap.allocate(NODE);
          long outer = cycle(heap, inner);
          heap.setRef(stale, 0, inner);
          heap.setRef(inner, 0, stale);
          heap.release(stale);
          heap.release(inner);
          heap.release(outer);
          every.goOn();
          boolean live = heap.isLive(stale);
          for (Runnable use :
              List.<Runnable>of(
                  () -> heap.setRef(stale, 1, stale),
                  () -> heap.release(heap.takeRef(stale, 1)),
                  () -> heap.moveRef(stale, 0, stale, 1),
                  () -> heap.moveRef(stale, 1, stale, 0),
                  () -> heap.retain(stale),
                  () -> heap.release(stale),
                  () -> heap.setRef(stale, 0, Heap.NULL))) {
            // Once it is freed, another object may be there; until then it is told apart.
            boolean refused = false;
            try {
              use.run();
            } catch (InvalidReferenceException e) {
              refused = true;
            }
            assertThat(refused).isEqualTo(!live);
          }
          long fresh = heap.allocate(NODE);
          long holder = heap.allocate(NODE);
          heap.setRef(holder, 0, fresh);
          heap.release(fresh);
          every.complete();
          assertThat(heap.inspector().verify()).isEmpty();
          assertThat(heap.stats().liveObjects()).isEqualTo(2);
          heap.release(holder);
        });
  }

  /** What is frozen stays, even if it was garbage before. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aFinalizerOfAYoungCollectionMayFreeze(HeapOptions options) {
    EveryStep.run(
        options,
        every -> {
          Heap heap = every.heap;
          boolean[] frozen = {false};
          ObjectType freezing =
              ObjectType.builder("freezing")
                  .references(1)
                  .finalizer(
                      (h, ref) -> {
                        frozen[0] = true;
                        h.collector().freeze();
                      })
                  .build();
          long old = cycle(heap, Heap.NULL);
          heap.collector().collect(0);
          heap.collector().collect(1);
          heap.release(old);
          every.goOn();
          boolean live = heap.isLive(old);
          long young = heap.allocate(freezing);
          heap.setRef(young, 0, young);
          heap.release(young);
          assertThat(heap.collector().collect(0)).isEqualTo(1);
          assertThat(frozen[0]).isTrue();
          every.complete();
          assertThat(heap.isLive(old)).isEqualTo(live);
          assertThat(heap.inspector().verify()).isEmpty();
          heap.collector().unfreeze();
          every.complete();
          assertThat(heap.stats().liveObjects()).isZero();
        });
  }

  /** Each beginning that a listener is told of has one end, whatever it calls. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aListenerThatCallsTheCollectorIsToldOnce(HeapOptions options) {
    for (int call = 0; call < 5; call++) {
      int chosen = call;
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            List<String> told = new ArrayList<>();
            List<Integer> found = new ArrayList<>();
            Runnable nested =
                () -> {
                  switch (chosen) {
                    case 0 -> found.add(heap.collector().collect());
                    case 1 -> found.add(heap.collector().collect(0));
                    case 2 -> found.add(heap.collector().step(0) ? 1 : 0);
                    case 3 -> heap.collector().setDebug();
                    default -> heap.close();
                  }
                };
            heap.collector()
                .addListener(
                    new CollectionListener() {
                      @Override
                      public void onStart(int generation) {
                        told.add("start " + generation);
                        nested.run();
                      }

                      @Override
                      public void onStop(Summary summary) {
                        told.add("stop " + summary.generation());
                        nested.run();
                      }
                    });
            heap.release(cycle(heap, Heap.NULL));
            every.goOn();
            heap.allocate(LEAF);
            every.complete();
            assertThat(found).doesNotContain(1);
            for (int i = 0; i < told.size(); i++) {
              assertThat(told.get(i)).isEqualTo(i % 2 == 0 ? "start 2" : "stop 2");
            }
            assertThat(told.size() % 2).isZero();
            assertThat(heap.errors().entries().isEmpty()).isEqualTo(chosen != 4);
            assertThat(heap.stats().liveObjects()).isEqualTo(1);
            assertThat(heap.inspector().verify()).isEmpty();
          });
    }
  }
}
