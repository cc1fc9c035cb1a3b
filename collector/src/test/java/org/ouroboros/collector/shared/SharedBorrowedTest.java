package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;

/**
 * References to garbage, which enumeration gives: they can be made owned ones until a collection
 * has condemned the object, and are refused from then on.
 */
class SharedBorrowedTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();

  /** What makes a reference to garbage more than that. */
  interface Use {
    void use(Heap heap, long owned, long garbage);
  }

  static Stream<Named<Use>> uses() {
    return Stream.of(
        Named.of("retain", (heap, owned, garbage) -> heap.retain(garbage)),
        Named.of("load from it", (heap, owned, garbage) -> heap.loadRef(garbage, 0)),
        Named.of("store it", (heap, owned, garbage) -> heap.setRef(owned, 0, garbage)),
        Named.of("store in it", (heap, owned, garbage) -> heap.setRef(garbage, 1, owned)),
        Named.of(
            "move into it",
            (heap, owned, garbage) -> {
              heap.retain(owned);
              try {
                heap.setRefMoved(garbage, 1, owned);
              } catch (InvalidReferenceException e) {
                heap.release(owned);
                throw e;
              }
            }),
        Named.of(
            "exchange in it",
            (heap, owned, garbage) -> {
              heap.retain(owned);
              try {
                heap.release(heap.exchangeRef(garbage, 1, owned));
              } catch (InvalidReferenceException e) {
                heap.release(owned);
                throw e;
              }
            }),
        Named.of("take from it", (heap, owned, garbage) -> heap.takeRef(garbage, 0)));
  }

  @ParameterizedTest
  @MethodSource("uses")
  void garbageIsOutOfReachFromTheInstantItIsCondemned(Use use) {
    int refused = 0;
    boolean ended = false;
    for (int steps = 0; !ended; steps++) {
      try (Heap heap = Heap.ofShared()) {
        heap.collector().disable();
        long owned = heap.allocate(NODE);
        long garbage = ring(heap);
        for (int i = 0; i < steps && !ended; i++) {
          ended = heap.collector().step(0);
        }
        if (ended) {
          break;
        }
        if (heap.isLive(garbage)) {
          use.use(heap, owned, garbage);
        } else {
          refused++;
          assertThatThrownBy(() -> use.use(heap, owned, garbage))
              .isInstanceOf(InvalidReferenceException.class);
        }
        while (!heap.collector().step(0)) {
          assertThat(heap.isLive(owned)).isTrue();
        }
        assertThat(heap.inspector().verify()).isEmpty();
        assertThat(heap.externalCount(owned)).isEqualTo(1);
      }
    }
    assertThat(refused).isPositive();
  }

  /** Two objects that refer to each other, and that nobody owns. */
  private static long ring(Heap heap) {
    long one = heap.allocate(NODE);
    long other = heap.allocate(NODE);
    heap.setRef(one, 0, other);
    heap.setRef(other, 0, one);
    heap.release(other);
    heap.release(one);
    return one;
  }
}
