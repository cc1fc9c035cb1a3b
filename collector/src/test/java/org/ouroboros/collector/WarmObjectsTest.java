package org.ouroboros.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small objects that die and are made again in quick succession leave no trace of each other. */
class WarmObjectsTest {

  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final ObjectType LEAF =
      ObjectType.builder("leaf")
          .field("a", ValueLayout.JAVA_LONG)
          .field("b", ValueLayout.JAVA_INT)
          .build();
  private static final ObjectType MANY =
      ObjectType.builder("many").field("a", ValueLayout.JAVA_INT).references(7).build();

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void theDeadAreNotSeen(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      for (int i = 0; i < 100; i++) {
        heap.release(heap.allocate(PAIR));
        heap.release(heap.allocate(LEAF));
        heap.release(heap.allocate(MANY));
      }
      assertThat(heap.stats().liveObjects()).isZero();
      assertThat(heap.stats().liveBytes()).isZero();
      assertThat(heap.stats().trackedObjects()).isZero();
      assertThat(heap.stats().frees()).isEqualTo(300);
      heap.release(heap.allocate(PAIR));
      assertThat(heap.collector().objects()).isEmpty();
      heap.release(heap.allocate(LEAF));
      List<Long> seen = new ArrayList<>();
      heap.inspector().visitAll(seen::add);
      assertThat(seen).isEmpty();
      heap.release(heap.allocate(PAIR));
      assertThat(heap.inspector().verify()).isEmpty();
      heap.release(heap.allocate(PAIR));
      assertThat(heap.collector().collect()).isZero();
      assertThat(heap.collector().count().generation0()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void newObjectsAreBlankAndInGeneration0(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long old = heap.allocate(PAIR);
      heap.collector().collect();
      heap.collector().collect();
      assertThat(heap.collector().generation(old)).isEqualTo(2);
      heap.release(old);
      long other = heap.allocate(LEAF);
      for (int i = 0; i < 200; i++) {
        long pair = heap.allocate(PAIR);
        long leaf = heap.allocate(LEAF);
        long many = heap.allocate(MANY);
        assertThat(heap.collector().generation(pair)).isZero();
        assertThat(heap.getRef(pair, PAIR.slot(0))).isEqualTo(Heap.NULL);
        assertThat(heap.getRef(pair, PAIR.slot(1))).isEqualTo(Heap.NULL);
        assertThat(heap.getLong(leaf, LEAF.offset("a"))).isZero();
        assertThat(heap.getInt(leaf, LEAF.offset("b"))).isZero();
        assertThat(heap.getRef(many, MANY.slot(i % 7))).isEqualTo(Heap.NULL);
        heap.setLong(leaf, LEAF.offset("a"), -1);
        heap.setInt(leaf, LEAF.offset("b"), -1);
        heap.setInt(many, MANY.offset("a"), -1);
        heap.setRef(pair, PAIR.slot(i % 2), other);
        heap.setRef(many, MANY.slot(i % 7), other);
        heap.release(many);
        heap.release(leaf);
        heap.release(pair);
        assertThat(heap.refCount(other)).isEqualTo(1);
      }
      heap.release(other);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void theDeadAreDead(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long holder = heap.allocate(PAIR);
      long dead = heap.allocate(PAIR);
      heap.release(dead);
      assertThat(heap.isLive(dead)).isFalse();
      assertThatThrownBy(() -> heap.release(dead)).isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> heap.retain(dead)).isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> heap.setRef(holder, PAIR.slot(0), dead))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> heap.setRef(dead, PAIR.slot(0), holder))
          .isInstanceOf(InvalidReferenceException.class);
      assertThat(heap.refCount(holder)).isEqualTo(1);
      heap.release(holder);
    }
  }

  /** What is kept warm is not in the way of objects of another type. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void theLimitIsForTheLiving(HeapOptions options) {
    int block = 48;
    HeapOptions limited = options.withLimit(60L * block);
    try (Heap heap = Heap.ofConfined(limited)) {
      List<Long> refs = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        refs.add(heap.allocate(MANY));
      }
      refs.forEach(heap::release);
      refs.clear();
      for (int i = 0; i < 60 * block / 16; i++) {
        refs.add(heap.allocate(PAIR));
      }
      assertThat(heap.collector().stats()).allMatch(generation -> generation.collections() == 0);
      assertThatThrownBy(() -> heap.allocate(PAIR)).isInstanceOf(HeapExhaustedException.class);
      refs.forEach(heap::release);
    }
  }
}
