package org.ouroboros.collector.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The list between cleaners and the heap's thread. */
class HandleQueueTest {

  private static final int THREADS = 4;
  private static final int EACH = 50_000;

  @Test
  void oldestFirst() {
    HandleQueue queue = new HandleQueue();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.takeAll()).isNull();
    for (int i = 1; i <= 5; i++) {
      new HandleQueue.Node(queue, i, null).run();
    }
    new HandleQueue.Node(queue, 0, null).run(); // of a handle that was closed
    assertThat(queue.isEmpty()).isFalse();
    assertThat(refs(queue.takeAll())).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void afterTheCloseNothingIsTaken() {
    HandleQueue queue = new HandleQueue();
    new HandleQueue.Node(queue, 1, null).run();
    queue.close();
    new HandleQueue.Node(queue, 2, null).run();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.takeAll()).isNull();
  }

  @Test
  void everyNodeArrivesOnce() throws InterruptedException {
    HandleQueue queue = new HandleQueue();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int first = 1 + t * EACH;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      start.await();
                    } catch (InterruptedException e) {
                      return;
                    }
                    for (int i = 0; i < EACH; i++) {
                      new HandleQueue.Node(queue, first + i, null).run();
                    }
                  }));
    }
    start.countDown();
    BitSet seen = new BitSet();
    int taken = 0;
    while (threads.stream().anyMatch(Thread::isAlive)) {
      taken += note(queue, seen);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    taken += note(queue, seen);
    assertThat(taken).isEqualTo(THREADS * EACH);
    assertThat(seen.cardinality()).isEqualTo(THREADS * EACH);
  }

  private static int note(HandleQueue queue, BitSet seen) {
    List<Long> refs = refs(queue.takeAll());
    refs.forEach(ref -> seen.set(ref.intValue()));
    return refs.size();
  }

  private static List<Long> refs(HandleQueue.Node oldest) {
    List<Long> refs = new ArrayList<>();
    for (HandleQueue.Node node = oldest; node != null; node = node.next) {
      refs.add(node.ref);
    }
    return refs;
  }
}
