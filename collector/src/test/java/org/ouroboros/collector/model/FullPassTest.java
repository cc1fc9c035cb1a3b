package org.ouroboros.collector.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** What full collections do by pages and in bulk comes out as if it were done one by one. */
class FullPassTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType LIST = ObjectType.referenceArray("list");
  private static final ObjectType BYTES = ObjectType.array("bytes", ValueLayout.JAVA_BYTE);
  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).acyclic().build();

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void allMemoryOfGarbageComesBackWhateverItsSize(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      for (int round = 0; round < 3; round++) {
        long kept = heap.allocate(BYTES, 10);
        for (int i = 0; i < 300; i++) {
          long list = heap.allocate(LIST, 3 + i % 7);
          heap.setElement(list, 0, list);
          heap.setElement(list, 1, kept);
          long leaf = heap.allocate(BYTES, i % 50 == 0 ? 200_000 : i * i % 9_000);
          heap.setElement(list, 2, leaf);
          heap.release(leaf);
          heap.release(list);
        }
        assertThat(heap.collector().collect()).isEqualTo(300);
        assertThat(heap.refCount(kept)).isEqualTo(1);
        Spaces.verify(heap);
        heap.release(kept);
        assertThat(heap.stats().liveObjects()).isZero();
        assertThat(heap.stats().liveBytes()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aFrozenObjectThatOnlyGarbageHoldsDiesWithIt(HeapOptions options) {
    int[] finalized = new int[1];
    ObjectType told =
        ObjectType.builder("told").references(1).finalizer((h, ref) -> finalized[0]++).build();
    try (Heap heap = Heap.ofConfined(options)) {
      long plain = heap.allocate(NODE);
      long other = heap.allocate(told);
      heap.collector().freeze();
      long garbage = heap.allocate(NODE);
      heap.setRef(garbage, 0, garbage);
      heap.setRef(garbage, 1, plain);
      heap.setRef(plain, 0, other);
      heap.release(plain);
      heap.release(other);
      heap.release(garbage);
      assertThat(heap.collector().collect()).isEqualTo(1);
      assertThat(heap.stats().liveObjects()).isZero();
      assertThat(finalized[0]).isEqualTo(1);
      Spaces.verify(heap);
    }
  }

  /** Marking ends as soon as all is marked; what it had still to scan then is nobody's later. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatWasLeftToBeScannedIsForgottenWhenMarkingEndsEarly(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      // A page full of nodes, then the list that holds them, with others so that it is swept later.
      long[] nodes = new long[4_000];
      for (int i = 0; i < nodes.length; i++) {
        nodes[i] = heap.allocate(NODE);
      }
      long[] others = new long[20];
      for (int i = 0; i < others.length; i++) {
        others[i] = heap.allocate(BYTES, 2_000);
      }
      long list = heap.allocate(LIST, nodes.length);
      // Only the first node leads to this one.
      long last = heap.allocate(LIST, 1);
      heap.setRef(nodes[0], 0, last);
      heap.release(last);
      for (int i = 0; i < nodes.length; i++) {
        heap.setElement(list, i, nodes[i]);
        heap.release(nodes[i]);
      }
      assertThat(heap.collector().collect()).isZero();

      heap.release(list);
      long garbage = heap.allocate(LIST, 1);
      heap.setElement(garbage, 0, garbage);
      heap.release(garbage);
      assertThat(heap.collector().collect()).isEqualTo(1);
      for (long other : others) {
        heap.release(other);
      }
      assertThat(heap.stats().liveObjects()).isZero();
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatTheQueueHasNoRoomForIsFoundAgain(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      // Made from the leaves up, so that no sweep in the order of addresses meets what it marked.
      long root = heap.allocate(LIST, 12_000);
      for (int i = 0; i < 12_000; i++) {
        long leaf = heap.allocate(NODE);
        long pair = heap.allocate(PAIR);
        long node = heap.allocate(NODE);
        heap.setRef(pair, 0, leaf);
        heap.setRef(node, 1, pair);
        heap.setElement(root, i, node);
        heap.release(leaf);
        heap.release(pair);
        heap.release(node);
      }
      long garbage = heap.allocate(NODE);
      heap.setRef(garbage, 0, garbage);
      heap.setRef(garbage, 1, root);
      heap.release(garbage);
      assertThat(heap.collector().collect()).isEqualTo(1);
      assertThat(heap.stats().liveObjects()).isEqualTo(36_001);
      Spaces.verify(heap);
      heap.release(root);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatADyingObjectStillRefersToStays(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long target = heap.allocate(NODE);
      long inner = heap.allocate(NODE);
      heap.setRef(inner, 0, inner);
      heap.setRef(target, 0, inner);
      heap.release(inner);
      int[] found = {-1};
      long weak = heap.newWeak(target, (h, ref) -> found[0] = h.collector().collect());
      heap.release(target);
      assertThat(found[0]).isZero();
      assertThat(heap.stats().liveObjects()).isEqualTo(2);
      assertThat(heap.collector().collect()).isEqualTo(1);
      Spaces.verify(heap);
      heap.release(weak);
    }
  }
}
