package org.ouroboros.collector.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;
import org.ouroboros.collector.WeakHandle;

/** Every request for memory fails once, wherever it is made; and the limit is reached. */
class OutOfMemoryTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();

  /** What a program does, once through all that may need memory. */
  private static final class Program implements AutoCloseable {

    final Heap heap;
    final List<Long> owned = new ArrayList<>();
    final List<WeakHandle> handles = new ArrayList<>();
    private final ObjectType cleanUp;

    Program(HeapOptions options) {
      this.heap = Spaces.open(options);
      this.cleanUp =
          ObjectType.builder("clean-up")
              .references(2)
              .finalizer((h, ref) -> h.release(h.allocate(NODE)))
              .build();
    }

    void run() {
      for (int i = 0; i < 40; i++) {
        long a = own(heap.allocate(cleanUp));
        long b = own(heap.allocate(NODE));
        heap.setRef(a, 0, b);
        heap.setRef(b, 0, a);
        handles.add(heap.weakHandle(a, (h, weak) -> h.release(h.allocate(NODE))));
        try (LocalScope scope = heap.openScope()) {
          for (int k = 0; k < 20; k++) {
            scope.keep(b);
          }
        }
        drop(a);
        drop(b);
      }
      long many = own(heap.allocate(ObjectType.referenceArray("array"), 5));
      for (int k = 0; k < 5_000; k++) {
        heap.retain(many);
        owned.add(many);
      }
      heap.collector().collect(0);
      heap.collector().collect();
    }

    private long own(long ref) {
      owned.add(ref);
      return ref;
    }

    private void drop(long ref) {
      owned.remove(owned.lastIndexOf(ref));
      heap.release(ref);
    }

    @Override
    public void close() {
      heap.close();
    }
  }

  static Stream<Named<HeapOptions>> heaps() {
    Stream<Named<HeapOptions>> shared =
        Stream.of(HeapMode.values())
            .map(mode -> Named.of("shared, " + mode, Spaces.shared().getPayload().withMode(mode)));
    return Stream.concat(Spaces.inAllModes(), shared);
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void everyRequestMayFail(HeapOptions options) {
    int failures = 0;
    // Some are met by a collection and another attempt, so that nobody notices.
    for (int first = 1; first <= 250; first += first < 40 ? 1 : 7) {
      failures += failAt(options, first) ? 1 : 0;
    }
    assertThat(failures).isGreaterThan(20);
  }

  private static boolean failAt(HeapOptions options, int first) {
    try (Program program = new Program(options)) {
      Heap heap = program.heap;
      heap.inspector().failAllocations(first, 2);
      boolean failed = false;
      try {
        program.run();
      } catch (HeapExhaustedException e) {
        failed = true;
        assertThat(e).hasMessageContaining(": no room");
      }
      heap.inspector().failAllocations(0, 0);
      Spaces.verify(heap);
      failed |= heap.errors().total() > 0;
      assertThat(heap.errors().entries())
          .allSatisfy(e -> assertThat(e.error()).isInstanceOf(HeapExhaustedException.class));

      // It can be used as if nothing had been.
      program.handles.forEach(WeakHandle::close);
      program.owned.forEach(heap::release);
      program.owned.clear();
      program.handles.clear();
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isZero();
      program.run();
      Spaces.verify(heap);
      return failed;
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void freeingNeedsNoMemory(HeapOptions options) {
    try (Heap heap = Spaces.open(options)) {
      List<Long> owned = new ArrayList<>();
      int[] called = new int[1];
      for (int i = 0; i < 2_000; i++) {
        long a = heap.allocate(NODE);
        long b = heap.allocate(NODE);
        heap.setRef(a, 0, b);
        if (i % 2 == 0) {
          heap.setRef(b, 0, a);
        }
        for (int k = 0; k < 5; k++) {
          heap.setRefMoved(b, 1, heap.newWeak(a, null));
        }
        owned.add(heap.newWeak(a, (h, weak) -> called[0]++));
        owned.add(a);
        heap.release(b);
      }
      heap.inspector().failAllocations(1, Long.MAX_VALUE);
      owned.forEach(heap::release);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isZero();
      heap.inspector().failAllocations(0, 0);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void youngCollectionsNeedNoMemory(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long holder = heap.allocate(NODE);
      heap.collector().collect();
      for (int i = 0; i < 500; i++) {
        long a = heap.allocate(NODE);
        long b = heap.allocate(NODE);
        heap.setRef(a, 0, b);
        heap.setRef(b, 0, a);
        if (i == 250) {
          heap.setRef(holder, 0, a); // held by an old object only
        }
        heap.release(a);
        heap.release(b);
      }
      heap.inspector().failAllocations(1, Long.MAX_VALUE);
      assertThat(heap.collector().collect(0)).isEqualTo(998);
      heap.inspector().failAllocations(0, 0);
      assertThat(heap.stats().liveObjects()).isEqualTo(3);
      Spaces.verify(heap);
      heap.release(holder);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void theLimitCollectsFirstAndThenThrows(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withLimit(1 << 20))) {
      heap.collector().disable();
      ObjectType bytes = ObjectType.array("bytes", ValueLayout.JAVA_BYTE);
      for (int i = 0; i < 100; i++) {
        long node = heap.allocate(NODE);
        heap.setRef(node, 0, node);
        long big = heap.allocate(bytes, 100_000);
        heap.setRef(node, 1, big);
        heap.release(big);
        heap.release(node);
      }
      assertThat(heap.collector().stats().get(2).collections()).isPositive();
      long before = heap.stats().liveObjects();
      assertThatThrownBy(() -> heap.allocate(bytes, 2 << 20))
          .isInstanceOfSatisfying(
              HeapExhaustedException.class,
              e -> {
                assertThat(e.requestedBytes()).isEqualTo((2 << 20) + 12);
                assertThat(e.limitBytes()).isEqualTo(1 << 20);
              });
      assertThat(heap.stats().liveObjects()).isLessThanOrEqualTo(before);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void anImpossibleSizeIsRefused(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withLimit(1L << 32))) {
      ObjectType longs = ObjectType.array("longs", ValueLayout.JAVA_LONG);
      assertThatThrownBy(() -> heap.allocate(longs, ObjectType.MAX_LENGTH))
          .isInstanceOf(HeapExhaustedException.class);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void freezeFailsWhole(HeapOptions options) {
    try (Heap heap = Spaces.open(options)) {
      long node = heap.allocate(NODE);
      heap.inspector().failAllocations(1, 1);
      assertThatThrownBy(() -> heap.collector().freeze())
          .isInstanceOf(HeapExhaustedException.class)
          .hasStackTraceContaining("the permanent generation");
      assertThat(heap.collector().freezeCount()).isZero();
      assertThat(heap.collector().generation(node)).isZero();
      heap.collector().freeze();
      assertThat(heap.collector().freezeCount()).isEqualTo(1);
      heap.collector().unfreeze();
      heap.release(node);
    }
  }
}
