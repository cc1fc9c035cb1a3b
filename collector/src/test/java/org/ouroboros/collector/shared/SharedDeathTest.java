package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;

/** What dies together, where the program errs in the middle of it. */
class SharedDeathTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(3).build();

  /**
   * A finalizer releases what it does not own, and what is just about to be released. Who had to do
   * that is told; all else that was to die dies.
   */
  @Test
  void whatIsReleasedTooOftenDoesNotKeepTheRestAlive() {
    AtomicLong victim = new AtomicLong();
    ObjectType erring =
        ObjectType.builder("erring")
            .references(0)
            .finalizer((heap, ref) -> heap.release(victim.get()))
            .build();
    try (Heap heap = Heap.ofShared()) {
      long root = heap.allocate(NODE);
      victim.set(heap.allocate(NODE));
      // the last one's turn comes first
      heap.setRefMoved(root, 0, heap.allocate(NODE));
      heap.setRefMoved(root, 1, victim.get());
      heap.setRefMoved(root, 2, heap.allocate(erring));
      assertThatThrownBy(() -> heap.release(root))
          .isInstanceOfSatisfying(
              InvalidReferenceException.class,
              e -> assertThat(e.kind()).isEqualTo(InvalidReferenceException.Kind.DEAD));
      assertThat(heap.inspector().verify()).isEmpty();
      assertThat(heap.stats().liveObjects()).isZero();
      assertThat(heap.errors().entries()).isEmpty();
    }
  }
}
