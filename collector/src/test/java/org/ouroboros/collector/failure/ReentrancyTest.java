package org.ouroboros.collector.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.Spaces;
import org.ouroboros.collector.WeakHandle;

/** User code that does, in the middle of a death or a collection, what it should rather not. */
class ReentrancyTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();

  /** References outside the slots, in a Java map; what clear does beside giving them back. */
  private static final class Edges implements CustomReferences {

    final Map<Integer, Long> targets = new HashMap<>();
    BiConsumer<Heap, Long> inClear = (heap, ref) -> {};
    boolean failing;

    ObjectType type(String name) {
      return ObjectType.builder(name).references(2).customReferences(this).build();
    }

    void add(Heap heap, long from, long to) {
      heap.addEdge(to);
      targets.put((int) from, to);
    }

    @Override
    public void traverse(Heap heap, long ref, ReferenceVisitor visitor) {
      if (failing) {
        throw new IllegalStateException("on purpose");
      }
      Long target = targets.get((int) ref);
      if (target != null) {
        visitor.visit(target);
      }
    }

    @Override
    public void clear(Heap heap, long ref) {
      inClear.accept(heap, ref);
      Long target = targets.remove((int) ref);
      if (target != null) {
        heap.removeEdge(target);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void clearMayTakeItsSlotsApartAndSaveItself(HeapOptions options) {
    for (boolean saves : new boolean[] {false, true}) {
      try (Heap heap = Heap.ofConfined(options)) {
        Edges edges = new Edges();
        ObjectType type = edges.type("custom");
        long live = heap.allocate(NODE);
        edges.inClear =
            (h, ref) -> {
              h.release(h.takeRef(ref, 0));
              h.release(h.takeRef(ref, 1));
              if (saves) {
                h.setRef(live, 0, ref);
              }
            };
        long a = heap.allocate(type);
        long b = heap.allocate(NODE);
        heap.setRef(a, 0, b);
        heap.setRef(b, 0, a);
        heap.setRef(b, 1, b);
        edges.add(heap, a, b);
        heap.release(a);
        heap.release(b);
        heap.collector().collect();
        heap.collector().collect();
        assertThat(heap.stats().liveObjects()).isEqualTo(saves ? 2 : 1);
        Spaces.verify(heap);
        edges.inClear = (h, ref) -> {};
        heap.release(live);
        assertThat(heap.stats().liveObjects()).isZero();
        assertThat(heap.errors().entries()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aWeakReferenceToWhatIsDyingIsDead(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      List<Long> made = new ArrayList<>();
      ObjectType legacy =
          ObjectType.builder("legacy")
              .references(1)
              .finalizer((h, ref) -> made.add(h.newWeak(ref)), FinalizerKind.LEGACY)
              .build();
      heap.release(heap.allocate(legacy));
      Edges edges = new Edges();
      edges.inClear = (h, ref) -> made.add(h.newWeak(ref));
      heap.release(heap.allocate(edges.type("custom")));
      long cycle = heap.allocate(edges.type("custom"));
      heap.setRef(cycle, 0, cycle);
      heap.release(cycle);
      heap.collector().collect();
      assertThat(made).hasSize(3);
      for (long weak : made) {
        assertThat(heap.weakTarget(weak)).isEqualTo(Heap.NULL);
      }
      long taken = heap.allocate(legacy);
      assertThat(heap.weakRefs(taken)).isEmpty();
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void deathsThatUserCodeNestsDoNotExhaustTheStack(HeapOptions options) {
    int many = 50_000;
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      Edges edges = new Edges();
      ObjectType linked = edges.type("linked by hand");
      long head = heap.allocate(linked);
      for (int i = 1; i < many; i++) {
        long before = heap.allocate(linked);
        edges.add(heap, before, head);
        heap.release(head);
        head = before;
      }
      heap.release(head);
      assertThat(heap.stats().liveObjects()).isZero();
      ObjectType letsGo =
          ObjectType.builder("lets go")
              .references(1)
              .finalizer((h, ref) -> h.setRef(ref, 0, Heap.NULL))
              .build();
      head = heap.allocate(letsGo);
      for (int i = 1; i < many; i++) {
        long before = heap.allocate(letsGo);
        heap.setRefMoved(before, 0, head);
        head = before;
      }
      heap.release(head);
      assertThat(heap.stats().liveObjects()).isZero();
      assertThat(heap.errors().entries()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatWaitsForItsDeathIsNotFoundAgain(HeapOptions options) {
    int[] called = new int[1];
    List<Long> freed = new ArrayList<>();
    long[] last = new long[4];
    ObjectType nested =
        ObjectType.builder("nested")
            .references(1)
            .finalizer(
                (h, ref) -> {
                  if (h.getRef(ref, 0) == Heap.NULL) {
                    h.release(last[0]); // the weak reference first, then what it names
                    h.release(last[1]);
                    h.collector().collect();
                  }
                  h.setRef(ref, 0, Heap.NULL);
                })
            .build();
    ObjectType letsGo =
        ObjectType.builder("lets go of its neighbour")
            .references(1)
            .finalizer((h, ref) -> h.setRef(ref, 0, Heap.NULL))
            .build();
    try (Heap heap = Heap.ofConfined(options.withFreeListener((h, ref) -> freed.add(ref)))) {
      heap.collector().disable();
      last[1] = heap.allocate(NODE);
      last[0] = heap.newWeak(last[1], (h, weak) -> called[0]++);
      // A cycle whose finalizers end one another, to be collected at the same depth.
      long x = heap.allocate(letsGo);
      long y = heap.allocate(letsGo);
      heap.setRef(x, 0, y);
      heap.setRef(y, 0, x);
      heap.release(x);
      heap.release(y);
      long head = heap.allocate(nested);
      for (int i = 0; i < 60; i++) {
        long before = heap.allocate(nested);
        heap.setRefMoved(before, 0, head);
        head = before;
      }
      heap.release(head);
      assertThat(called[0]).as("its weak reference had died before").isZero();
      assertThat(freed).doesNotHaveDuplicates().hasSize(61 + 2 + 2);
      assertThat(heap.stats().liveObjects()).isZero();
      assertThat(heap.errors().entries()).isEmpty();
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void debugOutputCannotBringGarbageBack(HeapOptions options) {
    long[] handle = new long[1];
    Heap[] heaps = new Heap[1];
    List<Throwable> refused = new ArrayList<>();
    HeapOptions meddling =
        options.withDebugOutput(
            line ->
                refused.add(catchThrowable(() -> heaps[0].retain(heaps[0].weakTarget(handle[0])))));
    try (Heap heap = Heap.ofConfined(meddling)) {
      heaps[0] = heap;
      long cycle = heap.allocate(NODE);
      heap.setRef(cycle, 0, cycle);
      handle[0] = heap.newWeak(cycle);
      heap.release(cycle);
      heap.collector().setDebug(DebugFlag.COLLECTABLE);
      assertThat(heap.collector().collect()).isEqualTo(1);
      assertThat(refused).hasSize(1).allSatisfy(e -> assertThat(e).isNotNull());
      assertThat(heap.weakTarget(handle[0])).isEqualTo(Heap.NULL);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aFailingTraversalFreesNothing(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withErrorLog(1, true))) {
      Edges edges = new Edges();
      ObjectType legacy =
          ObjectType.builder("legacy")
              .references(1)
              .finalizer((h, ref) -> {}, FinalizerKind.LEGACY)
              .build();
      long a = heap.allocate(legacy);
      long b = heap.allocate(edges.type("custom"));
      long only = heap.allocate(NODE);
      heap.setRef(a, 0, b);
      heap.setRef(b, 0, a);
      edges.add(heap, b, only);
      heap.release(a);
      heap.release(b);
      heap.release(only);
      edges.failing = true;
      assertThat(heap.collector().collect(0)).isZero();
      assertThat(heap.collector().collect(1)).isZero();
      // The garbage list then holds the legacy object, and so all it leads to.
      assertThat(heap.collector().collect()).isEqualTo(3);
      assertThat(heap.collector().garbage().size()).isEqualTo(1);
      assertThat(heap.stats().liveObjects()).isEqualTo(3);
      edges.failing = false;
      assertThat(heap.collector().collect()).isZero();
      assertThat(heap.stats().liveObjects()).isEqualTo(3);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void finalizersThatAlwaysFailDoNotKeepTheLogBusy(HeapOptions options) {
    ObjectType failing =
        ObjectType.builder("failing")
            .finalizer(
                (h, ref) -> {
                  throw new IllegalStateException("always");
                },
                FinalizerKind.EVERY_DEATH)
            .build();
    try (Heap heap = Heap.ofConfined(options.withErrorLog(2, true))) {
      for (int i = 0; i < 10; i++) {
        heap.release(heap.allocate(failing));
      }
      assertThat(heap.errors().entries()).hasSize(2);
      heap.errors().clear();
      Spaces.verify(heap);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isLessThanOrEqualTo(10);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void anOpaqueObjectWithEdgesByHandDies(HeapOptions options) {
    Edges edges = new Edges();
    ObjectType type =
        ObjectType.builder("both").references(2).opaque().customReferences(edges).build();
    try (Heap heap = Heap.ofConfined(options)) {
      long both = heap.allocate(type);
      long held = heap.allocate(NODE);
      long cycle = heap.allocate(NODE);
      heap.setRef(both, 0, held);
      heap.setRef(cycle, 0, both);
      edges.add(heap, both, cycle);
      heap.release(both);
      heap.release(cycle);
      heap.collector().collect();
      Spaces.verify(heap);
      assertThat(heap.stats().liveObjects()).isEqualTo(1);
      assertThat(heap.refCount(held)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void aSegmentLentInTheFreeListenerEnds(HeapOptions options) {
    List<MemorySegment> lent = new ArrayList<>();
    HeapOptions telling =
        options
            .withMode(org.ouroboros.collector.HeapMode.CHECKED)
            .withFreeListener((h, ref) -> lent.add(h.segment(ref)));
    try (Heap heap = Heap.ofConfined(telling)) {
      heap.release(heap.allocate(NODE));
      long cycle = heap.allocate(NODE);
      heap.setRef(cycle, 0, cycle);
      heap.release(cycle);
      heap.collector().collect();
      assertThat(lent).hasSize(2);
      for (MemorySegment segment : lent) {
        assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_INT, 0))
            .isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aScopeReleasesTheRestWhenOneWasReleasedTooOften(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long kept = heap.allocate(NODE);
      LocalScope outer = heap.openScope();
      LocalScope inner = heap.openScope();
      inner.keep(kept);
      long mistaken = inner.own(heap.allocate(NODE));
      heap.release(mistaken);
      assertThatThrownBy(inner::close).isInstanceOf(RuntimeException.class);
      assertThat(heap.refCount(kept)).isEqualTo(1);
      outer.keep(kept);
      outer.close();
      assertThat(heap.refCount(kept)).isEqualTo(1);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aFinalizerMayEndTheOthers(HeapOptions options) {
    List<WeakHandle> handles = new ArrayList<>();
    ObjectType ending =
        ObjectType.builder("ending")
            .references(1)
            .finalizer((h, ref) -> handles.forEach(WeakHandle::close))
            .build();
    try (Heap heap = Heap.ofConfined(options)) {
      for (int i = 0; i < 5; i++) {
        long one = heap.allocate(ending);
        heap.setRef(one, 0, one);
        handles.add(heap.weakHandle(one, (h, weak) -> handles.forEach(WeakHandle::close)));
        heap.release(one);
      }
      heap.collector().collect();
      Spaces.verify(heap);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }
}
