package org.ouroboros.collector.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;
import org.ouroboros.collector.WeakHandle;

/** What each mode promises to detect, and that nothing else is harmed. */
class MisuseTest {

  private static final ObjectType NODE =
      ObjectType.builder("node").references(2).field("x", ValueLayout.JAVA_LONG).build();

  private static final ObjectType OTHER =
      ObjectType.builder("other").reference("only", NODE).references("any").build();

  private static final ObjectType ARRAY = ObjectType.referenceArray("array");

  private static void refused(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidReferenceException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private static List<ThrowingCallable> usesOf(Heap heap, long good, long bad) {
    return List.of(
        () -> heap.retain(bad),
        () -> heap.refCount(bad),
        () -> heap.setRef(bad, 0, good),
        () -> heap.setRef(good, 0, bad),
        () -> heap.setRefMoved(good, 0, bad),
        () -> heap.exchangeRef(good, 0, bad),
        () -> heap.typeOf(bad),
        () -> heap.sizeOf(bad),
        () -> heap.newWeak(bad),
        () -> heap.weakTarget(bad),
        () -> heap.weakRefs(bad),
        () -> heap.collector().generation(bad),
        () -> heap.collector().isFinalized(bad),
        () -> heap.collector().referrers(bad),
        () -> heap.collector().referents(bad),
        () -> heap.inspector().pathToRoots(bad),
        () -> heap.inspector().describe(bad),
        () -> heap.addEdge(bad));
  }

  private static List<ThrowingCallable> accessesTo(Heap heap, long bad) {
    return List.of(
        () -> heap.getRef(bad, 0),
        () -> heap.getLong(bad, 16),
        () -> heap.setLong(bad, 16, 1),
        () -> heap.getByte(bad, 16),
        () -> heap.segment(bad),
        () -> heap.takeRef(bad, 0),
        () -> heap.moveRef(bad, 0, bad, 1));
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void nullAndForeignReferencesAreRefusedInEveryMode(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options);
        Heap another = Heap.ofConfined(options)) {
      long good = heap.allocate(NODE);
      long foreign = another.allocate(NODE);
      for (ThrowingCallable use : usesOf(heap, good, foreign)) {
        refused(Kind.FOREIGN, use);
      }
      for (ThrowingCallable access : accessesTo(heap, foreign)) {
        refused(Kind.FOREIGN, access);
      }
      for (ThrowingCallable access : accessesTo(heap, Heap.NULL)) {
        refused(Kind.NULL, access);
      }
      refused(Kind.NULL, () -> heap.retain(Heap.NULL));
      refused(Kind.NULL, () -> heap.setRef(Heap.NULL, 0, good));
      refused(Kind.FOREIGN, () -> heap.release(foreign));
      heap.release(Heap.NULL);
      assertThat(heap.refCount(good)).isEqualTo(1);
      Spaces.verify(heap);
      Spaces.verify(another);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aDeadReferenceIsRefusedUntilItsPlaceIsTaken(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long good = heap.allocate(NODE);
      long dead = heap.allocate(NODE);
      heap.release(dead);
      assertThat(heap.isLive(dead)).isFalse();
      for (ThrowingCallable use : usesOf(heap, good, dead)) {
        refused(Kind.DEAD, use);
      }
      refused(Kind.DEAD, () -> heap.release(dead));
      assertThat(heap.refCount(good)).isEqualTo(1);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void aStaleReferenceIsRefusedInCheckedModeAlsoWhenItsPlaceIsTaken(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withMode(HeapMode.CHECKED))) {
      long stale = heap.allocate(NODE);
      heap.release(stale);
      long taken = heap.allocate(NODE);
      assertThat((int) taken).as("the same place").isEqualTo((int) stale);
      heap.setLong(taken, NODE.offset("x"), 42);
      for (ThrowingCallable use : usesOf(heap, taken, stale)) {
        refused(Kind.DEAD, use);
      }
      for (ThrowingCallable access : accessesTo(heap, stale)) {
        refused(Kind.DEAD, access);
      }
      assertThat(heap.getLong(taken, NODE.offset("x"))).isEqualTo(42);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void wrongSlotsFieldsAndTypesAreRefusedInCheckedMode(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withMode(HeapMode.CHECKED))) {
      long node = heap.allocate(NODE);
      long other = heap.allocate(OTHER);
      for (int slot : new int[] {-1, 2, 3, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        refused(Kind.WRONG_SLOT, () -> heap.getRef(node, slot));
        refused(Kind.WRONG_SLOT, () -> heap.setRef(node, slot, node));
        refused(Kind.WRONG_SLOT, () -> heap.takeRef(node, slot));
      }
      for (long offset : new long[] {-8, 0, 7, 17, 24, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE}) {
        refused(Kind.WRONG_FIELD, () -> heap.getLong(node, offset));
        refused(Kind.WRONG_FIELD, () -> heap.setLong(node, offset, 1));
      }
      refused(Kind.WRONG_FIELD, () -> heap.setInt(node, 8, 1));
      refused(Kind.WRONG_FIELD, () -> heap.setLong(node, 8, 1));
      heap.setRef(other, 0, node);
      heap.setRef(other, 1, other);
      refused(Kind.WRONG_TYPE, () -> heap.setRef(other, 0, other));
      assertThat(heap.getRef(other, 0)).isEqualTo(node);
      refused(Kind.WRONG_TYPE, () -> heap.length(node));
      refused(Kind.WRONG_TYPE, () -> heap.getElement(node, 0));
      refused(Kind.WRONG_TYPE, () -> heap.byteLength(node));
      refused(Kind.WRONG_TYPE, () -> heap.weakTarget(node));
      long array = heap.allocate(ARRAY, 3);
      for (int index : new int[] {-1, 3, Integer.MAX_VALUE}) {
        assertThatThrownBy(() -> heap.getElement(array, index))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> heap.setElement(array, index, node))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatIsReleasedTooOftenIsRefused(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long holder = heap.allocate(NODE);
      long held = heap.allocate(NODE);
      heap.setRef(holder, 0, held);
      heap.release(held);
      refused(Kind.NOT_OWNED, () -> heap.release(held));
      refused(Kind.NOT_OWNED, () -> heap.setRefMoved(holder, 1, held));
      refused(Kind.NOT_OWNED, () -> heap.exchangeRef(holder, 1, held));
      refused(Kind.NOT_OWNED, () -> heap.removeEdge(holder));
      assertThat(heap.refCount(held)).isEqualTo(1);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @EnumSource(HeapMode.class)
  void anotherThreadIsRefused(HeapMode mode) {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(mode))) {
      long node = heap.allocate(NODE);
      List<ThrowingCallable> calls = new ArrayList<>(usesOf(heap, node, node));
      calls.addAll(accessesTo(heap, node));
      calls.addAll(
          List.of(
              () -> heap.allocate(NODE),
              () -> heap.release(node),
              () -> heap.release(Heap.NULL),
              heap::collector,
              heap::inspector,
              heap::stats,
              heap::openScope,
              () -> heap.isLive(node),
              heap::close));
      for (ThrowingCallable call : calls) {
        Throwable thrown =
            catchThrowable(
                () ->
                    CompletableFuture.runAsync(
                            () -> {
                              Throwable e = catchThrowable(call);
                              if (e instanceof RuntimeException failure) {
                                throw failure;
                              }
                            })
                        .join());
        assertThat(thrown)
            .isInstanceOf(CompletionException.class)
            .cause()
            .isInstanceOf(WrongThreadException.class);
      }
      assertThat(heap.refCount(node)).isEqualTo(1);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aClosedHeapRefusesEverything(HeapOptions options) {
    Heap heap = Heap.ofConfined(options);
    long node = heap.allocate(NODE);
    MemorySegment body = heap.segment(node);
    var collector = heap.collector();
    var inspector = heap.inspector();
    LocalScope scope = heap.openScope();
    WeakHandle handle = heap.weakHandle(node, null);
    heap.close();
    heap.close();
    List<ThrowingCallable> calls = new ArrayList<>(accessesTo(heap, node));
    calls.addAll(
        List.of(
            () -> heap.allocate(NODE),
            () -> heap.retain(node),
            () -> heap.release(node),
            () -> heap.release(Heap.NULL),
            () -> heap.setRef(node, 0, node),
            () -> heap.setRef(node, 0, Heap.NULL),
            () -> heap.isLive(node),
            heap::stats,
            heap::collector,
            heap::inspector,
            heap::openScope,
            () -> collector.collect(),
            () -> collector.objects(),
            () -> collector.freeze(),
            () -> inspector.verify(),
            () -> handle.get(),
            () -> scope.keep(node),
            () -> body.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(IllegalStateException.class);
    }
    scope.close();
    handle.close();
    assertThat(heap.isClosed()).isTrue();
    assertThat(heap.closeReport()).isNotNull();
    assertThat(heap.errors().entries()).isEmpty();
    assertThat(heap.toString()).contains("closed");
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void wildNumbersNeverEndTheJvm(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long node = heap.allocate(NODE);
      long tag = node & 0xFFFF_0000_0000L;
      long[] wild = {
        tag,
        tag | 1,
        tag | 2,
        tag | 0xFFFF,
        tag | 0x7FFF_FFFFL,
        tag | 0xFFFF_FFFFL,
        -1,
        1,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        node | 1L << 62,
        node | 0xFFFFL << 48,
        node + 1
      };
      for (long ref : wild) {
        for (ThrowingCallable call : accessesTo(heap, ref)) {
          assertThat(catchThrowable(call))
              .satisfiesAnyOf(
                  e -> assertThat(e).isNull(),
                  e -> assertThat(e).isInstanceOf(InvalidReferenceException.class),
                  e -> assertThat(e).isInstanceOf(IndexOutOfBoundsException.class),
                  e -> assertThat(e).isInstanceOf(IllegalStateException.class));
        }
      }
      for (int slot : new int[] {-1 << 28, 1 << 28, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        assertThat(catchThrowable(() -> heap.getRef(node, slot))).isNotNull();
      }
    }
  }

  @Test
  void aLentSegmentEndsWithItsObjectInCheckedMode() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(HeapMode.CHECKED))) {
      long node = heap.allocate(NODE);
      MemorySegment body = heap.segment(node);
      heap.setLong(node, NODE.offset("x"), 7);
      assertThat(body.byteSize()).isEqualTo(16);
      assertThat(body.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(7);
      heap.release(node);
      assertThatThrownBy(() -> body.get(ValueLayout.JAVA_LONG_UNALIGNED, 8))
          .isInstanceOf(IllegalStateException.class);
      long cycle = heap.allocate(NODE);
      heap.setRef(cycle, 0, cycle);
      MemorySegment second = heap.segment(cycle);
      heap.release(cycle);
      heap.collector().collect();
      assertThatThrownBy(() -> second.get(ValueLayout.JAVA_LONG_UNALIGNED, 8))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
