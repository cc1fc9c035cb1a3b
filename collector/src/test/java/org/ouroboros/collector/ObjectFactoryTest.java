package org.ouroboros.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.InvalidReferenceException.Kind;

/** A factory does what its heap does, by quick paths of its own. */
class ObjectFactoryTest {

  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final ObjectType LEAF =
      ObjectType.builder("leaf").field("value", ValueLayout.JAVA_LONG).acyclic().build();
  private static final ObjectType WIDE =
      ObjectType.builder("wide").references(2).field("last", ValueLayout.JAVA_LONG).build();
  private static final ObjectType LARGE = ObjectType.builder("large").references(60).build();
  private static final List<ObjectType> TYPES = List.of(PAIR, LEAF, WIDE, LARGE);

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void newObjectsAreEmptyWhateverWasThere(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      for (ObjectType type : TYPES) {
        ObjectFactory factory = heap.factory(type);
        for (int round = 0; round < 2; round++) {
          List<Long> all = new ArrayList<>();
          for (int i = 0; i < 200; i++) {
            long made = i % 2 == 0 ? factory.allocate() : heap.allocate(type);
            assertThat(heap.typeOf(made)).isSameAs(type);
            assertThat(heap.externalCount(made)).isEqualTo(1);
            assertThat(heap.segment(made).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            fill(heap, made, type);
            all.add(made);
          }
          Spaces.verify(heap);
          all.forEach(heap::release);
        }
      }
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  private static void fill(Heap heap, long made, ObjectType type) {
    if (type == LEAF) {
      heap.setLong(made, LEAF.offset("value"), -1);
    } else {
      for (int slot = 0; slot < type.slotCount(); slot++) {
        heap.setRefMoved(made, type.slot(slot), heap.allocate(LEAF));
      }
      assertThat(heap.stats().liveObjects()).isPositive();
      for (int slot = 0; slot < type.slotCount(); slot++) {
        heap.release(heap.takeRef(made, type.slot(slot)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void treesAreOwnedReadAndFreed(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      for (ObjectType type : List.of(PAIR, WIDE)) {
        ObjectFactory factory = heap.factory(type);
        long tree = build(factory, 12);
        assertThat(count(factory, type, tree)).isEqualTo((1 << 13) - 1);
        assertThat(heap.stats().liveObjects()).isEqualTo((1 << 13) - 1);
        Spaces.verify(heap);
        heap.release(tree);
        assertThat(heap.stats().liveObjects()).isZero();
      }
    }
  }

  private static long build(ObjectFactory factory, int depth) {
    return depth == 0
        ? factory.allocate()
        : factory.allocateOwning(build(factory, depth - 1), build(factory, depth - 1));
  }

  private static int count(ObjectFactory factory, ObjectType type, long node) {
    return node == Heap.NULL
        ? 0
        : 1
            + count(factory, type, factory.getRef(node, type.slot(0)))
            + count(factory, type, factory.getRef(node, type.slot(1)));
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void collectionsBeginAsTheyDoWithoutIt(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options);
        Heap twin = Heap.ofConfined(options)) {
      ObjectFactory factory = heap.factory(PAIR);
      for (int i = 0; i < 5000; i++) {
        factory.allocate();
        twin.allocate(PAIR);
        if (i % 500 == 0) {
          assertThat(heap.collector().count()).isEqualTo(twin.collector().count());
        }
      }
      assertThat(heap.collector().stats().getFirst().collections())
          .isEqualTo(twin.collector().stats().getFirst().collections());
      assertThat(heap.stats().trackedObjects()).isEqualTo(5000);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatIsRefusedLeavesAllAsItWas(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      ObjectFactory factory = heap.factory(PAIR);
      long good = factory.allocate();
      long held = factory.allocate();
      long holder = factory.allocateOwning(held, Heap.NULL);
      for (long[] bad : new long[][] {{good, held}, {held, good}, {good, good}}) {
        assertThatThrownBy(() -> factory.allocateOwning(bad[0], bad[1]))
            .isInstanceOfSatisfying(
                InvalidReferenceException.class,
                e -> assertThat(e.kind()).isEqualTo(Kind.NOT_OWNED));
      }
      assertThatThrownBy(() -> factory.getRef(good ^ 1L << 40, 0))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> factory.getRef(Heap.NULL, 0))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> heap.factory(LEAF).allocateOwning(good, Heap.NULL));
      assertThat(heap.stats().liveObjects()).isEqualTo(3);
      assertThat(heap.externalCount(good)).isEqualTo(1);
      Spaces.verify(heap);
      heap.release(good);
      heap.release(holder);
    }
  }

  @Test
  void otherThreadsAndClosedHeapsAreRefused() {
    Heap heap = Heap.ofConfined();
    ObjectFactory factory = heap.factory(PAIR);
    long one = factory.allocate();
    long other = factory.allocate();
    for (Runnable call :
        List.<Runnable>of(
            factory::allocate,
            () -> factory.allocateOwning(one, other),
            () -> factory.getRef(one, 0))) {
      assertThatThrownBy(() -> CompletableFuture.runAsync(call).join())
          .hasCauseInstanceOf(WrongThreadException.class);
    }
    heap.close();
    assertThatThrownBy(factory::allocate).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> factory.allocateOwning(one, other))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> factory.getRef(one, 0)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void typesWithTailsHaveNone() {
    try (Heap heap = Heap.ofConfined()) {
      for (ObjectType type :
          List.of(ObjectType.referenceArray("array"), ObjectType.WEAK_REFERENCE)) {
        assertThatIllegalArgumentException().isThrownBy(() -> heap.factory(type));
      }
    }
  }
}
