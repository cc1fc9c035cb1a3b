package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.collections.LongList;

/** Finalizers, callbacks and ends of shared heaps, while other threads go on. */
class SharedUserCodeTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();

  private static ObjectType finalizable(Finalizer finalizer) {
    return ObjectType.builder("finalizable").references(2).finalizer(finalizer).build();
  }

  /** A finalizer that waits for another thread, which uses the heap in all ways meanwhile. */
  @Test
  void othersGoOnWhileFinalizerBlocks() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(1);
    ObjectType type =
        finalizable(
            (heap, ref) -> {
              running.countDown();
              assertThat(others.await(60, TimeUnit.SECONDS)).isTrue();
            });
    try (Heap heap = Heap.ofShared()) {
      long chain = heap.allocate(NODE);
      long blocking = heap.allocate(type);
      heap.setRefMoved(blocking, 0, heap.allocate(NODE));
      heap.setRefMoved(chain, 0, blocking);
      heap.setRefMoved(chain, 1, heap.allocate(NODE));
      Crew.run(
          (number, random) -> heap.release(chain),
          (number, random) -> {
            running.await();
            for (int i = 0; i < 5000; i++) {
              long a = heap.allocate(NODE);
              long b = heap.allocate(NODE);
              heap.setRef(a, 0, b);
              heap.setRefMoved(b, 0, a);
              heap.release(b);
            }
            heap.collector().collect();
            assertThatThrownBy(heap::close).isInstanceOf(IllegalStateException.class);
            assertThat(heap.inspector().verify()).isEmpty();
            others.countDown();
          });
      heap.collector().collect();
      assertThat(heap.errors().entries()).isEmpty();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  /** Deaths of several threads are in progress at once, and end in any order. */
  @Test
  void finalizersThatThrowAndCallBackOnAllThreads() {
    AtomicInteger runs = new AtomicInteger();
    ObjectType type =
        finalizable(
            (heap, ref) -> {
              runs.incrementAndGet();
              heap.release(heap.loadRef(ref, 0));
              long made = heap.allocate(NODE);
              heap.setRefMoved(made, 0, heap.allocate(NODE));
              heap.release(made);
              Thread.yield();
              throw new IllegalArgumentException("on purpose");
            });
    int threads = 4;
    int rounds = 300;
    try (Heap heap = Heap.ofShared()) {
      Crew.run(
          threads,
          (number, random) -> {
            for (int i = 0; i < rounds; i++) {
              long first = heap.allocate(type);
              long second = heap.allocate(type);
              heap.setRefMoved(first, 0, heap.allocate(NODE));
              heap.setRefMoved(first, 1, second);
              if (random.nextBoolean()) {
                heap.setRef(second, 1, first);
                heap.collector().collect(random.nextInt(3));
              }
              heap.release(first);
            }
          });
      heap.collector().collect();
      assertThat(runs.get()).isEqualTo(2 * threads * rounds);
      assertThat(heap.errors().total()).isEqualTo(runs.get());
      assertThat(heap.inspector().verify()).isEmpty();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Test
  void weakReferencesAreUpgradedOrDead() {
    AtomicInteger callbacks = new AtomicInteger();
    try (Heap heap = Heap.ofShared()) {
      long holder = heap.allocate(NODE);
      Crew.run(
          3,
          (number, random) -> {
            for (int i = 0; i < 2000; i++) {
              long target = heap.allocate(NODE);
              long weak = heap.newWeak(target, (h, w) -> callbacks.incrementAndGet());
              heap.setRef(holder, 0, weak);
              heap.release(target);
              awaitDeath(heap, weak);
              heap.release(weak);
              long other = heap.loadRef(holder, 0);
              if (other != Heap.NULL) {
                heap.release(heap.upgradeWeak(other));
              }
              heap.release(other);
            }
          });
      assertThat(heap.inspector().verify()).isEmpty();
      heap.release(holder);
      assertThat(heap.stats().liveObjects()).isZero();
      assertThat(callbacks.get()).isEqualTo(6000);
    }
  }

  /** Other threads may own the target for a moment. */
  private static void awaitDeath(Heap heap, long weak) {
    long target = heap.upgradeWeak(weak);
    while (target != Heap.NULL) {
      heap.release(target);
      target = heap.upgradeWeak(weak);
    }
  }

  /** Whoever comes too late is told so, and nothing worse happens. */
  @Test
  void closeDuringEverything() {
    for (int round = 0; round < 30; round++) {
      Heap heap = Heap.ofShared();
      long holder = heap.allocate(NODE);
      Crew.Task using =
          (number, random) -> {
            try {
              while (true) {
                heap.retain(holder);
                heap.setRefMoved(holder, random.nextInt(2), heap.allocate(NODE));
                heap.release(heap.loadRef(holder, 0));
                heap.release(holder);
              }
            } catch (IllegalStateException e) {
              assertThat(heap.isClosed()).isTrue();
            }
          };
      Crew.run(
          using,
          using,
          (number, random) -> {
            Thread.sleep(random.nextInt(5));
            heap.close();
          });
      assertThatThrownBy(() -> heap.loadRef(holder, 0)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void threadsThatComeAndGo() {
    try (Heap heap = Heap.ofShared()) {
      long holder = heap.allocate(NODE);
      for (int round = 0; round < 100; round++) {
        Crew.run(
            3,
            (number, random) -> {
              for (int i = 0; i < 20; i++) {
                heap.setRefMoved(holder, 0, heap.allocate(NODE));
                heap.release(heap.allocate(NODE));
              }
            });
      }
      assertThat(heap.inspector().verify()).isEmpty();
      assertThat(heap.stats().liveObjects()).isEqualTo(2);
      heap.release(holder);
    }
  }

  /** Wherever the stack ends, the thread is not inside afterwards. */
  @Test
  void stackOverflowInTheMiddle() {
    try (Heap heap = Heap.ofShared()) {
      long holder = heap.allocate(NODE);
      heap.setRefMoved(holder, 0, heap.allocate(NODE));
      AtomicBoolean ended = new AtomicBoolean();
      Crew.run(
          (number, random) -> {
            try {
              for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> dive(heap, holder, 1 << 30))
                    .isInstanceOf(StackOverflowError.class);
              }
            } finally {
              ended.set(true);
            }
          },
          (number, random) -> {
            while (!ended.get()) {
              heap.collector().collect(0);
            }
          });
      assertThat(heap.refCount(holder)).isPositive();
    }
  }

  private static long dive(Heap heap, long holder, int depth) {
    heap.retain(holder);
    heap.release(holder);
    return depth == 0 ? 0 : dive(heap, holder, depth - 1) + 1;
  }

  @Test
  void executorCollects() throws InterruptedException {
    AtomicLong collector = new AtomicLong();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      ObjectType type =
          finalizable((heap, ref) -> collector.set(Thread.currentThread().threadId()));
      try (Heap heap = Heap.ofShared(HeapOptions.DEFAULT.withExecutor(executor))) {
        long garbage = heap.allocate(type);
        heap.setRef(garbage, 0, garbage);
        heap.release(garbage);
        long kept = Heap.NULL;
        for (int i = 0; i < 1_000_000 && collector.get() == 0; i++) {
          long node = heap.allocate(NODE);
          heap.setRefMoved(node, 0, kept);
          kept = node;
        }
        executor.submit(() -> {}).get();
        assertThat(collector.get()).isNotZero().isNotEqualTo(Thread.currentThread().threadId());
        heap.release(kept);
      } catch (java.util.concurrent.ExecutionException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void whatSharedHeapsDoNotHave() {
    HeapOptions options = HeapOptions.DEFAULT;
    try (Heap heap = Heap.ofShared(options.withMode(HeapMode.CHECKED))) {
      long node = heap.allocate(NODE);
      assertThatThrownBy(() -> heap.getRef(node, 0))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("loadRef");
      assertThatThrownBy(() -> new LongList(heap))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("confined");
      heap.release(node);
    }
  }
}
