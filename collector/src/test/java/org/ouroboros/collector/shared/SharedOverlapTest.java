package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * Two threads in the middle of what must not overlap. In a confined heap what user code begins has
 * ended when it returns; here another thread may still be at it.
 */
class SharedOverlapTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();

  private static ObjectType finalizable(Finalizer finalizer) {
    return ObjectType.builder("finalizable").references(2).finalizer(finalizer).build();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static void garbage(Heap heap, ObjectType type) {
    long one = heap.allocate(type);
    heap.setRef(one, 0, one);
    heap.release(one);
  }

  /**
   * Before a collection begins it releases what the error log does not pin any longer. The
   * finalizer that runs by that blocks until another thread is in the middle of its collection.
   */
  @Test
  void collectionThatAnotherThreadBeganMeanwhileIsLeftToIt() {
    CountDownLatch before = new CountDownLatch(1);
    CountDownLatch within = new CountDownLatch(1);
    CountDownLatch after = new CountDownLatch(1);
    ObjectType failing =
        finalizable(
            (heap, ref) -> {
              throw new IllegalStateException("on purpose");
            });
    ObjectType first =
        finalizable(
            (heap, ref) -> {
              before.countDown();
              await(within);
            });
    ObjectType second =
        finalizable(
            (heap, ref) -> {
              within.countDown();
              await(after);
            });
    AtomicInteger found = new AtomicInteger(-1);
    AtomicInteger otherFound = new AtomicInteger(-1);
    HeapOptions options = HeapOptions.DEFAULT.withErrorLog(1, true);
    try (Heap heap = Heap.ofShared(options)) {
      long pinned = heap.allocate(failing);
      heap.setRefMoved(pinned, 0, heap.allocate(first));
      heap.release(pinned);
      Crew.run(
          (number, random) -> {
            try {
              heap.release(heap.allocate(failing)); // its entry evicts that of the first
              found.set(heap.collector().collect());
            } finally {
              after.countDown();
            }
          },
          (number, random) -> {
            try {
              await(before);
              garbage(heap, second);
              otherFound.set(heap.collector().collect());
            } finally {
              within.countDown();
            }
          });
      assertThat(found).hasValue(0);
      assertThat(otherFound).hasValue(1);
      heap.errors().clear();
      assertThat(heap.inspector().verify()).isEmpty();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  /** While the close calls finalizers no other thread can begin what calls user code. */
  @Test
  void closeHasNobodyInUserCodeWhenItEnds() {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch within = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicBoolean running = new AtomicBoolean();
    ObjectType last =
        finalizable(
            (heap, ref) -> {
              closing.countDown();
              await(within);
              heap.release(heap.allocate(NODE)); // who closes may
              assertThatThrownBy(heap::close).isInstanceOf(IllegalStateException.class);
            });
    ObjectType other =
        finalizable(
            (heap, ref) -> {
              running.set(true);
              within.countDown();
              await(closed);
              running.set(false);
            });
    Heap heap = Heap.ofShared();
    heap.allocate(last); // nobody releases it
    long node = heap.allocate(NODE);
    Crew.run(
        (number, random) -> {
          try {
            heap.close();
            assertThat(running).isFalse();
          } finally {
            closed.countDown();
          }
        },
        (number, random) -> {
          await(closing);
          try {
            garbage(heap, other);
            heap.collector().collect();
          } catch (IllegalStateException e) {
            assertThat(heap.toString()).contains("closed");
          } finally {
            within.countDown();
          }
          assertThatThrownBy(() -> heap.newWeak(node)).isInstanceOf(IllegalStateException.class);
        });
    assertThat(heap.errors().entries()).isEmpty();
    assertThat(heap.isClosed()).isTrue();
  }
}
