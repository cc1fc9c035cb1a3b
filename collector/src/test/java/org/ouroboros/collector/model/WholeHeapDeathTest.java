package org.ouroboros.collector.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** When the last owned reference goes, a large heap dies as a whole, unless that could be seen. */
class WholeHeapDeathTest {

  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final ObjectType ARRAY = ObjectType.referenceArray("array");
  private static final int RINGS = 2000;

  @Test
  void ringsDieWithTheArrayThatHoldsThem() {
    try (Heap heap = heap(HeapMode.NORMAL)) {
      for (int round = 0; round < 3; round++) {
        long array = rings(heap);
        long borrowed = heap.getElement(array, 7);
        heap.release(array);
        assertThat(heap.stats().liveObjects()).isZero();
        assertThat(heap.stats().liveBytes()).isZero();
        assertThat(heap.isLive(borrowed)).isFalse();
        assertThat(heap.isLive(array)).isFalse();
        assertThat(heap.collector().collect()).isZero();
        // one by itself, and the one that was asked for
        assertThat(heap.collector().stats().get(2).collections()).isEqualTo(2L * (round + 1));
        assertThat(heap.collector().stats().get(2).collected()).isPositive();
        Spaces.verify(heap);
      }
    }
  }

  @Test
  void withAutomaticCollectionOffRingsWaitForTheCollector() {
    try (Heap heap = heap(HeapMode.NORMAL)) {
      heap.collector().disable();
      assertRingsAreCollected(heap);
      heap.collector().enable();
      heap.collector().setThreshold(0);
      assertRingsAreCollected(heap);
    }
  }

  @Test
  void ringsDieWithTheTreeOfSmallObjectsThatHoldsThem() {
    try (Heap heap = heap(HeapMode.NORMAL)) {
      for (int round = 0; round < 3; round++) {
        long tree = tree(heap, 12);
        heap.release(tree);
        assertThat(heap.stats().liveObjects()).isZero();
        assertThat(heap.collector().collect()).isZero();
        Spaces.verify(heap);
      }
    }
  }

  @Test
  void untilTheLastOwnedReferenceHasGoneRingsWaitForTheCollector() {
    try (Heap heap = heap(HeapMode.NORMAL)) {
      long other = rings(heap);
      long held = heap.getElement(other, 5);
      heap.retain(held);
      heap.release(rings(heap));
      assertThat(heap.stats().liveObjects()).isEqualTo(1 + 4L * RINGS);
      assertThat(heap.collector().collect()).isEqualTo(2 * RINGS);
      heap.release(other);
      assertThat(heap.stats().liveObjects()).isEqualTo(2L * RINGS);
      assertThat(heap.refCount(held)).isEqualTo(2);
      Spaces.verify(heap);
      heap.release(held);
      assertThat(heap.collector().collect()).isEqualTo(2 * RINGS);
    }
  }

  @Test
  void whereItCouldBeSeenRingsWaitForTheCollector() {
    try (Heap heap = heap(HeapMode.CHECKED)) {
      assertRingsAreCollected(heap);
    }
    HeapOptions told = HeapOptions.DEFAULT.withFreeListener((heap, ref) -> {});
    try (Heap heap = Heap.ofConfined(told)) {
      assertRingsAreCollected(withoutOtherCollections(heap));
    }
    try (Heap heap = heap(HeapMode.NORMAL)) {
      heap.collector()
          .addListener(
              new CollectionListener() {
                @Override
                public void onStart(int generation) {}

                @Override
                public void onStop(CollectionListener.Summary summary) {}
              });
      assertRingsAreCollected(heap);
    }
    try (Heap heap = heap(HeapMode.NORMAL)) {
      heap.release(heap.allocate(ObjectType.builder("final").finalizer((h, ref) -> {}).build()));
      assertRingsAreCollected(heap);
    }
    try (Heap heap = heap(HeapMode.NORMAL)) {
      long target = heap.allocate(PAIR);
      heap.release(heap.newWeak(target));
      heap.release(target);
      assertRingsAreCollected(heap);
    }
  }

  @Test
  void frozenObjectsKeepTheHeapAlive() {
    try (Heap heap = heap(HeapMode.NORMAL)) {
      long frozen = heap.allocate(PAIR);
      heap.setRef(frozen, 0, frozen);
      heap.collector().freeze();
      heap.release(frozen);
      heap.release(rings(heap));
      assertThat(heap.stats().liveObjects()).isEqualTo(1 + 2L * RINGS);
      assertThat(heap.collector().collect()).isEqualTo(2 * RINGS);
      assertThat(heap.getRef(frozen, 0)).isEqualTo(frozen);
    }
  }

  @Test
  void garbageThatIsToBeSavedIs() {
    try (Heap heap = heap(HeapMode.NORMAL)) {
      heap.collector().setDebug(DebugFlag.SAVE_ALL);
      assertRingsAreCollected(heap);
      assertThat(heap.collector().garbage().size()).isEqualTo(2 * RINGS);
      heap.collector().setDebug();
      heap.collector().garbage().clear();
      assertThat(heap.collector().collect()).isEqualTo(2 * RINGS);
    }
  }

  private static void assertRingsAreCollected(Heap heap) {
    heap.release(rings(heap));
    assertThat(heap.stats().liveObjects()).isEqualTo(2L * RINGS);
    assertThat(heap.collector().collect()).isEqualTo(2 * RINGS);
    Spaces.verify(heap);
  }

  private static Heap heap(HeapMode mode) {
    Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(mode));
    return withoutOtherCollections(heap);
  }

  /** Automatic collection is on, but no allocation makes one due. */
  private static Heap withoutOtherCollections(Heap heap) {
    heap.collector().setThreshold(Integer.MAX_VALUE);
    return heap;
  }

  /** An array that holds rings of two. */
  private static long rings(Heap heap) {
    long array = heap.allocate(ARRAY, RINGS);
    for (int i = 0; i < RINGS; i++) {
      long ring = ring(heap);
      heap.setElement(array, i, ring);
      heap.release(ring);
    }
    return array;
  }

  private static long ring(Heap heap) {
    long one = heap.allocate(PAIR);
    long other = heap.allocate(PAIR);
    heap.setRef(one, 0, other);
    heap.setRefMoved(other, 1, one);
    heap.retain(one);
    heap.release(other);
    return one;
  }

  /** A tree whose leaves hold rings. */
  private static long tree(Heap heap, int depth) {
    if (depth == 0) {
      return ring(heap);
    }
    long node = heap.allocate(PAIR);
    heap.setRefMoved(node, 0, tree(heap, depth - 1));
    heap.setRefMoved(node, 1, tree(heap, depth - 1));
    return node;
  }
}
