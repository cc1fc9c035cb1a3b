package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * User code of every kind that blocks until other threads have used the heap in all ways: they are
 * not held up, all but the close does what it should, and afterwards all is as if nothing had been.
 */
class SharedBlockedTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final int STEPS = 1500;

  /** Does what calls the code that blocks. */
  interface Trigger {
    void pull(Heap heap, Runnable block);
  }

  static Stream<Named<Trigger>> triggers() {
    return Stream.of(
        Named.of(
            "finalizer of a death",
            (heap, block) -> {
              long chain = heap.allocate(NODE);
              heap.setRefMoved(chain, 0, heap.allocate(finalizable((h, ref) -> block.run())));
              heap.setRefMoved(chain, 1, heap.allocate(NODE));
              heap.release(chain);
            }),
        Named.of(
            "finalizer of a collection",
            (heap, block) -> {
              cycle(heap, finalizable((h, ref) -> block.run()));
              heap.collector().collect();
            }),
        Named.of(
            "finalizer of a collection in steps",
            (heap, block) -> {
              cycle(heap, finalizable((h, ref) -> block.run()));
              while (!heap.collector().step(0)) {
                Thread.onSpinWait();
              }
            }),
        Named.of(
            "callback of a death",
            (heap, block) -> {
              long target = heap.allocate(NODE);
              long weak = heap.newWeak(target, (h, w) -> block.run());
              heap.release(target);
              heap.release(weak);
            }),
        Named.of(
            "callback of a collection",
            (heap, block) -> {
              long target = heap.allocate(NODE);
              long weak = heap.newWeak(target, (h, w) -> block.run());
              heap.setRef(target, 0, target);
              heap.release(target);
              heap.collector().collect();
              heap.release(weak);
            }),
        Named.of(
            "references outside slots",
            (heap, block) -> {
              ObjectType.Builder custom = ObjectType.builder("custom").references(2);
              cycle(heap, custom.customReferences(custom(block)).build());
              heap.collector().collect();
            }),
        Named.of(
            "listener",
            (heap, block) -> {
              AtomicBoolean first = new AtomicBoolean(true);
              CollectionListener listener =
                  new CollectionListener() {
                    @Override
                    public void onStart(int generation) {
                      if (first.getAndSet(false)) {
                        block.run();
                      }
                    }
                  };
              heap.collector().addListener(listener);
              heap.collector().collect(1);
              heap.collector().removeListener(listener);
            }));
  }

  private static ObjectType finalizable(Finalizer finalizer) {
    return ObjectType.builder("finalizable").references(2).finalizer(finalizer).build();
  }

  private static CustomReferences custom(Runnable block) {
    return new CustomReferences() {
      @Override
      public void traverse(Heap heap, long ref, ReferenceVisitor visitor) {
        // there are none
      }

      @Override
      public void clear(Heap heap, long ref) {
        block.run();
      }
    };
  }

  private static void cycle(Heap heap, ObjectType type) {
    long one = heap.allocate(type);
    long other = heap.allocate(NODE);
    heap.setRef(other, 0, one);
    heap.setRefMoved(one, 0, other);
    heap.release(one);
  }

  @ParameterizedTest
  @MethodSource("triggers")
  void othersGoOnWhileUserCodeBlocks(Trigger trigger) {
    blocked(HeapOptions.DEFAULT, trigger);
  }

  @ParameterizedTest
  @MethodSource("triggers")
  void othersGoOnWhileUserCodeBlocksInAnIncrementalHeap(Trigger trigger) {
    blocked(HeapOptions.DEFAULT.withIncremental(true), trigger);
  }

  private static void blocked(HeapOptions options, Trigger trigger) {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(2);
    Runnable block =
        () -> {
          running.countDown();
          try {
            assertThat(others.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    try (Heap heap = Heap.ofShared(options)) {
      heap.collector().setThreshold(100);
      Crew.Task using =
          (number, random) -> {
            try {
              running.await();
              for (int i = 0; i < STEPS; i++) {
                use(heap, random);
              }
              assertThatThrownBy(heap::close)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("user code");
            } finally {
              others.countDown();
            }
          };
      Crew.run((number, random) -> trigger.pull(heap, block), using, using);
      assertThat(running.getCount()).isZero();
      assertThat(heap.errors().entries()).isEmpty();
      heap.collector().collect();
      assertThat(heap.inspector().verify()).isEmpty();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  private static void use(Heap heap, Random random) {
    long one = heap.allocate(NODE);
    long other = heap.allocate(NODE);
    long weak = heap.newWeak(other);
    heap.setRef(one, 0, other);
    heap.setRef(other, 1, one);
    heap.release(other);
    long upgraded = heap.upgradeWeak(weak);
    assertThat(upgraded).isEqualTo(other);
    heap.release(upgraded);
    heap.release(weak);
    if (random.nextBoolean()) {
      heap.release(heap.takeRef(one, 0));
    }
    heap.release(one);
    switch (random.nextInt(50)) {
      case 0 -> heap.collector().collect(random.nextInt(3));
      case 1 -> heap.collector().step(random.nextInt(10_000));
      case 2 -> heap.collector().assist(random.nextInt(10_000));
      case 3 -> assertThat(heap.inspector().verify()).isEmpty();
      case 4 -> {
        heap.collector().freeze();
        heap.collector().unfreeze();
      }
      default -> {
        // most of the time there is nothing but deaths
      }
    }
  }
}
