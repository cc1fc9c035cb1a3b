package org.ouroboros.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.InvalidReferenceException.Kind;

/** Objects that are made with their first two references. */
class AllocateOwningTest {

  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final ObjectType MORE =
      ObjectType.builder("more")
          .field("number", ValueLayout.JAVA_LONG)
          .references(5)
          .field("last", ValueLayout.JAVA_INT)
          .build();
  private static final ObjectType ONE = ObjectType.builder("one").references(1).build();

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void theObjectOwnsWhatItWasGiven(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      for (ObjectType type : List.of(PAIR, MORE)) {
        for (int i = 0; i < 300; i++) {
          long first = heap.allocate(PAIR);
          long second = heap.allocate(type);
          long made = heap.allocateOwning(type, first, second);
          assertThat(heap.getRef(made, type.slot(0))).isEqualTo(first);
          assertThat(heap.getRef(made, type.slot(1))).isEqualTo(second);
          assertThat(heap.externalCount(first)).isZero();
          assertThat(heap.refCount(second)).isEqualTo(1);
          assertThat(heap.externalCount(made)).isEqualTo(1);
          if (type == MORE) {
            assertThat(heap.getLong(made, MORE.offset("number"))).isZero();
            assertThat(heap.getInt(made, MORE.offset("last"))).isZero();
            for (int slot = 2; slot < 5; slot++) {
              assertThat(heap.getRef(made, MORE.slot(slot))).isEqualTo(Heap.NULL);
            }
            heap.setLong(made, MORE.offset("number"), -1);
            heap.setInt(made, MORE.offset("last"), -1);
          }
          if (i % 100 == 0) {
            Spaces.verify(heap);
          }
          heap.release(made);
          assertThat(heap.isLive(first)).isFalse();
          assertThat(heap.isLive(second)).isFalse();
        }
      }
      assertThat(heap.stats().liveObjects()).isZero();
      assertThat(heap.stats().allocations()).isEqualTo(1800);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void nullsAndReferencesHeldElsewhereAreStored(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long shared = heap.allocate(PAIR);
      long holder = heap.allocate(PAIR);
      heap.setRef(holder, PAIR.slot(0), shared);
      heap.retain(shared);
      heap.retain(shared);
      long both = heap.allocateOwning(PAIR, shared, shared);
      assertThat(heap.refCount(shared)).isEqualTo(4);
      assertThat(heap.externalCount(shared)).isEqualTo(1);
      long left = heap.allocateOwning(PAIR, both, Heap.NULL);
      long right = heap.allocateOwning(PAIR, Heap.NULL, left);
      assertThat(heap.getRef(right, PAIR.slot(0))).isEqualTo(Heap.NULL);
      assertThat(heap.getRef(left, PAIR.slot(1))).isEqualTo(Heap.NULL);
      Spaces.verify(heap);
      heap.release(right);
      assertThat(heap.refCount(shared)).isEqualTo(2);
      heap.release(holder);
      heap.release(shared);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatIsRefusedLeavesAllAsItWas(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long good = heap.allocate(PAIR);
      long held = heap.allocate(PAIR);
      long holder = heap.allocateOwning(PAIR, held, Heap.NULL);
      long dead = heap.allocate(PAIR);
      heap.release(dead);
      refused(heap, Kind.NOT_OWNED, good, held);
      refused(heap, Kind.NOT_OWNED, held, good);
      refused(heap, Kind.NOT_OWNED, good, good);
      refused(heap, Kind.DEAD, good, dead);
      refused(heap, Kind.DEAD, dead, good);
      refused(heap, Kind.FOREIGN, good, good ^ 1L << 40);
      for (ObjectType type : List.of(ONE, ObjectType.referenceArray("array"))) {
        assertThatThrownBy(() -> heap.allocateOwning(type, good, Heap.NULL))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(heap.externalCount(good)).isEqualTo(1);
      assertThat(heap.refCount(good)).isEqualTo(1);
      assertThat(heap.refCount(held)).isEqualTo(1);
      assertThat(heap.stats().liveObjects()).isEqualTo(3);
      Spaces.verify(heap);
      heap.release(good);
      heap.release(holder);
    }
  }

  private static void refused(Heap heap, Kind kind, long first, long second) {
    assertThatThrownBy(() -> heap.allocateOwning(PAIR, first, second))
        .isInstanceOfSatisfying(
            InvalidReferenceException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void fullHeapsLeaveBothWithTheirOwner(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withLimit(32 << 10))) {
      long first = heap.allocate(PAIR);
      long second = heap.allocate(PAIR);
      List<Long> all = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (true) {
                  all.add(heap.allocate(PAIR));
                }
              })
          .isInstanceOf(HeapExhaustedException.class);
      assertThatThrownBy(() -> heap.allocateOwning(PAIR, first, second))
          .isInstanceOf(HeapExhaustedException.class);
      assertThat(heap.externalCount(first)).isEqualTo(1);
      assertThat(heap.externalCount(second)).isEqualTo(1);
      all.forEach(heap::release);
      heap.release(heap.allocateOwning(PAIR, first, second));
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }
}
