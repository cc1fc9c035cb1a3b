package org.ouroboros.collector.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;

/** An owned reference is given back exactly once. */
class OwnedRefTest {

  private static final ObjectType NODE = ObjectType.builder("node").references("next").build();

  @Test
  void closingGivesBackOnce() {
    try (Heap heap = Heap.ofConfined()) {
      long node = heap.allocate(NODE);
      OwnedRef first = OwnedRef.of(heap, node);
      OwnedRef second = OwnedRef.retain(heap, first.ref());
      assertThat(heap.externalCount(node)).isEqualTo(2);
      second.close();
      second.close();
      assertThat(second.isClosed()).isTrue();
      assertThat(heap.externalCount(node)).isEqualTo(1);
      assertThatThrownBy(second::ref).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(second::move).isInstanceOf(IllegalStateException.class);
      first.close();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Test
  void whatIsMovedOutIsTheCallers() {
    try (Heap heap = Heap.ofConfined()) {
      long holder = heap.allocate(NODE);
      try (OwnedRef node = OwnedRef.of(heap, heap.allocate(NODE))) {
        heap.setRefMoved(holder, 0, node.move());
      }
      assertThat(heap.refCount(heap.getRef(holder, 0))).isEqualTo(1);
      heap.release(holder);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Test
  void anotherThreadIsRefusedAndNothingIsLost() throws InterruptedException {
    try (Heap heap = Heap.ofConfined()) {
      OwnedRef node = OwnedRef.of(heap, heap.allocate(NODE));
      AtomicReference<Throwable> closing = new AtomicReference<>();
      AtomicReference<Throwable> moving = new AtomicReference<>();
      Thread other =
          new Thread(
              () -> {
                closing.set(thrownBy(node::close));
                moving.set(thrownBy(node::move));
              });
      other.start();
      other.join();
      assertThat(closing.get()).isInstanceOf(WrongThreadException.class);
      assertThat(moving.get()).isInstanceOf(WrongThreadException.class);
      assertThat(node.isClosed()).isFalse();
      node.close();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  private static Throwable thrownBy(Runnable action) {
    try {
      action.run();
      return new AssertionError("nothing was thrown");
    } catch (RuntimeException e) {
      return e;
    }
  }

  @Test
  void onlyWhatIsOwnedIsTakenOver() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(HeapMode.DEBUG))) {
      long holder = heap.allocate(NODE);
      long node = heap.allocate(NODE);
      heap.setRefMoved(holder, 0, node);
      assertThatThrownBy(() -> OwnedRef.of(heap, node))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> OwnedRef.of(heap, Heap.NULL))
          .isInstanceOf(InvalidReferenceException.class);
      OwnedRef owned = OwnedRef.of(heap, holder);
      heap.release(holder);
      assertThatThrownBy(owned::close).isInstanceOf(InvalidReferenceException.class);
    }
  }

  @Test
  void afterTheHeapsCloseClosingDoesNothing() {
    Heap heap = Heap.ofConfined();
    OwnedRef node = OwnedRef.of(heap, heap.allocate(NODE));
    heap.close();
    node.close();
    assertThat(heap.isClosed()).isTrue();
  }
}
