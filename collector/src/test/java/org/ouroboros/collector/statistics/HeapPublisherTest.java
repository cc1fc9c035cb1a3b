package org.ouroboros.collector.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** What a heap publishes, and when. */
class HeapPublisherTest {

  private static final ObjectType NODE = ObjectType.builder("node").references("next").build();

  private final List<HeapFigures> told = new ArrayList<>();
  private long now;

  private HeapPublisher publisher(Heap heap) {
    return HeapPublisher.of(heap, told::add, () -> now);
  }

  private static void cycle(Heap heap) {
    long ref = heap.allocate(NODE);
    heap.setRef(ref, 0, ref);
    heap.release(ref);
  }

  @Test
  void shouldPublishAtOnceWhenItIsMade() {
    try (Heap heap = Heap.ofConfined()) {
      heap.allocate(NODE);
      HeapPublisher publisher = publisher(heap);

      assertThat(publisher.latest().heap()).isEqualTo(heap.stats());
      assertThat(publisher.latest().generations()).isEqualTo(heap.collector().stats());
      assertThat(publisher.latest().last()).isNull();
      assertThat(publisher.latest().closed()).isFalse();
      assertThat(publisher.latest().time()).isPositive();
      assertThat(told).containsExactly(publisher.latest());
    }
  }

  @Test
  void shouldPublishAtTheEndOfEachFullCollection() {
    try (Heap heap = Heap.ofConfined()) {
      HeapPublisher publisher = publisher(heap);
      heap.allocate(NODE);
      cycle(heap);
      assertThat(publisher.latest().heap().liveObjects()).as("not asked for").isZero();

      heap.collector().collect();

      HeapFigures latest = publisher.latest();
      assertThat(latest.heap()).isEqualTo(heap.stats());
      assertThat(latest.heap().liveObjects()).isEqualTo(1);
      assertThat(latest.generations()).isEqualTo(heap.collector().stats());
      assertThat(latest.generations().get(2).collections()).isEqualTo(1);
      assertThat(latest.last()).isNotNull();
      assertThat(latest.last().collected()).isEqualTo(1);
      assertThat(latest.last().generation()).isEqualTo(2);
      assertThat(told).hasSize(2);
    }
  }

  @Test
  void shouldPublishYoungCollectionsWhenItLastDidAWhileAgo() {
    try (Heap heap = Heap.ofConfined()) {
      HeapPublisher publisher = publisher(heap);
      now += 99_999_999;
      heap.collector().collect(1);
      assertThat(told).hasSize(1);

      now += 1;
      cycle(heap);
      heap.collector().collect(0);
      heap.collector().collect(0);

      assertThat(told).hasSize(2);
      assertThat(publisher.latest().last()).isNotNull();
      assertThat(publisher.latest().last().collected()).isEqualTo(1);
      assertThat(publisher.latest().generations().get(0).collections()).isEqualTo(1);
      assertThat(publisher.latest().generations().get(1).collections()).isEqualTo(1);
    }
  }

  @Test
  void shouldPublishAtTheEndOfAnIncrementalCollection() {
    try (Heap heap = Heap.ofConfined()) {
      HeapPublisher publisher = publisher(heap);
      for (int i = 0; i < 1000; i++) {
        cycle(heap);
      }
      while (!heap.collector().step(0)) {
        assertThat(told).hasSize(1);
      }

      assertThat(publisher.latest().last()).isNotNull();
      assertThat(publisher.latest().last().collected()).isEqualTo(1000);
      assertThat(publisher.latest().heap().liveObjects()).isZero();
    }
  }

  @Test
  void shouldPublishWhenTheOwnerSaysSo() {
    try (Heap heap = Heap.ofConfined()) {
      HeapPublisher publisher = publisher(heap);
      heap.allocate(NODE);

      publisher.publish();

      assertThat(publisher.latest().heap().liveObjects()).isEqualTo(1);
    }
  }

  @Test
  void shouldPublishALastTimeWhenTheHeapIsClosed() {
    HeapPublisher publisher;
    try (Heap heap = Heap.ofConfined()) {
      publisher = publisher(heap);
      heap.allocate(NODE);
    }

    assertThat(publisher.latest().closed()).isTrue();
    assertThat(publisher.latest().heap().liveObjects()).isEqualTo(1);
    assertThat(told).hasSize(2);
    publisher.publish();
    publisher.close();
    assertThat(told).hasSize(2);
  }

  @Test
  void shouldBeReadableFromAnyThreadAndPublishOnTheOwnersOnly() throws Exception {
    try (Heap heap = Heap.ofConfined();
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      HeapPublisher publisher = publisher(heap);

      assertThat(other.submit(() -> publisher.latest().heap().liveObjects()).get()).isZero();
      Future<?> publishing = other.submit(publisher::publish);
      assertThatThrownBy(publishing::get).hasCauseInstanceOf(WrongThreadException.class);
      Future<?> making = other.submit(() -> HeapPublisher.of(heap));
      assertThatThrownBy(making::get).hasCauseInstanceOf(WrongThreadException.class);
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void shouldEndAndTakeItsListenerAwayWhenItIsClosed() throws Exception {
    try (Heap heap = Heap.ofConfined();
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      HeapPublisher here = publisher(heap);
      HeapPublisher there = publisher(heap);
      here.close();
      other.submit(there::close).get();
      heap.collector().collect();
      heap.collector().collect();

      assertThat(told).hasSize(2);
      // Without listeners, the end of everything is a collection that nobody sees.
      assertThat(endsUnseen(heap)).isTrue();
    }
  }

  private static boolean endsUnseen(Heap heap) {
    long before = heap.collector().stats().get(2).collections();
    long last = 0;
    for (int i = 0; i < 100_000; i++) {
      long next = heap.allocate(NODE);
      if (last != 0) {
        heap.setRef(next, 0, last);
        heap.release(last);
      }
      last = next;
    }
    long counted = heap.collector().stats().get(2).collections();
    heap.release(last);
    assertThat(before).isLessThanOrEqualTo(counted);
    return heap.collector().stats().get(2).collections() > counted;
  }

  @Test
  void shouldRefuseAHeapThatIsClosed() {
    Heap heap = Heap.ofConfined();
    heap.close();

    assertThatIllegalStateException().isThrownBy(() -> HeapPublisher.of(heap));
  }

  @Test
  void shouldPublishFromAnyThreadWhenTheHeapIsShared() throws Exception {
    HeapPublisher publisher;
    try (Heap heap = Heap.ofShared();
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      publisher = HeapPublisher.of(heap);
      heap.allocate(NODE);
      other.submit(publisher::publish).get();
      assertThat(publisher.latest().heap().liveObjects()).isEqualTo(1);

      cycle(heap);
      assertThat(other.submit(() -> heap.collector().collect()).get()).isEqualTo(1);
      assertThat(publisher.latest().last()).isNotNull();
      assertThat(heap.errors().entries()).isEmpty();
    }
    assertThat(publisher.latest().closed()).isTrue();
    assertThat(publisher.latest().heap().liveObjects()).isEqualTo(1);
  }

  @Test
  void shouldNotLockUpWhenThreadsPublishCollectAndCloseAtTheSameTime() throws Exception {
    for (int round = 0; round < 50; round++) {
      Heap heap = Heap.ofShared();
      HeapPublisher publisher = HeapPublisher.of(heap);
      try (ExecutorService others = Executors.newFixedThreadPool(2)) {
        List<Future<?>> running = new ArrayList<>();
        running.add(others.submit(() -> untilClosed(publisher::publish)));
        running.add(others.submit(() -> untilClosed(() -> heap.collector().collect())));
        for (int i = 0; i < 20; i++) {
          cycle(heap);
          publisher.publish();
        }
        closeWhenIdle(heap);
        for (Future<?> one : running) {
          one.get();
        }
      }
      assertThat(publisher.latest().closed()).isTrue();
    }
  }

  private static void closeWhenIdle(Heap heap) {
    while (!heap.isClosed()) {
      try {
        heap.close();
      } catch (IllegalStateException e) {
        Thread.onSpinWait(); // it calls the listener just now
      }
    }
  }

  private static void untilClosed(Runnable action) {
    for (int i = 0; i < 10_000; i++) {
      try {
        action.run();
      } catch (IllegalStateException e) {
        return;
      }
    }
  }

  // ------------------------------------------------------------------- the listener

  @Test
  void shouldTellListenersBeforeTheHeapIsClosed() {
    List<Object> seen = new ArrayList<>();
    Heap heap = Heap.ofConfined();
    heap.allocate(NODE);
    heap.collector()
        .addListener(
            new CollectionListener() {
              @Override
              public void onClose() {
                seen.add(heap.stats().liveObjects());
                heap.allocate(NODE);
              }
            });

    heap.close();

    assertThat(seen).containsExactly(1L);
    assertThat(heap.errors().entries()).as("it may not change the heap").hasSize(1);
    assertThat(heap.closeReport()).isNotNull();
    assertThat(heap.closeReport().liveObjects()).isEqualTo(1);
  }
}
