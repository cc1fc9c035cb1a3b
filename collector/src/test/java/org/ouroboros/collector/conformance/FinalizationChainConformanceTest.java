package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakHandle;

/**
 * CPython's {@code CycleChainFinalizationTest}: rings of objects, doubly linked, some of which save
 * themselves or break the ring when they are finalized, and each of which looks whether its
 * neighbours are intact.
 */
class FinalizationChainConformanceTest extends ConformanceCase {

  private static final int LEFT = 0;
  private static final int RIGHT = 1;

  private final List<Long> finalized = new ArrayList<>();
  private final List<Long> survivors = new ArrayList<>();

  private final ObjectType simple = chained("simple", _ -> {});
  private final ObjectType resurrector =
      chained(
          "resurrector",
          self -> {
            heap.retain(self);
            survivors.add(self);
          });
  private final ObjectType suicidal =
      chained(
          "suicidal",
          self -> {
            heap.setBoolean(self, suicided(self), true);
            heap.setRef(self, LEFT, Heap.NULL);
            heap.setRef(self, RIGHT, Heap.NULL);
          });

  private interface SideEffect {
    void of(long self);
  }

  private ObjectType chained(String name, SideEffect sideEffect) {
    return ObjectType.builder(name)
        .references("left", "right")
        .field("suicided", ValueLayout.JAVA_BOOLEAN)
        .finalizer(
            (_, self) -> {
              finalized.add(self);
              checkSanity(self);
              sideEffect.of(self);
            })
        .build();
  }

  private long suicided(long ref) {
    return heap.typeOf(ref).offset("suicided");
  }

  private void checkSanity(long self) {
    assertThat(heap.getBoolean(self, suicided(self))).isFalse();
    long left = heap.getRef(self, LEFT);
    boolean leftIsGone = heap.getBoolean(left, suicided(left));
    assertThat(heap.getRef(left, RIGHT)).isEqualTo(leftIsGone ? Heap.NULL : self);
    long right = heap.getRef(self, RIGHT);
    boolean rightIsGone = heap.getBoolean(right, suicided(right));
    assertThat(heap.getRef(right, LEFT)).isEqualTo(rightIsGone ? Heap.NULL : self);
  }

  private long[] ring(ObjectType... types) {
    long[] ring = Arrays.stream(types).mapToLong(heap::allocate).toArray();
    for (int i = 0; i < ring.length; i++) {
      long left = ring[(i + ring.length - 1) % ring.length];
      heap.setRef(ring[i], LEFT, left);
      heap.setRef(left, RIGHT, ring[i]);
    }
    return ring;
  }

  private void checkNonResurrecting(int found, ObjectType... types) {
    long[] ring = ring(types);
    List<WeakHandle> weaks = Arrays.stream(ring).mapToObj(this::weak).toList();
    release(ring);
    assertThat(finalized).isEmpty();

    assertThat(collector.collect()).isEqualTo(found);

    assertThat(finalized).containsExactlyInAnyOrderElementsOf(boxed(ring));
    assertThat(survivors).isEmpty();
    assertThat(weaks).allSatisfy(weak -> assertThat(weak.get()).isEqualTo(Heap.NULL));
    assertDead(ring);
    assertThat(collector.collect()).isZero();
    assertThat(finalized).hasSameSizeAs(ring);
  }

  private void checkResurrecting(ObjectType... types) {
    long[] ring = ring(types);
    List<WeakHandle> weaks = Arrays.stream(ring).mapToObj(this::weak).toList();
    List<Long> expected =
        Arrays.stream(ring).filter(ref -> heap.typeOf(ref) == resurrector).boxed().toList();
    release(ring);

    collector.collect();

    assertThat(finalized).containsExactlyInAnyOrderElementsOf(boxed(ring));
    assertThat(survivors).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(weaks).allSatisfy(weak -> assertThat(weak.get()).isEqualTo(Heap.NULL));
    assertClosureSurvives(ring);

    survivors.forEach(heap::release);
    survivors.clear();
    collector.collect();
    assertThat(finalized).as("once each").hasSameSizeAs(ring);
    assertThat(survivors).isEmpty();
    assertDead(ring);
  }

  /** Alive is what the survivors reach, and nothing else. */
  private void assertClosureSurvives(long[] ring) {
    List<Long> reached = new ArrayList<>(survivors);
    for (int i = 0; i < reached.size(); i++) {
      for (long target : collector.referents(reached.get(i))) {
        if (!reached.contains(target)) {
          reached.add(target);
        }
      }
    }
    assertThat(Arrays.stream(ring).filter(heap::isLive).boxed().toList())
        .containsExactlyInAnyOrderElementsOf(reached);
  }

  private static List<Long> boxed(long[] refs) {
    return Arrays.stream(refs).boxed().toList();
  }

  @Test
  void cycleChainHomogenous() {
    checkNonResurrecting(3, simple, simple, simple);
  }

  @Test
  void cycleChainHomogenousResurrect() {
    checkResurrecting(resurrector, resurrector, resurrector);
  }

  @Test
  void cycleChainHomogenousSuicidal() {
    checkNonResurrecting(0, suicidal, suicidal, suicidal);
  }

  @Test
  void cycleChainHeterogenousSuicidalOne() {
    // Each plain object loses both its neighbours, and so dies before trash is counted.
    checkNonResurrecting(0, suicidal, simple, suicidal, simple);
  }

  @Test
  void cycleChainHeterogenousSuicidalTwo() {
    // The two plain ones keep each other, and hold the two others.
    checkNonResurrecting(4, suicidal, suicidal, simple, simple);
  }

  @Test
  void cycleChainHeterogenousResurrectOne() {
    checkResurrecting(resurrector, simple, resurrector, simple);
  }

  @Test
  void cycleChainHeterogenousResurrectTwo() {
    checkResurrecting(resurrector, simple, suicidal, resurrector, simple, suicidal);
  }

  @Test
  void cycleChainHeterogenousResurrectThree() {
    checkResurrecting(resurrector, resurrector, simple, simple, suicidal, suicidal);
  }
}
