package org.ouroboros.collector.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** Deaths in heaps whose types tell nobody of them, and full collections without roots. */
class PlainDeathTest {

  private static final ObjectType LIST = ObjectType.referenceArray("list");
  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void moreDyingObjectsThanThereIsRoomForAreAllFreed(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      long kept = heap.allocate(NODE);
      long survivor = heap.allocate(LIST, 20_000);
      for (int i = 0; i < 20_000; i++) {
        heap.setElement(survivor, i, kept);
      }
      for (int round = 0; round < 2; round++) {
        // Twice, in the same memory. Each level has more children than wait at once, and leads on
        // from the first, a middle and one of the last of them.
        long top = heap.allocate(NODE);
        for (int level = 0; level < 6; level++) {
          long list = heap.allocate(LIST, 5_000);
          for (int i = 0; i < 5_000; i++) {
            if (i % 10 == 9) {
              heap.setElement(list, i, kept);
              continue;
            }
            long child = heap.allocate(LIST, i % 3);
            if (i % 3 > 0) {
              heap.setElement(child, i % 3 - 1, kept);
            }
            heap.setElement(list, i, child);
            heap.release(child);
          }
          heap.setElement(list, level % 3 * 2_498, top);
          heap.release(top);
          top = list;
        }
        heap.release(top);
        assertThat(heap.stats().liveObjects()).isEqualTo(2);
        // once for each reference that is left, so none was taken back twice
        assertThat(heap.refCount(kept)).isEqualTo(20_001);
        Spaces.verify(heap);
      }
    }
  }

  /** What collections let die by counting, in pages where the garbage is as well. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatDiesInACollectionDiesApartFromTheGarbage(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      long list = heap.allocate(LIST, 3_000);
      for (int i = 0; i < 3_000; i++) {
        long child = heap.allocate(NODE);
        heap.setElement(list, i, child);
        heap.release(child);
      }
      long kept = heap.allocate(NODE);
      heap.collector().collect(); // they are old now
      long ring = heap.allocate(NODE);
      heap.setRef(ring, 0, ring);
      heap.setRef(ring, 1, list);
      for (int i = 0; i < 2_000; i++) {
        long other = heap.allocate(NODE);
        heap.setRef(other, 0, other);
        heap.setRef(other, 1, kept);
        heap.release(other);
      }
      heap.release(list);
      heap.release(ring);
      assertThat(heap.collector().collect(0)).isEqualTo(2_001);
      assertThat(heap.stats().liveObjects()).isEqualTo(1);
      assertThat(heap.refCount(kept)).isEqualTo(1);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void referencesToTheSameObjectAreTakenBackOneForOne(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      long kept = heap.allocate(NODE);
      long many = heap.allocate(LIST, 1_100_000); // more than a header can count
      for (int i = 0; i < 1_100_000; i++) {
        heap.setElement(many, i, kept);
      }
      long some = heap.allocate(LIST, 300);
      for (int i = 0; i < 300; i++) {
        heap.setElement(some, i, i % 50 == 0 ? Heap.NULL : kept);
      }
      heap.release(some);
      assertThat(heap.refCount(kept)).isEqualTo(1_100_001);
      heap.release(many);
      assertThat(heap.refCount(kept)).isEqualTo(1);
      Spaces.verify(heap);
      heap.release(kept);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatIsHeldAgainIsARootAgain(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      Deque<Long> rings = new ArrayDeque<>();
      for (int i = 0; i < 50; i++) {
        long ring = heap.allocate(NODE);
        heap.setRef(ring, 0, ring);
        rings.add(ring);
      }
      rings.forEach(heap::release);
      heap.retain(rings.getFirst());
      assertThat(heap.collector().collect()).isEqualTo(49);
      assertThat(heap.isLive(rings.getFirst())).isTrue();
      Spaces.verify(heap);
      long copy = heap.getRef(rings.getFirst(), 0);
      heap.release(copy);
      assertThat(heap.collector().collect()).isEqualTo(1);
      for (long ring : rings) {
        assertThat(heap.isLive(ring)).isFalse();
      }
      assertThat(heap.stats().liveBytes()).isZero();
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void frozenObjectsWithoutRootsStay(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      long frozen = heap.allocate(NODE);
      heap.setRef(frozen, 0, frozen);
      heap.collector().freeze();
      heap.release(frozen);
      assertThat(heap.collector().collect()).isZero();
      heap.collector().unfreeze();
      assertThat(heap.collector().collect()).isEqualTo(1);
      Spaces.verify(heap);
    }
  }

  /**
   * Memory of a heap that was all garbage is used again from the lowest page on, and cleared then.
   */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whereEverythingWasGarbageNoOldReferenceIsAccepted(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      Set<Long> old = new HashSet<>();
      for (int round = 0; round < 3; round++) {
        // several pages of small objects, then less than that, and more
        long[] refs = selfReferring(heap, new int[] {6_000, 1_000, 9_000}[round]);
        Set<Long> made = new HashSet<>();
        for (long ref : refs) {
          made.add(ref);
        }
        old.removeAll(made);
        assertThat(old).noneMatch(heap::isLive);
        assertThat(made).allMatch(heap::isLive);
        for (long ref : refs) {
          heap.release(ref);
        }
        assertThat(made).as("garbage that was not collected").allMatch(heap::isLive);
        assertThat(heap.collector().collect()).isEqualTo(refs.length);
        old.addAll(made);
        assertThat(old).noneMatch(heap::isLive);
        assertThat(heap.stats().liveBytes()).isZero();
        assertThat(heap.stats().trackedObjects()).isZero();
        long dead = refs[refs.length - 1];
        assertThatThrownBy(() -> heap.retain(dead))
            .isInstanceOfSatisfying(
                InvalidReferenceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEAD));
        Spaces.verify(heap);
      }
      long large = heap.allocate(LIST, 100_000);
      old.remove(large);
      assertThat(old).noneMatch(heap::isLive);
      heap.setElement(large, 99_999, large);
      assertThat(heap.getElement(large, 50_000)).isEqualTo(Heap.NULL);
      Spaces.verify(heap);
      heap.release(large);
      assertThat(heap.collector().collect()).isEqualTo(1);
      assertThat(heap.isLive(large)).isFalse();
    }
  }

  /** Objects of several sizes that hold themselves, so that they do not die by counting. */
  private static long[] selfReferring(Heap heap, int count) {
    long[] refs = new long[count];
    for (int i = 0; i < count; i++) {
      refs[i] = i % 2 == 0 ? heap.allocate(NODE) : heap.allocate(LIST, i % 50 + 1);
      if (i % 2 == 0) {
        heap.setRef(refs[i], 0, refs[i]);
      } else {
        heap.setElement(refs[i], 0, refs[i]);
      }
    }
    return refs;
  }
}
