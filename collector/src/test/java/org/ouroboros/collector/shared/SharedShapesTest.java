package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.SharedHeap;

/** What objects of a shared heap are like: told at once to owners, and right for all others. */
class SharedShapesTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType TABLE = ObjectType.referenceArray("table");
  private static final ObjectType ROW = ObjectType.builder("row").referencesAndBytes().build();

  private final Heap heap = Heap.ofShared();

  @AfterEach
  void close() {
    heap.close();
  }

  /** Does something while another thread keeps the world stopped. */
  private void inAStoppedWorld(Consumer<Heap> work) throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread other =
        new Thread(
            () ->
                ((SharedHeap) heap)
                    .inStoppedWorld(
                        core -> {
                          stopped.countDown();
                          await(done);
                          return core;
                        }));
    other.start();
    try {
      await(stopped);
      work.accept(heap);
    } finally {
      done.countDown();
      other.join();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Would wait for ever if it had to stop the world itself. */
  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldTellAnOwnerWhateverOthersDo() throws InterruptedException {
    long node = heap.allocate(NODE);
    long table = heap.allocate(TABLE, 5);
    long row = heap.allocate(ROW, 2, 7);
    long weak = heap.newWeak(node);
    inAStoppedWorld(
        shared -> {
          assertThat(shared.typeOf(node)).isSameAs(NODE);
          assertThat(shared.typeOf(weak)).isSameAs(ObjectType.WEAK_REFERENCE);
          assertThat(shared.sizeOf(node)).isEqualTo(16);
          assertThat(shared.isLive(node)).isTrue();
          assertThat(shared.isWeak(weak)).isTrue();
          assertThat(shared.isWeak(node)).isFalse();
          assertThat(shared.length(table)).isEqualTo(5);
          assertThat(shared.length(row)).isEqualTo(2);
          assertThat(shared.byteLength(row)).isEqualTo(7);
        });
    for (long ref : new long[] {node, table, row, weak}) {
      heap.release(ref);
    }
  }

  /** What nobody owns is looked at where nothing can happen to it. */
  @Test
  void shouldTellOfObjectsThatOnlyOthersHold() {
    long holder = heap.allocate(TABLE, 2);
    long table = heap.allocate(TABLE, 3);
    long node = heap.allocate(NODE);
    heap.setElement(holder, 0, table);
    heap.setElement(holder, 1, node);
    heap.release(table);
    heap.release(node);
    assertThat(heap.typeOf(node)).isSameAs(NODE);
    assertThat(heap.sizeOf(node)).isEqualTo(16);
    assertThat(heap.sizeOf(table)).isEqualTo(8 + 4 + 3 * 4);
    assertThat(heap.length(table)).isEqualTo(3);
    assertThat(heap.isLive(table)).isTrue();
    assertThat(heap.isWeak(table)).isFalse();
    heap.release(holder);
    assertThat(heap.isLive(table)).isFalse();
    assertThat(heap.isLive(node)).isFalse();
  }

  @Test
  void shouldRefuseWhatIsWrong() {
    long node = heap.allocate(NODE);
    long table = heap.allocate(TABLE, 3);
    assertThatThrownBy(() -> heap.length(node)).isInstanceOf(InvalidReferenceException.class);
    assertThatThrownBy(() -> heap.byteLength(table)).isInstanceOf(InvalidReferenceException.class);
    heap.release(table);
    assertThatThrownBy(() -> heap.length(table)).isInstanceOf(InvalidReferenceException.class);
    assertThatThrownBy(() -> heap.typeOf(table)).isInstanceOf(InvalidReferenceException.class);
    assertThatThrownBy(() -> heap.sizeOf(table)).isInstanceOf(InvalidReferenceException.class);
    assertThatThrownBy(() -> heap.isWeak(table)).isInstanceOf(InvalidReferenceException.class);
    assertThatThrownBy(() -> heap.typeOf(Heap.NULL)).isInstanceOf(InvalidReferenceException.class);
    assertThat(heap.isLive(Heap.NULL)).isFalse();
    heap.release(node);
  }

  /** With versions, a reference to an object that is no more is not taken for one to another. */
  @Test
  void shouldLookAtVersionsInCheckedMode() {
    try (Heap checked = Heap.ofShared(HeapOptions.DEFAULT.withMode(HeapMode.CHECKED))) {
      long former = checked.allocate(NODE);
      checked.release(former);
      long node = checked.allocate(NODE);
      assertThat(checked.isLive(former)).isFalse();
      assertThatThrownBy(() -> checked.typeOf(former))
          .isInstanceOf(InvalidReferenceException.class);
      assertThat(checked.typeOf(node)).isSameAs(NODE);
      checked.release(node);
    }
  }

  @Test
  void shouldRefuseToTellWhenTheHeapIsClosed() {
    long node = heap.allocate(NODE);
    heap.release(node);
    heap.close();
    assertThatThrownBy(() -> heap.typeOf(node)).isInstanceOf(IllegalStateException.class);
  }
}
