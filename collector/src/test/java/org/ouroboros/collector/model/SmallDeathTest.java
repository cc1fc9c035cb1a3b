package org.ouroboros.collector.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** Structures of small objects of many types that die together, near each other and apart. */
class SmallDeathTest {

  private static final int OBJECTS = 20_000;

  private static final List<ObjectType> TYPES =
      List.of(
          ObjectType.builder("leaf").field("value", ValueLayout.JAVA_LONG).build(),
          ObjectType.builder("one").references(1).build(),
          ObjectType.builder("two").references(2).build(),
          ObjectType.builder("three").field("value", ValueLayout.JAVA_INT).references(3).build(),
          ObjectType.builder("five").references(5).acyclic().build(),
          ObjectType.builder("eight").references(8).build(),
          ObjectType.builder("ten").references(10).build());

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void nothingIsLeftOfThemAndNothingElseDies(HeapOptions options) {
    for (int distance : new int[] {8, 300, OBJECTS}) {
      Random random = new Random(distance);
      try (Heap heap = Heap.ofConfined(options)) {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
          ObjectType type = TYPES.get(random.nextInt(100) < 60 ? 2 : random.nextInt(TYPES.size()));
          long made = heap.allocate(type);
          for (int slot = 0; slot < type.slotCount() && i > 0; slot++) {
            if (random.nextInt(4) > 0) {
              int back = 1 + random.nextInt(Math.min(i, distance));
              heap.setRef(made, type.slot(slot), all.get(i - back));
            }
          }
          all.add(made);
        }
        List<Long> kept = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
          if (i % 1000 == 500) {
            kept.add(all.get(i));
          } else {
            heap.release(all.get(i));
          }
        }
        Spaces.verify(heap);
        for (int i = kept.size() - 1; i >= 0; i--) {
          assertThat(heap.externalCount(kept.get(i))).isEqualTo(1);
          heap.release(kept.get(i));
        }
        assertThat(heap.stats().liveObjects()).isZero();
        assertThat(heap.stats().liveBytes()).isZero();
        Spaces.verify(heap);
      }
    }
  }

  /** Each node of the comb leaves one child waiting, more than there is room for. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void longCombsDieInEitherDirection(HeapOptions options) {
    ObjectType node = TYPES.get(2);
    for (int side = 0; side < 2; side++) {
      try (Heap heap = Heap.ofConfined(options)) {
        long comb = heap.allocate(node);
        for (int i = 0; i < 5000; i++) {
          long tooth = heap.allocateOwning(node, heap.allocate(node), Heap.NULL);
          comb =
              side == 0
                  ? heap.allocateOwning(node, comb, tooth)
                  : heap.allocateOwning(node, tooth, comb);
        }
        heap.collector().collect();
        heap.release(comb);
        assertThat(heap.stats().liveObjects()).isZero();
        assertThat(heap.stats().trackedObjects()).isZero();
        Spaces.verify(heap);
      }
    }
  }

  /** Dead siblings wait at each level, whichever slot is the one that goes on. */
  @Test
  void deepTreesWithLeavesInAllOtherSlots() {
    for (int deep = 0; deep < 6; deep++) {
      for (int from = 0; from <= 2; from += 2) {
        ObjectType wide = ObjectType.builder("wide " + deep + " " + from).references(6).build();
        try (Heap heap = Heap.ofConfined()) {
          long tree = heap.allocate(wide);
          for (int level = 0; level < 2_000; level++) {
            long node = heap.allocate(wide);
            for (int slot = from; slot < 6; slot++) {
              heap.setRefMoved(node, slot, slot == deep ? tree : heap.allocate(wide));
            }
            if (deep < from) {
              heap.setRefMoved(node, deep, tree);
            }
            tree = node;
          }
          heap.release(tree);
          assertThat(heap.stats().liveObjects()).isZero();
        }
      }
    }
  }
}
